/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One file of a recording, read as it grows. A line without its end is none yet: it may grow, or be taken back. */
#ifndef BT_EXPORT_TAIL_H
#define BT_EXPORT_TAIL_H

#include "export/position.h"
#include "record/reader.h"

struct tail {
	int fd;		    /* -1: there is none */
	struct position at; /* at.offset: where the next line begins; at.after is the caller's */
	uint64_t resume;    /* lines before it have been delivered */
	bool skips;	    /* up to the next line's begin */
	struct reader reader;
};

/*
 * Reads from fd, which is its own from now on, and closes the one before. Lines before resume are recalled: the first
 * one, and those that stand close before it.
 */
void tail_begin(struct tail *t, int fd, uint64_t resume);
void tail_end(struct tail *t);

/* 1 and the next line, of which *before says whether it is a recalled one; 0: there is none now; or -errno. */
int tail_line(struct tail *t, struct line *line, bool *before);

/* Whether it has become shorter than what was read of it: that is said, and what is written from then on is read. */
bool tail_has_shrunk(struct tail *t, const char *name);

/* Whether there is something behind the last line: the beginning of one. */
bool tail_is_cut_short(const struct tail *t);

/* Whether everything before at.offset is delivered once the last line is. */
bool tail_is_placed(const struct tail *t);

#endif /* BT_EXPORT_TAIL_H */
