/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Lines that the sink has written once, with marks where values of ours go: so they are as it writes them, and come fast.
 */
#ifndef MARKED_H
#define MARKED_H

#include "sink/json.h"

#define SECOND	 1000000000ull
#define BEGAN_S	 1795824000ull /* 2026-11-28, midnight: the day that is told of */
#define UPTIME_S 86400ull      /* of the host, then */

enum { TIME_WAIT_S = 60 };

/* What stands in the lines of the sink. */
enum { MARK_PID = 4111111, MARK_PORT = 65111, MARK_SEQ = 61111111, MARK_INCIDENT = 62222222 };
enum { MARK_COUNT = 63333333, MARK_ADDS = 64444444 };
#define MARK_S	      50000ull /* of times, from midnight on */
#define MARK_TIME_NS  ((BEGAN_S + MARK_S) * SECOND)
#define MARK_BOOT_NS  ((UPTIME_S + MARK_S) * SECOND)
#define MARK_FIRST_NS (MARK_BOOT_NS - SECOND) /* of first_time */
#define MARK_AFTER_NS (SECOND + SECOND / 2)   /* of after_s */

/* TIME, FIRST (of first_time) and FREES are told from midnight on, in ns; AFTER is a span. */
enum field {
	END,
	SEQ,
	PID,
	PORT,
	INCIDENT,
	COUNT,
	ADDS,
	BOOTTIME,
	TIME,
	FIRST,
	FREES,
	AFTER,
	N_FIELDS
};

enum { MOST_PIECES = 32 };

struct marked {
	char *bytes;
	unsigned n;
	struct {
		const char *text;
		size_t n;
		enum field then;
	} pieces[MOST_PIECES];
};

/* Takes the line that the sink has written to this file, which is then empty, and cuts it at its marks. */
void marked_take(struct marked *line, int file);

/* Writes it to standard output, with these values. */
void marked_write(const struct marked *line, const uint64_t values[N_FIELDS]);

/* Ends the program when err is not 0. */
void must(int err, const char *what);

#endif /* MARKED_H */
