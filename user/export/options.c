// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/options.h"

#include <stdio.h>

#include "base/export_rows.h"
#include "base/log.h"

enum { EXPORTS = 1 };

static int set_metrics(struct options *o, const char *arg)
{
	o->metrics = arg;
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
	{ EXPORTS, 'v', "verbose", NULL, "say what is exported, and where to", set_verbose },
	{ EXPORTS, 'q', "quiet", NULL, "errors only", set_quiet },
	{ EXPORTS, 'h', "help", NULL, "this text", set_help },
	{ EXPORTS, 'V', "version", NULL, "version and what it was built with", set_version },
};

static const struct option_table table = { rows, sizeof(rows) / sizeof(*rows) };

int export_options_parse(struct options *o, int argc, char **argv)
{
	int first = arguments_parse(&table, o, EXPORTS, argc, argv);

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
	o->input = argv[first];
	return EXIT_OK;
}

void export_options_help(void)
{
	printf("Usage: bindtrace export [OPTION...] [FILE]\n\n"
	       "Hands the events of bindtrace --json, or of a recording, to the systems of a "
	       "fleet. It "
	       "needs no\nprivilege, and gives up what it has.\n\n");
	arguments_help(&table, EXPORTS);
	printf("\nExit status: 0 ok, 1 failed, 2 usage.\n");
}
