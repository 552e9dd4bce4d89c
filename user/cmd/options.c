// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/options.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/number.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

enum { MAX_ROWS = 40, FIRST_LONG = 256 };

/* Calls add() for each part of "a,b,c". */
static int each_part(struct options *o, const char *list,
		     int (*add)(struct options *o, const char *part))
{
	char *copy = strdup(list), *rest = copy, *part;
	int err = copy ? 0 : ENOMEM;

	while (!err && (part = strsep(&rest, ",")))
		err = add(o, part);
	free(copy);
	return err;
}

static int add_number(uint32_t *list, uint32_t *n, uint32_t value, const char *what)
{
	if (*n == 16) {
		log_error("more than 16 %s; leave the filter out and select afterwards", what);
		return E2BIG;
	}
	list[(*n)++] = value;
	return 0;
}

static int add_pid(struct options *o, const char *part)
{
	uint32_t pid;

	if (number_u32(part, &pid) || !pid) {
		log_error("'%s' is not a process id; give a number such as 4242", part);
		return EINVAL;
	}
	return add_number(o->source.filter.pids, &o->source.filter.n_pids, pid, "process ids");
}

static int set_pids(struct options *o, const char *arg)
{
	return each_part(o, arg, add_pid);
}

static int add_ports(uint16_t first, uint16_t last, void *context)
{
	struct options *o = context;
	unsigned port;

	for (port = first; port <= last; port++)
		o->source.ports[port / 64] |= 1ull << (port % 64);
	return 0;
}

static int set_ports(struct options *o, const char *arg)
{
	if (number_ports(arg, add_ports, o)) {
		log_error("'%s' is not a list of ports; write 80,443 or 8000-8100 (0 to 65535)",
			  arg);
		return EINVAL;
	}
	o->source.filter.by_port = true;
	return 0;
}

static int set_comm(struct options *o, const char *arg)
{
	struct bt_config *f = &o->source.filter;

	if (!*arg || f->n_comms == LENGTH(f->comms)) {
		log_error(*arg ? "more than 8 names for -c; leave the filter out and select "
				 "afterwards"
			       : "-c needs the name of a command, as ps -o comm shows it");
		return EINVAL;
	}
	/* the kernel keeps 15 bytes of a name: compare no more */
	strncpy(f->comms[f->n_comms++], arg, BT_COMM_LEN - 1);
	return 0;
}

static int add_user(struct options *o, const char *part)
{
	struct passwd *pw;
	uint32_t uid;

	if (number_u32(part, &uid)) {
		pw = getpwnam(part);
		if (!pw) {
			log_error("there is no user '%s'; give a name or a number", part);
			return EINVAL;
		}
		uid = pw->pw_uid;
	}
	return add_number(o->source.filter.uids, &o->source.filter.n_uids, uid, "users");
}

static int set_users(struct options *o, const char *arg)
{
	return each_part(o, arg, add_user);
}

static int add_errno(struct options *o, const char *part)
{
	int error = errno_number(part);

	if (error <= 0) {
		log_error("'%s' is not an error; write EADDRINUSE or 98", part);
		return EINVAL;
	}
	return add_number(o->source.filter.errors, &o->source.filter.n_errors, (uint32_t)error,
			  "errors");
}

static int set_errors(struct options *o, const char *arg)
{
	return each_part(o, arg, add_errno);
}

static int set_cgroup(struct options *o, const char *arg)
{
	static const char *const roots[] = { "", "/sys/fs/cgroup", "/sys/fs/cgroup/unified" };
	char path[4096];
	size_t i;

	for (i = 0; i < LENGTH(roots); i++) {
		snprintf(path, sizeof(path), "%s%s%s", roots[i],
			 *roots[i] && *arg != '/' ? "/" : "", arg);
		o->source.cgroup_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (o->source.cgroup_fd < 0)
			continue;
		o->source.filter.by_cgroup = true;
		return 0;
	}
	log_error("there is no cgroup '%s'; give its path as in /proc/PID/cgroup, or its directory",
		  arg);
	return EINVAL;
}

/* A name of `ip netns`, a path such as /proc/PID/ns/net, or the inode number that lsns prints. */
static int add_netns(struct options *o, const char *part)
{
	char path[4096];
	struct stat st;
	uint32_t inode;

	snprintf(path, sizeof(path), "%s%s", strchr(part, '/') ? "" : "/run/netns/", part);
	if (!stat(path, &st)) {
		inode = (uint32_t)st.st_ino;
	} else if (number_u32(part, &inode)) {
		log_error("there is no network namespace '%s'; give a name of ip netns, a path, or "
			  "the number of lsns",
			  part);
		return EINVAL;
	}
	return add_number(o->source.filter.netns, &o->source.filter.n_netns, inode,
			  "network namespaces");
}

static int set_netns(struct options *o, const char *arg)
{
	return each_part(o, arg, add_netns);
}

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
	{ COMMAND_TRACE, 'p', "pid", "PID[,PID]", "only what these processes ask for", set_pids },
	{ COMMAND_TRACE, 'P', "port", "PORT[,A-B]", "only these ports, as they were asked for",
	  set_ports },
	{ COMMAND_TRACE, 'c', "comm", "NAME", "only commands of this name; may be given again",
	  set_comm },
	{ COMMAND_TRACE, 'u', "user", "USER[,USER]", "only these users, by name or number",
	  set_users },
	{ COMMAND_TRACE, 'e', "errno", "ERRNO[,..]", "only these errors: EADDRINUSE,EACCES",
	  set_errors },
	{ COMMAND_TRACE, 'g', "cgroup", "PATH", "only processes in this cgroup and below",
	  set_cgroup },
	{ COMMAND_TRACE, 'n', "netns", "NAME|PATH", "only this network namespace (default: all)",
	  set_netns },
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

int options_parse(struct options *o, unsigned command, int argc, char **argv)
{
	char letters[2 * MAX_ROWS + 2];
	struct option longs[MAX_ROWS];
	int which;

	fill_getopt(command, letters, longs);
	opterr = 0;
	optind = 1;
	while ((which = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		if (which == '?') {
			log_error("there is no option '%s'; --help lists them", argv[optind - 1]);
			return EXIT_USAGE;
		}
		if (which == ':') {
			log_error("option '%s' needs an argument; --help says which",
				  argv[optind - 1]);
			return EXIT_USAGE;
		}
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
