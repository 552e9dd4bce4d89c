// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A record of the ring buffer, and behind it the sharers of its holders: into an event, judged and printed. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "sink/json.h"
#include "sink/text.h"
#include "source/decode.h"
#include "verdict/verdict.h"

enum { HEAD = offsetof(struct bt_record, holders), MOST_SHARERS = 128 };

/* How many of the bytes are the record, if they say so themselves. */
static size_t record_length(const uint8_t *data, size_t n)
{
	struct bt_record head;
	size_t len;

	if (n < HEAD)
		return n;
	memcpy(&head, data, HEAD);
	len = HEAD + (size_t)head.n_holders * sizeof(struct bt_holder);
	return len < n ? len : n;
}

static void take_sharers(struct event *e, const uint8_t *data, size_t n)
{
	static struct bt_sharer sharers[MOST_SHARERS];
	size_t count = n / sizeof(*sharers);

	count = count < MOST_SHARERS ? count : MOST_SHARERS;
	memcpy(sharers, data, count * sizeof(*sharers));
	decode_sharers(e, sharers, (unsigned)count);
}

static void print(const struct event *e)
{
	static const struct text_options options = { .wide = true, .verbose = 1 };
	static const struct coverage coverage;
	static const struct host_facts host;
	static int out = -1;

	if (out < 0)
		out = open("/dev/null", O_WRONLY | O_CLOEXEC);
	fuzz_expect(!text_event(out, &options, e));
	fuzz_expect(!json_event(out, e, &host, &coverage));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	size_t len = record_length(data, n);
	void *record = malloc(len);
	static struct event e;

	memcpy(record, data, len);
	if (!decode_record(&e, record, (uint32_t)len)) {
		take_sharers(&e, data + len, n - len);
		verdict_judge(&e);
		print(&e);
	}
	free(record);
	return 0;
}
