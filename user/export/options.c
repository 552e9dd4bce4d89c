// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/export_rows.h"
#include "base/log.h"
#include "base/number.h"
#include "export/address.h"

enum { EXPORTS = 1, MOST_PORT_SERIES = 1000 };

/* A line of a stream is 4 KB; of the longest one that can be, some must fit. */
enum { QUEUE_BYTES = 16 << 20, LEAST_QUEUE_BYTES = 1 << 20, MOST_QUEUE_BYTES = 1 << 30 };

static int set_metrics(struct options *o, const char *arg)
{
	o->metrics = arg;
	if (address_is_valid(arg))
		return 0;
	log_error("'%s' is no place to serve metrics; write 9095, 0.0.0.0:9095 or [::]:9095", arg);
	return EINVAL;
}

static int set_otlp(struct options *o, const char *arg)
{
	o->otlp = arg;
	return 0;
}

static int set_otlp_interval(struct options *o, const char *arg)
{
	if (!number_duration(arg, &o->otlp_interval_ns) && o->otlp_interval_ns)
		return 0;
	log_error("'%s' is not a time; write --otlp-interval 15s or 1m", arg);
	return EINVAL;
}

static int set_otlp_gzip(struct options *o, const char *arg)
{
	(void)arg;
	o->otlp_gzip = true;
	return 0;
}

static int set_queue(struct options *o, const char *arg)
{
	if (!number_size(arg, &o->queue_bytes) && o->queue_bytes >= LEAST_QUEUE_BYTES &&
	    o->queue_bytes <= MOST_QUEUE_BYTES)
		return 0;
	log_error("--queue takes a size from 1M to 1G, not '%s'", arg);
	return EINVAL;
}

/* node_exporter reads no other */
static int set_textfile(struct options *o, const char *arg)
{
	const char *slash = strrchr(arg, '/'), *name = slash ? slash + 1 : arg;
	size_t n = strlen(name);

	o->textfile = arg;
	if (n > 5 && n < 256 && !strcmp(name + n - 5, ".prom"))
		return 0;
	log_error("--textfile takes a name that ends in .prom, not '%s'", arg);
	return EINVAL;
}

static int set_port_series(struct options *o, const char *arg)
{
	if (!number_u32(arg, &o->port_series) && o->port_series &&
	    o->port_series <= MOST_PORT_SERIES)
		return 0;
	log_error("--port-series takes a number from 1 to %d, not '%s'", MOST_PORT_SERIES, arg);
	return EINVAL;
}

static int set_state(struct options *o, const char *arg)
{
	o->state = arg;
	return 0;
}

static int set_user(struct options *o, const char *arg)
{
	o->user = arg;
	return 0;
}

static int set_journal(struct options *o, const char *arg)
{
	(void)arg;
	o->journal = true;
	return 0;
}

static int set_syslog(struct options *o, const char *arg)
{
	o->syslog = arg;
	return 0;
}

static int set_syslog_json(struct options *o, const char *arg)
{
	(void)arg;
	o->syslog_json = true;
	return 0;
}

static int set_child(struct options *o, const char *arg)
{
	(void)arg;
	o->child = true;
	return 0;
}

static int set_quiet(struct options *o, const char *arg)
{
	(void)arg;
	o->verbose = -1;
	return 0;
}

static int set_verbose(struct options *o, const char *arg)
{
	(void)arg;
	o->verbose++;
	return 0;
}

static int set_help(struct options *o, const char *arg)
{
	(void)arg;
	o->help = true;
	return 0;
}

static int set_version(struct options *o, const char *arg)
{
	(void)arg;
	o->version = true;
	return 0;
}

static const struct option_row rows[] = {
#define EXPORT_ROW(id, name, argument, help) { EXPORTS, 0, name, argument, help, set_##id },
	EXPORT_ROWS(EXPORT_ROW){ EXPORTS, 0, "child", NULL, NULL, set_child },
	{ EXPORTS, 0, "state", "FILE", "of a recording: go on where the one before has ended",
	  set_state },
	{ EXPORTS, 0, "user", "USER",
	  "become this user when started as root (default: bindtrace or nobody)", set_user },
	{ EXPORTS, 'v', "verbose", NULL, "say what is exported, and where to", set_verbose },
	{ EXPORTS, 'q', "quiet", NULL, "errors only", set_quiet },
	{ EXPORTS, 'h', "help", NULL, "this text", set_help },
	{ EXPORTS, 'V', "version", NULL, "version and what it was built with", set_version },
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
	       "fleet. It "
	       "needs\nno privilege, and gives up what it has. Standard input is read to its end; "
	       "FILE is "
	       "followed as it\ngrows, and into the files after it; at unix:PATH tracers may "
	       "connect.\n\n");
	arguments_help(&export_options_table, EXPORTS);
	printf("\nExamples:\n"
	       "  sudo bindtrace --json | bindtrace export --metrics 9095\n"
	       "  bindtrace export --state /var/lib/bindtrace/state --metrics 9095 trace.jsonl\n"
	       "\nExit status: 0 ok, 1 failed, 2 usage.\n");
}
