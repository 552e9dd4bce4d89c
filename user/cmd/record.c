// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* bindtrace record: trace, into sealed files. */
#include "base/log.h"
#include "cmd/commands.h"

int command_record(struct options *options)
{
	const struct files_bounds *bounds = &options->recording.bounds;

	if (!options->output) {
		log_error("record needs a file to record to: bindtrace record -o FILE");
		return EXIT_USAGE;
	}
	if (bounds->budget && bounds->max_size > bounds->budget / 2) {
		log_error("--max-size may be half of --budget at most: the oldest file must be "
			  "able to go while the newest one grows");
		return EXIT_USAGE;
	}
	options->json = true;
	options->recording.on = true;
	return command_trace(options);
}
