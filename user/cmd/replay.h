/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The lines of recordings, one after the other: filtered, told as they were told live, and added up. */
#ifndef BT_CMD_REPLAY_H
#define BT_CMD_REPLAY_H

#include "cmd/options.h"
#include "cmd/storyteller.h"
#include "cmd/streams.h"
#include "sink/text.h"

struct replay_report {
	const struct options *o;
	struct text_options text;
	struct stream *streams;
	unsigned n;
	struct counts told; /* by recording and incident: refusals the reader knows of */
	struct storyteller tales;
	struct event event;
	struct progress progress;
	uint64_t runs;
	bool narrowed;	    /* filters leave events out */
	bool several_hosts; /* by the first lines of the files */
	bool silent;	    /* a document is made: no event is told as it was live */
	char host[65];	    /* the first one */
	int err;	    /* of the output: the first thing that went wrong with it */
};

/* Tells the line that the stream is at. */
void replay_tell(struct replay_report *r, struct stream *s);

#endif /* BT_CMD_REPLAY_H */
