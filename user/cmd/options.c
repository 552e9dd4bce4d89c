// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/number.h"
#include "cmd/filters.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

enum { MAX_ROWS = 40, FIRST_LONG = 256 };

static int set_attach(struct options *o, const char *arg)
{
	int hook;

	if (!strcmp(arg, "auto")) {
		o->source.hook = -1;
		return 0;
	}
	for (hook = 0; hook < BT_N_HOOKS; hook++) {
		if (!strcmp(arg, hook_name((unsigned)hook))) {
			o->source.hook = hook;
			return 0;
		}
	}
	log_error("'%s' is no way to attach; auto, fexit, kprobe_multi and tracepoint are", arg);
	return EINVAL;
}

static int set_color(struct options *o, const char *arg)
{
	static const char *const words[] = { "auto", "always", "never" };
	size_t i;

	for (i = 0; i < LENGTH(words); i++) {
		if (!strcmp(arg, words[i])) {
			o->color = (enum color)i;
			return 0;
		}
	}
	log_error("--color takes auto, always or never, not '%s'", arg);
	return EINVAL;
}

static int set_duration(struct options *o, const char *arg)
{
	if (!number_duration(arg, &o->duration_ns) && o->duration_ns)
		return 0;
	log_error("'%s' is not a time; write 90s, 1.5m or 1h", arg);
	return EINVAL;
}

static int set_count(struct options *o, const char *arg)
{
	if (!number_u64(arg, &o->count) && o->count)
		return 0;
	log_error("--count takes a number from 1 on, not '%s'", arg);
	return EINVAL;
}

static int set_json(struct options *o, const char *arg)
{
	(void)arg;
	o->json = true;
	return 0;
}

static int set_timestamps(struct options *o, const char *arg)
{
	(void)arg;
	o->timestamps = true;
	return 0;
}

static int set_wide(struct options *o, const char *arg)
{
	(void)arg;
	o->wide = true;
	return 0;
}

static int set_verbose(struct options *o, const char *arg)
{
	(void)arg;
	o->verbose++;
	return 0;
}

static int set_quiet(struct options *o, const char *arg)
{
	(void)arg;
	o->verbose = -1;
	return 0;
}

static int set_all(struct options *o, const char *arg)
{
	(void)arg;
	o->source.successes = true;
	return 0;
}

static int set_no_fold(struct options *o, const char *arg)
{
	(void)arg;
	o->no_fold = true;
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
	{ COMMAND_TRACE, 'p', "pid", "PID[,PID]", "only what these processes ask for",
	  filter_pids },
	{ COMMAND_TRACE, 'P', "port", "PORT[,A-B]", "only these ports, as they were asked for",
	  filter_ports },
	{ COMMAND_TRACE, 'c', "comm", "NAME", "only commands of this name; may be given again",
	  filter_comm },
	{ COMMAND_TRACE, 'u', "user", "USER[,USER]", "only these users, by name or number",
	  filter_users },
	{ COMMAND_TRACE, 'e', "errno", "ERRNO[,..]", "only these errors: EADDRINUSE,EACCES",
	  filter_errors },
	{ COMMAND_TRACE, 'g', "cgroup", "PATH", "only processes in this cgroup and below",
	  filter_cgroup },
	{ COMMAND_TRACE, 'n', "netns", "NAME|PATH", "only this network namespace (default: all)",
	  filter_netns },
	{ COMMAND_TRACE, 'a', "all", NULL, "calls that succeed too, a line each", set_all },
	{ COMMAND_TRACE, 0, "no-fold", NULL, "report every single refusal, also equal ones",
	  set_no_fold },
	{ COMMAND_TRACE, 0, "duration", "TIME", "stop after 90s, 1.5m, 1h", set_duration },
	{ COMMAND_TRACE, 0, "count", "N", "stop after N reports", set_count },
	{ COMMAND_TRACE | COMMAND_DOCTOR, 'j', "json", NULL, "JSON, an object a line", set_json },
	{ COMMAND_TRACE, 't', "timestamps", NULL, "date and time in UTC, to the nanosecond",
	  set_timestamps },
	{ COMMAND_TRACE, 'w', "wide", NULL, "command lines and cgroups in full", set_wide },
	{ COMMAND_TRACE | COMMAND_DOCTOR, 'v', "verbose", NULL,
	  "every holder, and more of the asker; -vv: libbpf's messages", set_verbose },
	{ COMMAND_TRACE, 'q', "quiet", NULL, "reports only: no first and no last line", set_quiet },
	{ COMMAND_TRACE, 0, "color", "WHEN", "auto (on a terminal, unless NO_COLOR), always, never",
	  set_color },
	{ COMMAND_TRACE, 0, "attach", "RUNG",
	  "auto, fexit, kprobe_multi or tracepoint (see doctor)", set_attach },
	{ COMMAND_TRACE | COMMAND_DOCTOR, 'h', "help", NULL, "this text", set_help },
	{ COMMAND_TRACE | COMMAND_DOCTOR, 'V', "version", NULL,
	  "version and what it was built with", set_version },
};

