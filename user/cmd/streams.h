/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The lines of several recordings as one stream, in the order of time. Says what is wrong with a line. */
#ifndef BT_CMD_STREAMS_H
#define BT_CMD_STREAMS_H

#include "cmd/progress.h"
#include "record/reader.h"
#include "source/replay.h"

struct stream {
	const char *path; /* "-" is standard input */
	int fd;
	struct reader reader;
	struct line line;	    /* the next one; valid while object is */
	const struct value *object; /* NULL: there is none left */
	struct value_tree tree;	    /* whose it is */
	struct replay_line about;
	uint64_t order_ns;  /* never less than that of the line before: a file keeps its order */
	uint64_t offset_ns; /* of the wall clock to the one since boot, at the line before */
	uint64_t boottime_ns;
	uint64_t unusable;    /* lines */
	uint64_t file_number; /* in its recording; 0: not known */
	uint64_t run;	      /* which recording it belongs to; the reader's */
	uint64_t unknown;     /* lines of a kind that nobody here knows */
	bool follows;	      /* it goes on where the file given before it ends */
	bool late;	      /* files of its recording that come before it are not given */
	bool goes_on;	      /* its footer says that another file comes after it */
	bool footer;	      /* it has an end */
	bool any;	      /* a line of it could be used */
	bool failed; /* it could not be read to its end, is of another schema, or no line could be used */
};

/* What messages call it. */
const char *stream_name(const struct stream *s);

/*
 * Opens the file and goes to its first line. before: the file given before it, at its first line; NULL: there is none.
 * p is told how far the reading comes. 0 or -errno, which has been printed.
 */
int stream_open(struct stream *s, const char *path, const struct stream *before,
		struct progress *p);

/* Goes to the next line that can be used. */
void stream_next(struct stream *s);

/* A line that could not be used after all: "wrong" is the key. */
void stream_complain(struct stream *s, const char *wrong);

/*
 * The one whose line is next, which is the earliest; NULL: all have ended. A file that goes on where the one before it
 * ends comes behind it whatever the clock said.
 */
struct stream *streams_first(struct stream *streams, unsigned n);

/* Lets go of it; one that could not be opened is fine. */
void stream_close(struct stream *s);

#endif /* BT_CMD_STREAMS_H */
