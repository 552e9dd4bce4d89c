// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What an exporter reads, and the metrics that come of it: whatever the bytes, the pages are of their format, which is
 * one sample or one comment a line, and in UTF-8.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "export/input.h"
#include "export/prometheus_text.h"
#include "fuzz.h"

static struct metrics *m;

static void look_at(enum prometheus_format format)
{
	char *page = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&page, &n);

	fuzz_expect(!prometheus_text(out, m, 1, format) && !fclose(out));
	fuzz_expect(text_is_utf8(page, n));
	for (char *at = page, *end; *at; at = end + 1) {
		end = strchr(at, '\n');
		fuzz_expect(end && end > at);
		*end = '\0';
		fuzz_expect(!strncmp(at, "# ", 2) || !strncmp(at, "bindtrace_", 10));
		fuzz_expect(*at == '#' || strtod(strrchr(at, ' '), &at) >= 0);
	}
	free(page);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct event event;
	struct export_line line;
	struct input_line read;
	struct input *in;

	fuzz_expect(dup2(fuzz_file(data, n), STDIN_FILENO) == STDIN_FILENO);
	m = metrics_new(4);
	fuzz_expect(!input_open(&in, NULL, NULL));
	while (input_next(in, &read) == 1) {
		if (export_line_read(&line, &read.line, read.stream, &event))
			continue;
		metrics_line(m, &line);
		export_line_free(&line);
	}
	input_close(in);
	look_at(PROMETHEUS_FILE);
	metrics_free(m);
	return 0;
}
