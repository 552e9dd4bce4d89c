// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "base/clock.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
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

uint64_t clock_cpu_ns(void)
{
	return now_ns(CLOCK_THREAD_CPUTIME_ID);
}

/* A clock's time minus CLOCK_BOOTTIME. */
static int64_t offset_of(clockid_t id)
{
	uint64_t best = UINT64_MAX;
	int64_t offset = 0;

	/* the two clocks cannot be read at once: of some tries the tightest counts */
	for (int i = 0; i < 5; i++) {
		uint64_t before = now_ns(CLOCK_BOOTTIME);
		uint64_t other = now_ns(id);
		uint64_t after = now_ns(CLOCK_BOOTTIME);

		if (after - before < best) {
			best = after - before;
			offset = (int64_t)(other - (before + best / 2));
		}
	}
	return offset;
}

int64_t clock_offset_ns(void)
{
	return offset_of(CLOCK_REALTIME);
}

uint64_t clock_slept_ns(void)
{
	int64_t offset = offset_of(CLOCK_MONOTONIC);

	return offset < 0 ? (uint64_t)-offset : 0;
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

/* n digits at *s, which moves behind them; -1: they are not there */
static int digits(const char **s, int n)
{
	int value = 0;

	for (; n; n--, ++*s) {
		if (**s < '0' || **s > '9')
			return -1;
		value = 10 * value + (**s - '0');
	}
	return value;
}

/* One of "-", "T", ":" and the like, and n digits behind it. */
static int part(const char **s, const char *marks, int n)
{
	if (!**s || !strchr(marks, **s))
		return -1;
	++*s;
	return digits(s, n);
}

/* ".123456789": what is left out is 0 */
static void parse_fraction(const char **s, uint64_t *ns)
{
	uint64_t unit = NS_PER_S / 10;

	*ns = 0;
	if (**s != '.')
		return;
	for (++*s; **s >= '0' && **s <= '9'; ++*s, unit /= 10)
		*ns += unit * (uint64_t)(**s - '0');
}

/* "Z", "+01:00": seconds to take away from what is written */
static int parse_zone(const char *s, int64_t *seconds)
{
	bool west = *s == '-';
	int hours, minutes;

	*seconds = 0;
	if (!strcmp(s, "Z") || !strcmp(s, "z"))
		return 0;
	hours = part(&s, "+-", 2);
	minutes = hours < 0 ? -1 : part(&s, ":", 2);
	if (minutes < 0 || hours > 23 || minutes > 59 || *s)
		return -EINVAL;
	*seconds = (west ? -60 : 60) * (60 * hours + minutes);
	return 0;
}

/* Whole days from 1970 on, as the Gregorian calendar has them; timegm() takes ten times as long for it. */
static int64_t days_of(int year, int month, int day)
{
	static const int before[12] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
	int past = month > 2 ? year : year - 1; /* the last year whose 29 February may be over */
	int leaps = past / 4 - past / 100 + past / 400 - (1969 / 4 - 1969 / 100 + 1969 / 400);

	return 365 * (int64_t)(year - 1970) + leaps + before[month - 1] + day - 1;
}

int clock_parse_rfc3339(const char *s, uint64_t *realtime_ns)
{
	int year, month, day, hour, minute, second;
	int64_t seconds, zone;
	uint64_t ns;

	if ((year = digits(&s, 4)) < 1970 || year > 2553 || (month = part(&s, "-", 2)) < 1 ||
	    month > 12 || (day = part(&s, "-", 2)) < 1 || day > 31 ||
	    (hour = part(&s, "Tt ", 2)) < 0 || hour > 23 || (minute = part(&s, ":", 2)) < 0 ||
	    minute > 59 || (second = part(&s, ":", 2)) < 0 || second > 60)
		return -EINVAL;
	parse_fraction(&s, &ns);
	if (parse_zone(s, &zone))
		return -EINVAL;
	seconds = 86400 * days_of(year, month, day) + 3600 * hour + 60 * minute + second - zone;
	if (seconds < 0)
		return -EINVAL;
	*realtime_ns = (uint64_t)seconds * NS_PER_S + ns;
	return 0;
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