_Static_assert(LENGTH(rows) < MAX_ROWS, "room for the rows in getopt's tables");

static void fill_getopt(unsigned command, char letters[2 * MAX_ROWS + 2],
			struct option longs[MAX_ROWS])
{
	size_t i, n = 0, at = 0;

	letters[at++] = ':';
	for (i = 0; i < LENGTH(rows); i++) {
		if (!(rows[i].commands & command))
			continue;
		longs[n++] = (struct option){ rows[i].name,
					      rows[i].argument ? required_argument : no_argument,
					      NULL, FIRST_LONG + (int)i };
		if (!rows[i].letter)
			continue;
		letters[at++] = rows[i].letter;
		if (rows[i].argument)
			letters[at++] = ':';
	}
	letters[at] = '\0';
	longs[n] = (struct option){ 0 };
}

static const struct option_row *find_row(int which)
{
	size_t i;

	if (which >= FIRST_LONG)
		return &rows[which - FIRST_LONG];
	for (i = 0; i < LENGTH(rows); i++)
		if (rows[i].letter == which)
			return &rows[i];
	return NULL;
}

/* Which option it was: getopt names a letter within a group such as -vZ by optopt, a long one not at all. */
static int complain(int which, const char *word)
{
	char letter[] = { '-', (char)optopt, '\0' };
	const char *name = optopt && optopt < FIRST_LONG && strncmp(word, "--", 2) ? letter : word;

	if (which == '?')
		log_error("there is no option '%s'; --help lists them", name);
	else
		log_error("option '%s' needs an argument; --help says which", name);
	return EXIT_USAGE;
}

int options_parse(struct options *o, unsigned command, int argc, char **argv)
{
	char letters[2 * MAX_ROWS + 2];
	struct option longs[MAX_ROWS];
	int which;

	fill_getopt(command, letters, longs);
	opterr = 0;
	optind = 1;
	while ((which = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		if (which == '?' || which == ':')
			return complain(which, argv[optind - 1]);
		if (find_row(which)->set(o, optarg))
			return EXIT_USAGE;
	}
	if (optind < argc) {
		log_error("'%s' is not an option or a command; --help lists them", argv[optind]);
		return EXIT_USAGE;
	}
	return 0;
}

void options_help(unsigned command)
{
	char left[64];
	size_t i;

	for (i = 0; i < LENGTH(rows); i++) {
		if (!(rows[i].commands & command))
			continue;
		snprintf(left, sizeof(left), "%c%c%s --%s%s%s", rows[i].letter ? '-' : ' ',
			 rows[i].letter ? rows[i].letter : ' ', rows[i].letter ? "," : " ",
			 rows[i].name, rows[i].argument ? " " : "",
			 rows[i].argument ? rows[i].argument : "");
		printf("  %-26s %s\n", left, rows[i].help);
	}
}
