// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/options.h"

#include <errno.h>
#include <grp.h>
#include <netinet/in.h>
#include <string.h>

#include "base/export_rows.h"
#include "base/log.h"
#include "base/nearest.h"
#include "cmd/commands.h"
#include "cmd/filters.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static int set_group(struct options *o, const char *arg)
{
	const struct group *group = getgrnam(arg);

	if (!group) {
		log_error("there is no group '%s'", arg);
		return EINVAL;
	}
	o->recording.bounds.group = group->gr_gid;
	return 0;
}

/* What they mean is the exporter's to say. */
static int hand_on(const struct option_row *row, void *options, const char *arg)
{
	struct options *o = options;

	if (o->n_exports == MAX_EXPORTS) {
		log_error("that is more than there can be to export to");
		return EINVAL;
	}
	o->exports[o->n_exports++] = (struct export_option){ row->name, arg };
	return 0;
}

static const struct option_word colors[] = {
	{ "auto", COLOR_AUTO },
	{ "always", COLOR_ALWAYS },
	{ "never", COLOR_NEVER },
	{ 0 },
};

static const struct option_word hooks[] = {
	{ "auto", -1 },
	{ "fexit", BT_HOOK_FEXIT },
	{ "kprobe_multi", BT_HOOK_KPROBE_MULTI },
	{ "tracepoint", BT_HOOK_TRACEPOINT },
	{ "iterator", BT_HOOK_ITERATOR },
	{ 0 },
};

static const struct option_word protocols[] = {
	{ "tcp", IPPROTO_TCP },
	{ "udp", IPPROTO_UDP },
	{ 0 },
};

/* A header has some 2 KB, an event easily 10. */
enum { LEAST_SIZE = 64 << 10, LEAST_BUDGET = 1 << 20 };
/* From a page on; it is memory of the kernel's. */
enum { LEAST_BUFFER = 4 << 10, MOST_BUFFER = 1 << 30 };

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
	{ NARROWS, 'p', "pid", "PID[,PID]", "only what these processes ask for",
	  .set = filter_pids },
	{ NARROWS, 'P', "port", "PORT[,A-B]", "only these ports, as they were asked for",
	  .set = filter_ports },
	{ TRACES, 'c', "comm", "NAME", "only commands of this name; may be given again",
	  .set = filter_comm },
	{ TRACES, 'u', "user", "USER[,USER]", "only these users, by name or number",
	  .set = filter_users },
	{ NARROWS, 'e', "errno", "ERRNO[,..]", "only these errors: EADDRINUSE,EACCES",
	  .set = filter_errors },
	{ REPORTS, 0, "since", "TIME", "only from then on: 2026-11-23T09:41:07Z",
	  OPTION_TIME(since_ns) },
	{ REPORTS, 0, "until", "TIME", "only what came before", OPTION_TIME(until_ns) },
	{ TRACES, 'g', "cgroup", "PATH", "only processes in this cgroup and below",
	  .set = filter_cgroup },
	{ TRACES, 'n', "netns", "NAME|PATH", "only this network namespace (default: all)",
	  .set = filter_netns },
	{ TRACES, 'a', "all", NULL, "calls that succeed too, a line each",
	  OPTION_FLAG(source.successes) },
	{ TRACES, 0, "no-fold", NULL, "report every single refusal, also equal ones",
	  OPTION_FLAG(no_fold) },
	{ TRACES, 0, "buffer", "SIZE", "room for refusals that wait to be read (default: 4M)",
	  OPTION_SIZE(source.ring_bytes, LEAST_BUFFER, MOST_BUFFER,
		      "a size from 4K to 1G, such as 16M") },
	{ TRACES, 0, "duration", "TIME", "stop after 90s, 1.5m, 1h", OPTION_DURATION(duration_ns) },
	{ TRACES, 0, "count", "N", "stop after N reports",
	  OPTION_U64(count, 1, UINT64_MAX, "a number from 1 on") },
	{ CHECKS | LISTS, 0, "proto", "tcp|udp",
	  "check: tcp (unix: stream) unless told; ports: both",
	  OPTION_WORD(bind.protocol, protocols, "tcp or udp") },
	{ CHECKS, 0, "reuseaddr", NULL, "the socket sets SO_REUSEADDR",
	  OPTION_FLAG(bind.reuseaddr) },
	{ CHECKS, 0, "reuseport", NULL, "the socket sets SO_REUSEPORT",
	  OPTION_FLAG(bind.reuseport) },
	{ CHECKS, 0, "v6only", NULL, "the socket sets IPV6_V6ONLY", OPTION_FLAG(bind.v6only) },
	{ CHECKS, 0, "listen", NULL, "listen() too, for an instant", OPTION_FLAG(bind.listen) },
	{ CHECKS, 'u', "user", "USER", "as this user, with the groups and without capabilities",
	  OPTION_STRING(bind.user) },
	{ CHECKS | LISTS, 'n', "netns", "NAME|PATH",
	  "in this network namespace (check: here; ports: all)", OPTION_STRING(netns) },
	{ CHECKS, 0, "wait", "[=TIME]", "until the port can be had, or for that long",
	  OPTION_DURATION(bind.wait_ns) },
	{ TRACES, 'o', "output", "FILE", "reports go there", OPTION_STRING(output) },
	{ RECORDS, 0, "max-size", "SIZE", "another file begins at 64K, 100M, 1G",
	  OPTION_SIZE(recording.bounds.max_size, LEAST_SIZE, UINT64_MAX,
		      "a size from 64K on, such as 100M or 1G") },
	{ RECORDS, 0, "max-files", "N", "keep so many files, the oldest go",
	  OPTION_U32(recording.bounds.max_files, 2, UINT32_MAX, "a number from 2 on") },
	{ RECORDS, 0, "budget", "SIZE", "flight recorder: all files together stay below this",
	  OPTION_SIZE(recording.bounds.budget, LEAST_BUDGET, UINT64_MAX,
		      "a size from 1M on, such as 100M or 1G") },
	{ RECORDS, 0, "group", "NAME", "this group may read the files (0640), as an exporter's",
	  .set = set_group },
	{ RECORDS, 0, "sync", NULL, "each line is on disk before the next (default: in a second)",
	  OPTION_FLAG(recording.sync) },
	{ RECORDS, 0, "sign", "KEY", "sign with this secret key (see keygen)",
	  OPTION_STRING(recording.sign) },
	{ VERIFIES, 'k', "key", "KEY", "it must be signed by this public key: FILE.pub or its hex",
	  OPTION_STRING(recording.key) },
	{ TRACES, 0, "print", NULL, "with record, and with --json -o: text on standard output, too",
	  OPTION_FLAG(print) },
