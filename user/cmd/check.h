/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Between check.c (one trial and its answer) and wait.c (trial after trial). */
#ifndef BT_CHECK_H
#define BT_CHECK_H

#include "cmd/report.h"
#include "cmd/trier.h"

struct check {
	const struct options *o;
	struct target target;
	struct trier trier;
	struct capabilities caps;
	struct bpf_source *source;
	struct coverage coverage;
	struct host_facts host;
	struct text_options text;
	uint64_t seq;
	struct trial trial;
	struct answer answer;
	struct bt_record record; /* of the last trial */
	uint32_t len;		 /* 0: the tracer saw nothing of it */
	bool released;		 /* since this was last set to false, a socket on the port went */
	bool traced;		 /* event is that of the last trial */
	struct event event;
	struct look look;
	int err; /* of the sink */
};

/* Tries once; c->answer and, where the tracer saw it, c->event say what came out. 0 or -errno. */
int check_try(struct check *c);

/* Takes what the tracer has to say. */
void check_read(struct check *c);

/* The report of a refusal. */
void check_tell_refusal(struct check *c);

/* Tries until the answer is a good one or the time is over. 0 or -errno. */
int check_wait(struct check *c);

#endif /* BT_CHECK_H */
