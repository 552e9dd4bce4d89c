// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/options.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "base/clock.h"
#include "base/export_rows.h"
#include "base/log.h"
#include "base/number.h"
#include "cmd/filters.h"
#include "cmd/recording.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

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

static int set_time(uint64_t *ns, const char *arg)
{
	if (!clock_parse_rfc3339(arg, ns))
		return 0;
	log_error("'%s' is not a time; write it as 2026-11-23T09:41:07Z, or with +01:00", arg);
	return EINVAL;
}

static int set_since(struct options *o, const char *arg)
{
	return set_time(&o->since_ns, arg);
}

static int set_until(struct options *o, const char *arg)
{
	return set_time(&o->until_ns, arg);
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

static int set_markdown(struct options *o, const char *arg)
{
	(void)arg;
	o->markdown = true;
	return 0;
}

static int set_html(struct options *o, const char *arg)
{
	o->html = arg;
	return 0;
}

static int set_print(struct options *o, const char *arg)
{
	(void)arg;
	o->print = true;
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

static int set_output(struct options *o, const char *arg)
{
	o->output = arg;
	return 0;
}

static int set_proto(struct options *o, const char *arg)
{
	if (!strcmp(arg, "tcp"))
		o->bind.protocol = IPPROTO_TCP;
	else if (!strcmp(arg, "udp"))
		o->bind.protocol = IPPROTO_UDP;
	else {
		log_error("--proto takes tcp or udp, not '%s'", arg);
		return EINVAL;
	}
	return 0;
}

static int set_reuseaddr(struct options *o, const char *arg)
{
	(void)arg;
	o->bind.reuseaddr = true;
	return 0;
}

static int set_reuseport(struct options *o, const char *arg)
{
	(void)arg;
	o->bind.reuseport = true;
	return 0;
}

static int set_v6only(struct options *o, const char *arg)
{
	(void)arg;
	o->bind.v6only = true;
	return 0;
}

static int set_listen(struct options *o, const char *arg)
{
	(void)arg;
	o->bind.listen = true;
	return 0;
}

static int set_user(struct options *o, const char *arg)
{
	o->bind.user = arg;
	return 0;
}

static int set_netns(struct options *o, const char *arg)
{
	o->netns = arg;
	return 0;
}

static int set_wait(struct options *o, const char *arg)
{
	o->bind.wait = true;
	if (!arg || (!number_duration(arg, &o->bind.wait_ns) && o->bind.wait_ns))
		return 0;
	log_error("'%s' is not a time; write --wait=90s, --wait=1.5m or --wait=1h", arg);
	return EINVAL;
}

static int add_export_word(struct options *o, const char *word)
{
	if (o->n_export_words == MAX_EXPORT_WORDS) {
		log_error("that is more than there can be to export to");
		return EINVAL;
	}
	o->export_words[o->n_export_words++] = word;
	return 0;
}

/* Handed on as they are: what they mean is the exporter's to say. */
#define EXPORT_SETTER(id, name, argument, help)                                                    \
	static int set_export_##id(struct options *o, const char *arg)                             \
	{                                                                                          \
		int err = add_export_word(o, "--" name);                                           \
                                                                                                   \
		return err || !arg ? err : add_export_word(o, arg);                                \
	}
EXPORT_ROWS(EXPORT_SETTER)

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

enum {
	PRINTS = COMMAND_TRACE,
	RECORDS = COMMAND_RECORD,
	TRACES = PRINTS | RECORDS,
	CHECKS = COMMAND_CHECK,
	LISTS = COMMAND_PORTS,
	VERIFIES = COMMAND_VERIFY,
	REPORTS = COMMAND_REPORT,
	NARROWS = TRACES | REPORTS,
	JSON = PRINTS | COMMAND_DOCTOR | CHECKS | LISTS | REPORTS,
	LIVE = JSON | RECORDS,
	ALL = LIVE | VERIFIES | COMMAND_KEYGEN,
};

static const struct option_row rows[] = {
	{ NARROWS, 'p', "pid", "PID[,PID]", "only what these processes ask for", filter_pids },
	{ NARROWS, 'P', "port", "PORT[,A-B]", "only these ports, as they were asked for",
	  filter_ports },
	{ TRACES, 'c', "comm", "NAME", "only commands of this name; may be given again",
	  filter_comm },
	{ TRACES, 'u', "user", "USER[,USER]", "only these users, by name or number", filter_users },
	{ NARROWS, 'e', "errno", "ERRNO[,..]", "only these errors: EADDRINUSE,EACCES",
	  filter_errors },
	{ REPORTS, 0, "since", "TIME", "only from then on: 2026-11-23T09:41:07Z", set_since },
	{ REPORTS, 0, "until", "TIME", "only what came before", set_until },
	{ TRACES, 'g', "cgroup", "PATH", "only processes in this cgroup and below", filter_cgroup },
	{ TRACES, 'n', "netns", "NAME|PATH", "only this network namespace (default: all)",
	  filter_netns },
	{ TRACES, 'a', "all", NULL, "calls that succeed too, a line each", set_all },
	{ TRACES, 0, "no-fold", NULL, "report every single refusal, also equal ones", set_no_fold },
	{ TRACES, 0, "buffer", "SIZE", "room for refusals that wait to be read (default: 4M)",
	  .set = set_buffer },
	{ TRACES, 0, "duration", "TIME", "stop after 90s, 1.5m, 1h", set_duration },
	{ TRACES, 0, "count", "N", "stop after N reports", set_count },
	{ CHECKS | LISTS, 0, "proto", "tcp|udp",
	  "check: tcp (unix: stream) unless told; ports: both", set_proto },
	{ CHECKS, 0, "reuseaddr", NULL, "the socket sets SO_REUSEADDR", set_reuseaddr },
	{ CHECKS, 0, "reuseport", NULL, "the socket sets SO_REUSEPORT", set_reuseport },
	{ CHECKS, 0, "v6only", NULL, "the socket sets IPV6_V6ONLY", set_v6only },
	{ CHECKS, 0, "listen", NULL, "listen() too, for an instant", set_listen },
	{ CHECKS, 'u', "user", "USER", "as this user, with the groups and without capabilities",
	  set_user },
	{ CHECKS | LISTS, 'n', "netns", "NAME|PATH",
	  "in this network namespace (check: here; ports: all)", set_netns },
	{ CHECKS, 0, "wait", "[=TIME]", "until the port can be had, or for that long", set_wait },
	{ TRACES, 'o', "output", "FILE", "reports go there", set_output },
	{ RECORDS, 0, "max-size", "SIZE", "another file begins at 64K, 100M, 1G",
	  recording_set_max_size },
	{ RECORDS, 0, "max-files", "N", "keep so many files, the oldest go",
	  recording_set_max_files },
	{ RECORDS, 0, "budget", "SIZE", "flight recorder: all files together stay below this",
	  recording_set_budget },
	{ RECORDS, 0, "group", "NAME", "this group may read the files (0640), as an exporter's",
	  recording_set_group },
	{ RECORDS, 0, "sync", NULL, "each line is on disk before the next (default: in a second)",
	  recording_set_sync },
	{ RECORDS, 0, "sign", "KEY", "sign with this secret key (see keygen)", recording_set_sign },
	{ VERIFIES, 'k', "key", "KEY", "it must be signed by this public key: FILE.pub or its hex",
	  recording_set_key },
	{ TRACES, 0, "print", NULL, "with record, and with --json -o: text on standard output, too",
	  set_print },
#define EXPORT_ROW(id, name, argument, help) { TRACES, 0, name, argument, help, set_export_##id },
	EXPORT_ROWS(EXPORT_ROW){ JSON, 'j', "json", NULL, "JSON, an object a line", set_json },
	{ REPORTS, 0, "markdown", NULL, "a postmortem in Markdown instead of the text",
	  set_markdown },
	{ REPORTS, 0, "html", "OUT", "the same with timelines, a file; replaces only a report",
	  set_html },
	{ TRACES | CHECKS | REPORTS, 't', "timestamps", NULL,
	  "date and time in UTC, to the nanosecond", set_timestamps },
	{ TRACES | CHECKS | LISTS | REPORTS, 'w', "wide", NULL, "command lines and cgroups in full",
	  set_wide },
	{ LIVE, 'v', "verbose", NULL, "more of everything; -vv: libbpf's messages", set_verbose },
	{ TRACES | CHECKS, 'q', "quiet", NULL,
	  "trace: no first and no last line; check: only the exit status", set_quiet },
	{ TRACES | CHECKS | LISTS | REPORTS, 0, "color", "WHEN",
	  "auto (on a terminal, unless NO_COLOR), always, never", set_color },
	{ TRACES | CHECKS, 0, "attach", "RUNG",
	  "auto, fexit, kprobe_multi or tracepoint (see doctor)", set_attach },
	{ ALL, 'h', "help", NULL, "this text", set_help },
	{ ALL, 'V', "version", NULL, "version and what it was built with", set_version },
};

const struct option_table options_table = { rows, LENGTH(rows) };

_Static_assert(LENGTH(rows) <= ARGUMENTS_MOST_ROWS, "room for the rows in getopt's tables");

static void complain_operand(unsigned command, const char *word)
{
	if (command == COMMAND_TRACE)
		log_error("'%s' is not an option or a command; --help lists them", word);
	else if (command == COMMAND_RECORD)
		log_error("record takes no '%s'; the file to record to is given as -o FILE, a "
			  "program "
			  "behind --",
			  word);
	else
		log_error("doctor takes no '%s'; --help lists what it takes", word);
}

int options_parse(struct options *o, unsigned command, int argc, char **argv)
{
	int first = arguments_parse(&options_table, o, command, argc, argv);

	if (first < 0)
		return EXIT_USAGE;
	o->operands = argv + first;
	o->n_operands = argc - first;
	if (o->n_operands && !(command & (CHECKS | LISTS | VERIFIES | REPORTS | COMMAND_KEYGEN))) {
		complain_operand(command, argv[first]);
		return EXIT_USAGE;
	}
	return 0;
}

void options_help(unsigned command)
{
	arguments_help(&options_table, command);
}
