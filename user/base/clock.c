/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "base/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#define NS_PER_S 1000000000ull

static uint64_t now_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

uint64_t clock_boottime_ns(void)
{
	return now_ns(CLOCK_BOOTTIME);
}

int64_t clock_offset_ns(void)
{
	uint64_t best = UINT64_MAX;
	int64_t offset = 0;

	/* the two clocks cannot be read at once: of some tries the tightest counts */
	for (int i = 0; i < 5; i++) {
		uint64_t before = now_ns(CLOCK_BOOTTIME);
		uint64_t real = now_ns(CLOCK_REALTIME);
		uint64_t after = now_ns(CLOCK_BOOTTIME);

		if (after - before < best) {
			best = after - before;
			offset = (int64_t)(real - (before + best / 2));
		}
	}
	return offset;
}

uint64_t clock_realtime_ns(uint64_t boottime_ns, int64_t offset_ns)
{
	return boottime_ns + (uint64_t)offset_ns;
}

void clock_rfc3339(uint64_t realtime_ns, char out[CLOCK_TEXT])
{
	time_t seconds = (time_t)(realtime_ns / NS_PER_S);
	struct tm tm;
	size_t n;

	gmtime_r(&seconds, &tm);
	n = strftime(out, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out + n, CLOCK_TEXT - n, ".%09" PRIu64 "Z", (uint64_t)(realtime_ns % NS_PER_S));
}

void clock_local(uint64_t realtime_ns, int decimals, char out[CLOCK_TEXT])
{
	time_t seconds = (time_t)(realtime_ns / NS_PER_S);
	struct tm tm;
	size_t n;

	localtime_r(&seconds, &tm);
	n = strftime(out, CLOCK_TEXT, "%H:%M:%S", &tm);
	if (decimals <= 0)
		return;
	snprintf(out + n, CLOCK_TEXT - n, ".%09" PRIu64, (uint64_t)(realtime_ns % NS_PER_S));
	if (decimals < 9)
		out[n + 1 + (size_t)decimals] = '\0';
}

void clock_add_span(struct text *t, uint64_t ns)
{
	uint64_t s = ns / NS_PER_S;

	if (s < 100)
		text_printf(t, "%" PRIu64 ".%" PRIu64 " s", s,
			    (uint64_t)(ns / (NS_PER_S / 10) % 10));
	else if (s < 120 * 60)
		text_printf(t, "%" PRIu64 " min", s / 60);
	else if (s < 48 * 3600)
		text_printf(t, "%" PRIu64 " h", s / 3600);
	else
		text_printf(t, "%" PRIu64 " d", s / 86400);
}

void clock_add_wait(struct text *t, uint64_t ns)
{
	uint64_t tenths = ns / (NS_PER_S / 10) + !!(ns % (NS_PER_S / 10));

	if (tenths < 1000)
		text_printf(t, "%" PRIu64 ".%" PRIu64 " s", tenths / 10, tenths % 10);
	else if (tenths <= 6000)
		text_printf(t, "%" PRIu64 " s", (tenths + 9) / 10);
	else
		text_printf(t, "%" PRIu64 " min", (tenths + 599) / 600);
}
