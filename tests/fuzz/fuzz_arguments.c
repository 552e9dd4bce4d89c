// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The command line: the first byte is the command, the others are its words, with a NUL between them. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/number.h"
#include "cmd/options.h"
#include "cmd/target.h"
#include "fuzz.h"

enum { MOST_WORDS = 32 };

static int any_ports(uint16_t first, uint16_t last, void *context)
{
	(void)context;
	fuzz_expect(first <= last);
	return 0;
}

static void parse_values(const char *word)
{
	struct target target;
	const char *why;
	uint64_t value;

	if (target_parse(word, &target, &why))
		fuzz_expect(why && *why);
	number_ports(word, any_ports, NULL);
	number_duration(word, &value);
	number_size(word, &value);
	clock_parse_rfc3339(word, &value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *words[MOST_WORDS + 2] = { "bindtrace" }, *all;
	static struct options options;
	int n_words = 1;

	if (!n)
		return 0;
	all = fuzz_string(data + 1, n - 1);
	for (char *at = all; at < all + n && n_words <= MOST_WORDS; at += strlen(at) + 1) {
		parse_values(at);
		words[n_words++] = at;
	}
	options = (struct options){ .source.hook = -1 };
	if (!options_parse(&options, 1u << data[0] % 8, n_words, words))
		fuzz_expect(options.n_operands >= 0 && options.n_operands < n_words);
	if (options.source.filter.by_cgroup)
		close(options.source.cgroup_fd);
	free(all);
	return 0;
}
