/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A line of a stream (docs/events.md), read once, in the form that every exporter is given it. */
#ifndef BT_EXPORT_LINE_H
#define BT_EXPORT_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/value.h"
#include "model/event.h"
#include "model/host.h"
#include "model/incident.h"
#include "model/totals.h"
#include "record/reader.h"
#include "source/replay.h"

enum line_kind {
	KIND_HEADER,
	KIND_FAILURE,
	KIND_FOLDED,
	KIND_RESOLVED,
	KIND_LOST,
	KIND_CLOCK,
	KIND_FOOTER,
	KIND_OTHER, /* of a newer bindtrace, or nothing that is exported: bound, check, socket */
};

/* Refusals of which only some lines tell, by the number of their incident. */
enum { STREAM_INCIDENTS = 4096 };

/* What the lines of a stream have in common, as far as it has been read. */
struct export_stream {
	struct host_facts host; /* of the latest header; sysctls are not read */
	char version[32];	/* of the bindtrace that wrote it */
	struct coverage coverage;
	struct {
		uint64_t incident;
		enum bt_reason reason;
		uint16_t error;
	} incidents[STREAM_INCIDENTS]; /* by number, the latest that falls there */
};

/* Everything is valid until the next line is read. */
struct export_line {
	const struct export_stream *stream;
	const char *bytes; /* without the newline: one JSON object, valid UTF-8 */
	size_t n;
	const struct value *object;
	struct value_tree tree; /* whose it is */
	struct replay_line about;
	enum line_kind kind;
	uint64_t refusals; /* that no line before has told of */
	bool reason_known; /* of these; false where nobody knows which refusals they were */
	enum bt_reason reason;
	uint16_t error;		    /* an errno; 0: not known */
	struct event *event;	    /* KIND_FAILURE */
	struct folded folded;	    /* KIND_FOLDED; key.pid 0: nobody knows like which */
	struct repeat repeat;	    /* KIND_FOLDED */
	struct resolution story;    /* KIND_RESOLVED */
	struct process winner;	    /* KIND_RESOLVED: who got it */
	uint64_t lost;		    /* KIND_LOST: refusals */
	char stage[24];		    /* KIND_LOST: where */
	struct clock_change change; /* KIND_CLOCK */
	struct totals totals;	    /* KIND_FOOTER */
	bool goes_on;		    /* KIND_FOOTER: of a file, not of the stream */
};

/*
 * Takes what reader_next() gave. NULL, or what is wrong with it, as one says it behind a line's number; then nothing
 * in *out may be used. export_line_free() lets go of it. The event is the caller's, as large as that is.
 */
const char *export_line_read(struct export_line *out, const struct line *line,
			     struct export_stream *stream, struct event *event);
void export_line_free(struct export_line *line);

#endif /* BT_EXPORT_LINE_H */
