// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The rungs of the attach ladder: which program goes where, and how it is put there. */
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "source/bpf_private.h"

enum how { FEXIT, ENTRY, RETURN, TRACEPOINT };
enum { MAX_ENTRIES = 16 };

struct entry {
	struct bpf_program *program;
	enum how how;
	uint32_t missing; /* enum bt_missing when it cannot be attached; 0: then nothing works */
	const char *targets[8];
};

static const char *bind4(const struct capabilities *caps)
{
	return caps->bind_sk ? "inet_bind_sk" : "inet_bind";
}

static const char *bind6(const struct capabilities *caps)
{
	return caps->bind_sk ? "inet6_bind_sk" : "inet6_bind";
}

#define LISTEN "inet_csk_listen_start"
#define LSM    "security_socket_bind"

static unsigned list_fexit(const struct bpf_source *s, struct entry *e)
{
	struct bindtrace_bpf *k = s->skeleton;
	const struct entry all[] = {
		{ k->progs.bind4_exit, FEXIT, 0, { bind4(s->caps) } },
		{ k->progs.bind6_exit, FEXIT, 0, { bind6(s->caps) } },
		{ k->progs.listen_exit, FEXIT, 0, { LISTEN } },
		{ k->progs.unix_exit, FEXIT, MISSING_UNIX, { "unix_bind" } },
		{ k->progs.lsm_exit, FEXIT, MISSING_LSM, { LSM } },
		{ k->progs.connect4_exit, FEXIT, MISSING_CONNECT, { "tcp_v4_connect" } },
		{ k->progs.connect6_exit, FEXIT, MISSING_CONNECT, { "tcp_v6_connect" } },
		{ k->progs.autobind_exit, FEXIT, MISSING_AUTOBIND, { "inet_autobind" } },
		{ k->progs.bind_syscall_rest, TRACEPOINT, MISSING_SECCOMP, { "sys_exit_bind" } },
		{ k->progs.listen_syscall_rest,
		  TRACEPOINT,
		  MISSING_SECCOMP,
		  { "sys_exit_listen" } },
	};

	memcpy(e, all, sizeof(all));
	return sizeof(all) / sizeof(*all);
}

/* The returns first: an entry without its return would be remembered for nothing. */
static unsigned list_multi(const struct bpf_source *s, struct entry *e)
{
	struct bindtrace_bpf *k = s->skeleton;
	const struct entry all[] = {
		{ k->progs.exit_multi,
		  RETURN,
		  0,
		  { bind4(s->caps), bind6(s->caps), LISTEN, "unix_bind", LSM, "tcp_v4_connect",
		    "tcp_v6_connect", "inet_autobind" } },
		{ k->progs.bind_enter_multi, ENTRY, 0, { bind4(s->caps), bind6(s->caps) } },
		{ k->progs.listen_enter_multi, ENTRY, 0, { LISTEN } },
		{ k->progs.unix_enter_multi, ENTRY, MISSING_UNIX, { "unix_bind" } },
		{ k->progs.lsm_enter_multi, ENTRY, MISSING_LSM, { LSM } },
		{ k->progs.connect_enter_multi,
		  ENTRY,
		  MISSING_CONNECT,
		  { "tcp_v4_connect", "tcp_v6_connect" } },
		{ k->progs.autobind_enter_multi, ENTRY, MISSING_AUTOBIND, { "inet_autobind" } },
		{ k->progs.bind_syscall_rest, TRACEPOINT, MISSING_SECCOMP, { "sys_exit_bind" } },
		{ k->progs.listen_syscall_rest,
		  TRACEPOINT,
		  MISSING_SECCOMP,
		  { "sys_exit_listen" } },
	};

	memcpy(e, all, sizeof(all));
	return sizeof(all) / sizeof(*all);
}

