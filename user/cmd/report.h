/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* From the records of a source to what the reader sees: folded, judged, printed, followed to their end. */
#ifndef BT_REPORT_H
#define BT_REPORT_H

#include "base/allowance.h"
#include "cmd/fold.h"
#include "cmd/incident.h"
#include "cmd/look.h"
#include "cmd/options.h"
#include "model/host.h"
#include "model/totals.h"
#include "sink/json.h"
#include "sink/text.h"

struct recording;
struct exporting;

struct report {
	const struct options *o;
	struct bpf_source *source;
	bool lines;		     /* JSON lines are made */
	int out;		     /* where they, or text, are written to */
	int copy;		     /* of an exporter: who else gets the lines; -1: nobody */
	int page;		     /* where text is written to; -1: nowhere */
	struct recording *recording; /* takes each line from there; NULL: nobody */
	struct exporting *exporting; /* ... before it; NULL: nobody */
	bool brief;		     /* text without first and last line */
	struct coverage coverage;
	struct host_facts host;
	struct text_options text;
	struct totals totals;
	struct fold_table folds;
	struct incident_table incidents;
	struct event event;
	struct bt_record queue[LOOK_RECORDS];
	uint32_t lengths[LOOK_RECORDS];
	unsigned queued;
	struct look look;
	unsigned looked_from; /* the record of the queue with which the look begins */
	bool looked;	      /* ... and which goes on to the queue's end */
	bool may_look_again;  /* into what was told a moment ago, while this queue is told */
	struct allowance looks_again;
	uint64_t seq;
	uint64_t heard;	    /* refusals that came, folded here or not */
	uint64_t told_of;   /* refusals the reader knows of, by a line of their own or by a count */
	uint64_t lost_told; /* lost refusals the reader knows of */
	int err;	    /* of the sink: the first thing that went wrong with the output */
	bool enough;	    /* --count is reached */
	bool more;	    /* reading stopped with records left */
	uint64_t beyond;    /* refusals that came after what --count asked for */
};

/* Colours, widths and the like, as the options say and out allows. */
struct text_options report_text_options(const struct options *o, int out);

/* Standard output, or standard error where that is the program's own. */
int report_spoken_to(const struct options *o);

/* Now, as a line that is no event is dated. */
struct json_moment report_moment(uint64_t *seq);

/*
 * Tells what waits in the source, a queue full at most: signals and the clock must get their turn in a storm
 * that never ends. Whether there was anything.
 */
bool report_read(struct report *r);

/* Says what was lost or folded since; whether something is still to be said a while later. */
bool report_tick(struct report *r);

/* Sees no more, tells what had been seen, and adds up. */
void report_finish(struct report *r);

#endif /* BT_REPORT_H */