#define EXPORT_ROW(id, name, argument, help) { TRACES, 0, name, argument, help, .read = hand_on },
	EXPORT_ROWS(EXPORT_ROW){ JSON, 'j', "json", NULL, "JSON, an object a line",
				 OPTION_FLAG(json) },
	{ REPORTS, 0, "markdown", NULL, "a postmortem in Markdown instead of the text",
	  OPTION_FLAG(markdown) },
	{ REPORTS, 0, "html", "OUT", "the same with timelines, a file; replaces only a report",
	  OPTION_STRING(html) },
	{ TRACES | CHECKS | REPORTS, 't', "timestamps", NULL,
	  "date and time in UTC, to the nanosecond", OPTION_FLAG(timestamps) },
	{ TRACES | CHECKS | LISTS | REPORTS, 'w', "wide", NULL, "command lines and cgroups in full",
	  OPTION_FLAG(wide) },
	{ LIVE, 'v', "verbose", NULL, "more of everything; -vv: libbpf's messages",
	  OPTION_LEVEL(verbose) },
	{ TRACES | CHECKS, 'q', "quiet", NULL,
	  "trace: no first and no last line; check: only the exit status", OPTION_QUIET(verbose) },
	{ TRACES | CHECKS | LISTS | REPORTS, 0, "color", "WHEN",
	  "auto (on a terminal, unless NO_COLOR), always, never",
	  OPTION_WORD(color, colors, "auto, always or never") },
	{ TRACES | CHECKS, 0, "attach", "RUNG",
	  "auto, fexit, kprobe_multi, tracepoint or iterator: doctor",
	  OPTION_WORD(source.hook, hooks, "auto, fexit, kprobe_multi, tracepoint or iterator") },
	{ ALL, 'h', "help", NULL, "this text", OPTION_FLAG(help) },
	{ ALL, 'V', "version", NULL, "version and what it was built with", OPTION_FLAG(version) },
};

const struct option_table options_table = { rows, LENGTH(rows) };

_Static_assert(LENGTH(rows) <= ARGUMENTS_MOST_ROWS, "room for the rows in getopt's tables");

/* No option, and trace has no operands: a command that is mistyped, or not the first; a port; a program. */
static void complain_word(const char *word)
{
	struct nearest near = { .word = word, .length = strlen(word) };

	for (int i = 0; i < N_COMMANDS; i++)
		nearest_try(&near, commands[i].name);
	if (command_find(word))
		log_error("a command stands before its options: bindtrace %s ...", word);
	else if (near.found)
		log_error("'%s' is not a command; did you mean bindtrace %s?", word, near.found);
	else
		log_error("'%s' is not a command; a port is given as -P PORT, a program behind --, "
			  "and "
			  "--help lists the rest",
			  word);
}

static void complain_operand(unsigned command, const char *word)
{
	if (command == COMMAND_TRACE)
		complain_word(word);
	else if (command == COMMAND_RECORD)
		log_error("record takes no '%s'; the file to record to is given as -o FILE, a "
			  "program behind --",
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
