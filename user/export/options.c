// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/options.h"

#include <stdio.h>
#include <string.h>

#include "base/export_rows.h"
#include "base/log.h"
#include "export/address.h"

enum { EXPORTS = 1 };

/* A line of a stream is 4 KB; of the longest one that can be, some must fit. */
enum { QUEUE_BYTES = 16 << 20, LEAST_QUEUE_BYTES = 1 << 20, MOST_QUEUE_BYTES = 1 << 30 };

static int set_metrics(struct options *o, const char *arg)
{
	o->metrics = arg;
	if (address_is_valid(arg))
		return 0;
	return argument_refuse("metrics", "a place such as 9095, 0.0.0.0:9095 or [::]:9095", arg);
}

/* node_exporter reads no other */
static int set_textfile(struct options *o, const char *arg)
{
	const char *slash = strrchr(arg, '/'), *name = slash ? slash + 1 : arg;
	size_t n = strlen(name);

	o->textfile = arg;
	if (n > 5 && n < 256 && !strcmp(name + n - 5, ".prom"))
		return 0;
	return argument_refuse("textfile", "a name that ends in .prom", arg);
}

/* How each of EXPORT_ROWS is read. */
#define AS_metrics	 .set = set_metrics
#define AS_textfile	 .set = set_textfile
#define AS_port_series	 OPTION_U32(port_series, 1, 1000, "a number from 1 to 1000")
#define AS_journal	 OPTION_FLAG(journal)
#define AS_syslog	 OPTION_STRING(syslog)
#define AS_syslog_json	 OPTION_FLAG(syslog_json)
#define AS_otlp		 OPTION_STRING(otlp)
#define AS_otlp_interval OPTION_DURATION(otlp_interval_ns)
#define AS_otlp_gzip	 OPTION_FLAG(otlp_gzip)
#define AS_queue                                                                                   \
	OPTION_SIZE(queue_bytes, LEAST_QUEUE_BYTES, MOST_QUEUE_BYTES, "a size from 1M to 1G")

static const struct option_row rows[] = {
#define EXPORT_ROW(id, name, argument, help) { EXPORTS, 0, name, argument, help, AS_##id },
	EXPORT_ROWS(EXPORT_ROW){ EXPORTS, 0, "child", NULL, NULL, OPTION_FLAG(child) },
	{ EXPORTS, 0, "state", "FILE", "of a recording: go on where the one before has ended",
	  OPTION_STRING(state) },
	{ EXPORTS, 0, "user", "USER",
	  "become this user when started as root (default: bindtrace or nobody)",
	  OPTION_STRING(user) },
	{ EXPORTS, 'v', "verbose", NULL, "say what is exported, and where to",
	  OPTION_LEVEL(verbose) },
	{ EXPORTS, 'q', "quiet", NULL, "errors only", OPTION_QUIET(verbose) },
	{ EXPORTS, 'h', "help", NULL, "this text", OPTION_FLAG(help) },
	{ EXPORTS, 'V', "version", NULL, "version and what it was built with",
	  OPTION_FLAG(version) },
};

const struct option_table export_options_table = { rows, sizeof(rows) / sizeof(*rows) };

int export_options_parse(struct options *o, int argc, char **argv)
{
	int first;

	o->queue_bytes = QUEUE_BYTES;
	first = arguments_parse(&export_options_table, o, EXPORTS, argc, argv);

	if (first < 0)
		return EXIT_USAGE;
	if (argc - first > 1) {
		log_error("export reads one stream, and '%s' would be a second one",
			  argv[first + 1]);
		return EXIT_USAGE;
	}
	if (o->syslog_json && !o->syslog) {
		log_error("--syslog-json says how --syslog is to write; there is none");
		return EXIT_USAGE;
	}
	if ((o->otlp_gzip || o->otlp_interval_ns) && !o->otlp) {
		log_error(
			"--otlp-gzip and --otlp-interval say how --otlp is to send; there is none");
		return EXIT_USAGE;
	}
	o->input = argv[first];
	return EXIT_OK;
}

void export_options_help(void)
{
	printf("Usage: bindtrace export [OPTION...] [FILE|unix:PATH]\n\n"
	       "Hands the events of bindtrace --json, or of a recording, to the systems of a "
	       "fleet. It needs\n"
	       "no privilege, and gives up what it has. Standard input is read to its end; "
	       "FILE is followed as it\n"
	       "grows, and into the files after it; at unix:PATH tracers may connect.\n\n");
	arguments_help(&export_options_table, EXPORTS);
	printf("\nExamples:\n"
	       "  sudo bindtrace --json | bindtrace export --metrics 9095\n"
	       "  bindtrace export --state /var/lib/bindtrace/state --metrics 9095 trace.jsonl\n"
	       "\nExit status: 0 ok, 1 failed, 2 usage.\n");
}
