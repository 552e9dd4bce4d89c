// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * bindtrace-export: the events of a tracer, or of a recording, for the systems of a fleet. A program of its own, so
 * that no network library is ever mapped into the one that has root's power.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/version.h"
#include "export/options.h"
#include "export/run.h"

int main(int argc, char **argv)
{
	struct options options = { 0 };
	int status = export_options_parse(&options, argc, argv);

	if (status)
		return status;
	log_set_level(options.verbose > 1 ? LOG_LEVEL_DEBUG : (enum log_level)options.verbose);
	if (!options.help && !options.version)
		return export_run(&options);
	if (options.help)
		export_options_help();
	else
		printf("bindtrace-export " BINDTRACE_VERSION "\nschema bindtrace/1\n");
	if (!fflush(stdout))
		return EXIT_OK;
	log_error("cannot write to standard output: %s", strerror(errno));
	return EXIT_FAILED;
}