static unsigned list_tracepoint(const struct bpf_source *s, struct entry *e)
{
	struct bindtrace_bpf *k = s->skeleton;
	const struct entry all[] = {
		{ k->progs.bind_syscall_exit, TRACEPOINT, 0, { "sys_exit_bind" } },
		{ k->progs.listen_syscall_exit, TRACEPOINT, 0, { "sys_exit_listen" } },
		{ k->progs.connect_syscall_exit,
		  TRACEPOINT,
		  MISSING_CONNECT,
		  { "sys_exit_connect" } },
	};

	memcpy(e, all, sizeof(all));
	return sizeof(all) / sizeof(*all);
}

static unsigned list(const struct bpf_source *s, struct entry *e)
{
	if (s->hook == BT_HOOK_FEXIT)
		return list_fexit(s, e);
	if (s->hook == BT_HOOK_KPROBE_MULTI)
		return list_multi(s, e);
	return list_tracepoint(s, e);
}

int rung_prepare(struct bpf_source *s)
{
	struct entry entries[MAX_ENTRIES];
	unsigned i, n = list(s, entries);
	int err;

	for (i = 0; i < n; i++) {
		err = entries[i].how != FEXIT
			      ? 0
			      : bpf_program__set_attach_target(entries[i].program, 0,
							       entries[i].targets[0]);
		if (err && !entries[i].missing)
			return err;
		if (err) {
			s->missing |= entries[i].missing;
			continue;
		}
		bpf_program__set_autoload(entries[i].program, true);
		/* a call whose entry and return were both skipped is one call: only entries count */
		if (entries[i].how != RETURN)
			s->programs[s->n_programs++] = entries[i].program;
	}
	return 0;
}

int rung_keep(struct bpf_source *s, struct bpf_link *link)
{
	if (!link)
		return -errno;
	s->links[s->n_links++] = link;
	return 0;
}

/* tracefs need not be mounted: the id is read from a private mount, the rest is perf_event_open(). */
static int attach_tracepoint(struct bpf_source *s, struct bpf_program *program, const char *name)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_TRACEPOINT, .size = sizeof(attr) };
	int id = probe_tracepoint_id("syscalls", name), fd, err;

	if (id < 0)
		return id;
	attr.config = (uint64_t)id;
	fd = (int)syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = rung_keep(s, bpf_program__attach_perf_event(program, fd));
	if (err)
		close(fd);
	return err;
}

static int attach_multi(struct bpf_source *s, const struct entry *e)
{
	LIBBPF_OPTS(bpf_kprobe_multi_opts, opts, .retprobe = e->how == RETURN);
	const char *symbols[8];
	size_t n;

	for (n = 0; n < 8 && e->targets[n]; n++)
		symbols[n] = e->targets[n];
	opts.syms = symbols;
	opts.cnt = n;
	s->is_entry[s->n_links] = e->how == ENTRY;
	return rung_keep(s, bpf_program__attach_kprobe_multi_opts(e->program, NULL, &opts));
}

static int attach(struct bpf_source *s, const struct entry *e)
{
	if (e->how == TRACEPOINT)
		return attach_tracepoint(s, e->program, e->targets[0]);
	if (e->how == FEXIT)
		return rung_keep(s, bpf_program__attach(e->program));
	return attach_multi(s, e);
}

int rung_attach(struct bpf_source *s)
{
	struct entry entries[MAX_ENTRIES];
	unsigned i, n = list(s, entries);
	int err;

	for (i = 0; i < n; i++) {
		if (!bpf_program__autoload(entries[i].program))
			continue;
		/* what these two refuse would look as if nobody had seen it */
		if (entries[i].program == s->skeleton->progs.bind_syscall_rest &&
		    (s->missing & (MISSING_LSM | MISSING_UNIX)))
			err = -EOPNOTSUPP;
		else
			err = attach(s, &entries[i]);
		if (err && !entries[i].missing)
			return err;
		if (err)
			s->missing |= entries[i].missing;
	}
	return 0;
}
