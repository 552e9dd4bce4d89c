/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Time: the kernel side counts in CLOCK_BOOTTIME, people and recordings in wall time. All in
 * nanoseconds.
 */
#ifndef BT_BASE_CLOCK_H
#define BT_BASE_CLOCK_H

#include <stdint.h>

#include "base/text.h"

enum { CLOCK_TEXT = 40 };

/* CLOCK_BOOTTIME as of now. */
uint64_t clock_boottime_ns(void);

/* What of a CPU this thread has taken so far, in the kernel too. */
uint64_t clock_cpu_ns(void);

/* CLOCK_REALTIME minus CLOCK_BOOTTIME as of now; it changes whenever somebody sets the clock. */
int64_t clock_offset_ns(void);

/* How long this boot has been suspended: CLOCK_BOOTTIME minus CLOCK_MONOTONIC, by which the kernel's timers go. */
uint64_t clock_slept_ns(void);

/* What happened to the clocks at once; the kernel's timers took no notice of it. */
struct clock_change {
	int64_t set_ns;	   /* the wall clock was set by so much; 0: it was not */
	uint64_t slept_ns; /* the machine was suspended for so long; 0: it was not */
};

/* The wall time of an instant of this boot, by an offset sampled near it. */
uint64_t clock_realtime_ns(uint64_t boottime_ns, int64_t offset_ns);

/* "2026-11-23T09:41:07.123456789Z" */
void clock_rfc3339(uint64_t realtime_ns, char out[CLOCK_TEXT]);

/*
 * The way back: up to nine decimals, "Z" or an offset such as "+01:00"; from 1970 until 2554, when 64 bits end.
 * 0 or -EINVAL.
 */
int clock_parse_rfc3339(const char *s, uint64_t *realtime_ns);

/* "09:41:07.123" in the local time zone; 0 to 9 decimals, the rest is dropped. */
void clock_local(uint64_t realtime_ns, int decimals, char out[CLOCK_TEXT]);

/* How long something has lasted: "0.8 s", "3 min", "5 h", "12 d"; rounded down. */
void clock_add_span(struct text *t, uint64_t ns);

/* How long to wait: "60.4 s", "140 s", "12 min"; rounded up, so that nobody comes too early. */
void clock_add_wait(struct text *t, uint64_t ns);

#endif /* BT_BASE_CLOCK_H */
