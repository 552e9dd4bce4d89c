// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A recording, told in words: the reader, JSON back into events, the storyteller and the sinks. */
#include "cmd/commands.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char path[32], *operands[] = { path, NULL };
	struct options options = {
		.wide = true, .verbose = 1, .operands = operands, .n_operands = 1
	};

	fuzz_file(data, n);
	for (int i = 0; i < 4; i++) {
		options.json = i == 1;
		options.markdown = i == 2;
		options.html = i == 3 ? "-" : NULL;
		__builtin_strcpy(path, fuzz_path());
		command_report(&options);
	}
	return 0;
}
