// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/confine.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mount.h"
#include "base/power.h"
#include "base/status.h"
#include "bpf/abi.h"

static int set_effective(cap_value_t cap, cap_flag_value_t value)
{
	cap_t now = cap_get_proc();
	int err = !now || cap_set_flag(now, CAP_EFFECTIVE, 1, &cap, value) || cap_set_proc(now);

	cap_free(now);
	return err;
}

/* What calls of a program go where, the kernel says to who may know its addresses (bpf_dump_raw_ok). */
static bool sees_programs(const struct confinement *c)
{
	(void)c;
	return power_has(CAP_SYS_ADMIN);
}

static bool always(const struct confinement *c)
{
	(void)c;
	return true;
}

/* It stands for these two wherever they are asked for (bpf_capable, perfmon_capable). */
static bool lacks_admin(const struct confinement *c)
{
	(void)c;
	return !power_has(CAP_SYS_ADMIN);
}

/* Where UNIX sockets are seen, or files are made in a folder of somebody else. */
static bool touches_files(const struct confinement *c)
{
	return c->hook != BT_HOOK_ITERATOR || c->folder >= 0;
}

/* Older kernels want it for BPF_PROG_QUERY, newer ones have CAP_SYS_ADMIN stand for it; found by asking. */
static bool asked_at_query(const struct confinement *c)
{
	uint32_t flags, n = 0;
	int root, err;

	(void)c;
	if (!power_has(CAP_NET_ADMIN) || set_effective(CAP_NET_ADMIN, CAP_CLEAR))
		return true;
	root = mount_cgroup_root();
	err = bpf_prog_query(root, BPF_CGROUP_INET4_BIND, 0, &flags, NULL, &n);
	if (root >= 0)
		close(root);
	set_effective(CAP_NET_ADMIN, CAP_SET);
	return err == -EPERM;
}

static bool signals(const struct confinement *c)
{
	return c->program >= 0 || c->child;
}

static bool gives_away(const struct confinement *c)
{
	return c->group;
}

static const struct {
	cap_value_t cap;
	bool (*needed)(const struct confinement *c);
	const char *name, *gives;
} all[MAX_POWER_ROWS] = {
	{ CAP_SYS_ADMIN, always, "sys_admin", "other network namespaces, names of BPF programs" },
	{ CAP_SYS_PTRACE, always, "sys_ptrace",
	  "other users' processes: program, folder, namespaces" },
	{ CAP_DAC_READ_SEARCH, always, "dac_read_search",
	  "container names, control groups by number" },
	{ CAP_DAC_OVERRIDE, touches_files, "dac_override",
	  "asking a UNIX socket's file whether it is stale; a recording's folder" },
	{ CAP_BPF, lacks_admin, "bpf", "maps and iterators" },
	{ CAP_PERFMON, lacks_admin, "perfmon", "maps and iterators" },
	{ CAP_SYSLOG, sees_programs, "syslog", "errors that BPF programs choose" },
	{ CAP_NET_ADMIN, asked_at_query, "net_admin", "BPF programs of control groups" },
	{ CAP_KILL, signals, "kill", "signals for the program that was started" },
	{ CAP_CHOWN, gives_away, "chown", "a recording's files for its group" },
};

unsigned confine_list(const struct confinement *c, struct power_row rows[MAX_POWER_ROWS])
{
	unsigned n = 0;

	for (unsigned i = 0; i < MAX_POWER_ROWS; i++)
		if (all[i].needed(c))
			rows[n++] =
				(struct power_row){ all[i].name, power_has(all[i].cap) ? 0 : -EPERM,
						    all[i].gives };
	return n;
}

static int keep_capabilities(const struct confinement *c)
{
	cap_value_t keep[MAX_POWER_ROWS];
	int n = 0;

	for (unsigned i = 0; i < MAX_POWER_ROWS; i++)
		if (all[i].needed(c))
			keep[n++] = all[i].cap;
	power_bound(keep, n);
	return power_keep(keep, n);
}

int confine(const struct confinement *c)
{
	int err = keep_capabilities(c);

	if (err)
		log_error("cannot give up capabilities: %s", strerror(-err));
	if (!err && (err = confine_calls(c)))
		log_error("cannot give up system calls, with seccomp: %s", strerror(-err));
	return err ? EXIT_FAILED : EXIT_OK;
}
