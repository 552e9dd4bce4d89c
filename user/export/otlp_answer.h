/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a collector answers, and when to try again. Nothing is believed of its bytes. */
#ifndef BT_OTLP_ANSWER_H
#define BT_OTLP_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest that a collector can have us wait by Retry-After. */
enum { OTLP_MOST_WAIT_S = 600 };

/* Of the body of an answer so much is read. */
enum { OTLP_MOST_ANSWER = 16 << 10, OTLP_MOST_MESSAGE = 200 };

/* Whether the specification has this HTTP status tried again. */
bool otlp_status_retries(long status);

/*
 * Retry-After, seconds or a date of HTTP, as nanoseconds from now on; now_s is Unix time. At most OTLP_MOST_WAIT_S,
 * 0 for a date that has passed, -1 for what is neither.
 */
int64_t otlp_retry_after(const char *value, int64_t now_s);

/*
 * How long to wait after so many failures (1..): from 1 s doubling to 30 s; by luck, of 32 bits, half of it at
 * least.
 */
uint64_t otlp_backoff_ns(unsigned failures, uint32_t luck);

struct otlp_partial {
	uint64_t rejected; /* log records or data points */
	char message[OTLP_MOST_MESSAGE];
};

/*
 * The answer to a request: partialSuccess of one that was taken, or the message of a Status of one that was not.
 * kind: "rejectedLogRecords" or "rejectedDataPoints". What is not there, or no JSON, is 0 and "".
 */
void otlp_partial_read(struct otlp_partial *out, const char *bytes, size_t n, const char *kind);

#endif /* BT_OTLP_ANSWER_H */
