/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Reads JSON Lines of which nothing is known: any bytes, lines of any length, an end anywhere. Memory is
 * bounded by READER_LONGEST. Nothing is printed; what is wrong with a line is an answer.
 */
#ifndef BT_RECORD_READER_H
#define BT_RECORD_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/value.h"

/* No line of bindtrace comes near it: an event with every list full and escaped has some 600 KB. */
enum { READER_LONGEST = 4 << 20 };

struct reader {
	int fd;
	char *buf;
	size_t size, begin, end; /* what has been read and not handed out is buf[begin..end) */
	uint64_t lines;
	bool eof;
	bool skips;	  /* the rest of a line that was too long is still to come */
	bool never_waits; /* the caller's to set: then -EAGAIN where there is no whole line yet */

	/* Unless NULL: called when more has been read, how many bytes, and how many lines were handed out since. */
	void (*on_read)(void *context, size_t bytes, uint64_t lines); /* the caller sets it */
	void *context;
	uint64_t lines_before;
};

/* A line, or what is there of it; valid until the next call. */
struct line {
	const char *bytes; /* the newline included */
	size_t n;
	uint64_t number; /* from 1 on */
	bool ended;	 /* by a newline; only the last line of a file and one too long are not */
	bool too_long;	 /* these are its first READER_LONGEST bytes; the rest is skipped */
};

/* Reads from fd, which stays the caller's. */
void reader_init(struct reader *r, int fd);
void reader_free(struct reader *r);

/* 1 and the next line, 0 at the end of the file, or -errno (-EISDIR, -ENOMEM, ...). */
int reader_next(struct reader *r, struct line *line);

/*
 * Forgets what has been read and not handed out, and that there was an end: the caller has moved the descriptor, or
 * the file has grown.
 */
void reader_restart(struct reader *r);

enum line_fault {
	LINE_FINE,
	LINE_NOT_ENDED, /* the file was cut short in it */
	LINE_TOO_LONG,
	LINE_NUL,
	LINE_NOT_UTF8,
	LINE_NOT_JSON,	   /* no object, or something behind it */
	LINE_NOT_OURS,	   /* no "schema", or another one than bindtrace's */
	LINE_OTHER_SCHEMA, /* a bindtrace schema, but not bindtrace/1 */
	LINE_NO_KIND,
	LINE_NO_MEMORY, /* nothing is known of it */
	N_LINE_FAULTS,
};

/*
 * The object a line is: *object is valid until the tree is used again, and set for LINE_FINE only.
 */
enum line_fault line_parse(const struct line *line, struct value_tree *tree,
			   const struct value **object);

/* "is not JSON": what one says of a line, behind its number. */
const char *line_fault_text(enum line_fault fault);

#endif /* BT_RECORD_READER_H */
