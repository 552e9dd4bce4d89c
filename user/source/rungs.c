// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The rungs of the attach ladder: which program goes where, and how it is put there. */
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "source/bpf_private.h"
#include "base/mount.h"
#include "source/calls.h"
#include "source/typed.h"

enum how { FEXIT, ENTRY, RETURN, OUTER_RETURN, TRACEPOINT, TYPED, CGROUP, ENDS };
enum { MAX_ENTRIES = 24 };

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
/* what calls tcp_v4_connect() and tcp_v6_connect(), and returns what they do */
#define CONNECT "__inet_stream_connect"
/* run at each system call of those who have a filter, and of nobody else */
#define SECCOMP "__secure_computing"

/* Built in, or a module that has been loaded. */
static bool has_sctp(void)
{
	return !access("/proc/sys/net/sctp", F_OK);
}

/*
 * SCTP is a module, whose functions nothing can be attached to before it is there: of its own calls the
 * tracepoints tell, on every rung. Who has no SCTP does not pay for them, which is at each system call.
 */
static unsigned list_only_sctp(const struct bpf_source *s, struct entry *e)
{
	struct bindtrace_bpf *k = s->skeleton;
	const struct entry all[] = {
		{ k->progs.syscall_exit, TRACEPOINT, MISSING_SCTP, { "sys_exit_setsockopt" } },
		{ k->progs.syscall_exit, TRACEPOINT, MISSING_SCTP, { "sys_exit_sendto" } },
		{ k->progs.syscall_exit, TRACEPOINT, MISSING_SCTP, { "sys_exit_sendmsg" } },
		{ k->progs.syscall_exit, TRACEPOINT, MISSING_SCTP, { "sys_exit_sendmmsg" } },
	};

	if (!has_sctp())
		return 0;
	memcpy(e, all, sizeof(all));
	return sizeof(all) / sizeof(*all);
}

/* ... and where others are told of by a hook of their own, of those it shares with them. */
static unsigned list_sctp(const struct bpf_source *s, struct entry *e)
{
	struct bindtrace_bpf *k = s->skeleton;
	const struct entry all[] = {
		{ k->progs.syscall_exit, TRACEPOINT, MISSING_SCTP, { "sys_exit_listen" } },
		{ k->progs.syscall_exit, TRACEPOINT, MISSING_SCTP, { "sys_exit_connect" } },
	};
	unsigned n = sizeof(all) / sizeof(*all);

	if (!has_sctp())
		return 0;
	memcpy(e, all, sizeof(all));
	return n + list_only_sctp(s, e + n);
}

static unsigned list_fexit(const struct bpf_source *s, struct entry *e)
{
	struct bindtrace_bpf *k = s->skeleton;
	const struct entry all[] = {
		{ k->progs.bind4_exit, FEXIT, 0, { bind4(s->caps) } },
		{ k->progs.bind6_exit, FEXIT, 0, { bind6(s->caps) } },
		{ k->progs.listen_exit, FEXIT, 0, { LISTEN } },
		{ k->progs.unix_exit, FEXIT, MISSING_UNIX, { "unix_bind" } },
		{ k->progs.connect4_exit, FEXIT, MISSING_CONNECT, { "tcp_v4_connect" } },
		{ k->progs.connect6_exit, FEXIT, MISSING_CONNECT, { "tcp_v6_connect" } },
		{ k->progs.autobind_exit, FEXIT, MISSING_AUTOBIND, { "inet_autobind" } },
		{ k->progs.bind_ended, FEXIT, MISSING_SECCOMP | MISSING_LSM, { CALL_BIND } },
		{ k->progs.listen_ended, FEXIT, MISSING_SECCOMP, { CALL_LISTEN } },
		{ k->progs.seccomp_exit, FEXIT, MISSING_SECCOMP, { SECCOMP } },
	};
	const struct entry lsm = {
		k->progs.lsm_exit, FEXIT, MISSING_LSM, { "security_socket_bind" }
	};
	unsigned n = sizeof(all) / sizeof(*all);

	memcpy(e, all, sizeof(all));
	if (s->caps->preemptible)
		e[n++] = lsm;
	return n + list_sctp(s, e + n);
}

/*
 * Of a bind() fexit tells, which costs a quarter of a return. What it is skipped for, or what never came that far, is
 * still under way where the system call ends, or the kernel's own bind. It stands in a function of its own: where
 * more than one kind of hook stands, the kernel takes a slower way to all of them.
 */
static bool binds_by_fexit(const struct bpf_source *s)
{
	return s->hook == BT_HOOK_KPROBE_MULTI && !s->caps->fexit && s->caps->bind_within;
}

/* The returns within the network stack, of calls whose entries have them kept. */
static struct entry list_returns(const struct bpf_source *s)
{
	struct entry e = { s->skeleton->progs.exit_multi,
			   RETURN,
			   0,
			   { LISTEN, "unix_bind", CONNECT, "inet_autobind" } };

	if (!binds_by_fexit(s)) {
		e.targets[4] = bind4(s->caps);
		e.targets[5] = bind6(s->caps);
	}
	return e;
}

static unsigned list_binds(const struct bpf_source *s, struct entry *e)
{
	struct bindtrace_bpf *k = s->skeleton;
	const struct entry all[] = {
		{ k->progs.bind4_exit, FEXIT, 0, { BIND4_WITHIN } },
		{ k->progs.bind6_exit, FEXIT, 0, { BIND6_WITHIN } },
		{ k->progs.exit_multi,
		  OUTER_RETURN,
		  0,
		  { "kernel_bind", s->caps->bind_socket ? "__sys_bind_socket" : NULL } },
	};

	if (!binds_by_fexit(s))
		return 0;
	memcpy(e, all, sizeof(all));
	return sizeof(all) / sizeof(*all);
}

/* The returns first: an entry without its return would be remembered for nothing. */
static unsigned list_multi(const struct bpf_source *s, struct entry *e)
{
	struct bindtrace_bpf *k = s->skeleton;
	const struct entry all[] = {
		{ k->progs.bind_enter_multi, ENTRY, 0, { bind4(s->caps), bind6(s->caps) } },
		{ k->progs.listen_enter_multi, ENTRY, 0, { LISTEN } },
		{ k->progs.unix_enter_multi, ENTRY, MISSING_UNIX, { "unix_bind" } },
		{ k->progs.connect_enter_multi,
		  ENTRY,
		  MISSING_CONNECT,
		  { "tcp_v4_connect", "tcp_v6_connect" } },
		{ k->progs.autobind_enter_multi, ENTRY, MISSING_AUTOBIND, { "inet_autobind" } },
		/* each system call of who has a filter would pay four times as much for kprobe.multi; how often the
		 * kernel skips it instead, the footer says */
		{ k->progs.seccomp_exit, FEXIT, MISSING_SECCOMP, { SECCOMP } },
	};
	const struct entry ends = {
		k->progs.call_ended_multi,
		ENDS,
		MISSING_SECCOMP | MISSING_LSM,
		{ CALL_BIND, CALL_LISTEN },
	};
	unsigned n = 0;

	e[n++] = list_returns(s);
	n += list_binds(s, e + n);
	memcpy(e + n, all, sizeof(all));
	n += sizeof(all) / sizeof(*all);
	e[n++] = ends;
	return n + list_sctp(s, e + n);
}

static unsigned list_tracepoint(const struct bpf_source *s, struct entry *e)
{
	struct bindtrace_bpf *k = s->skeleton;
	const struct entry all[] = {
		{ k->progs.syscall_exit, TRACEPOINT, 0, { "sys_exit_bind" } },
		{ k->progs.syscall_exit, TRACEPOINT, 0, { "sys_exit_listen" } },
		{ k->progs.syscall_exit, TRACEPOINT, MISSING_CONNECT, { "sys_exit_connect" } },
	};
	unsigned n = sizeof(all) / sizeof(*all);

	memcpy(e, all, sizeof(all));
	return n + list_only_sctp(s, e + n);
}

/* The socket's half of a call before its end, which would otherwise be told without the socket. */
static unsigned list_iterator(const struct bpf_source *s, struct entry *e)
{
	struct bindtrace_bpf *k = s->skeleton;
	const struct entry sockets[] = {
		{ k->progs.see_bind4, CGROUP, 0, { NULL } },
		{ k->progs.see_bind6, CGROUP, 0, { NULL } },
		{ k->progs.see_udp, FEXIT, 0, { "udp_lib_get_port" } },
	};
	const struct entry by_multi[] = {
		{ k->progs.see_end_multi, ENDS, 0, { CALL_BIND, CALL_LISTEN } },
	};
	const struct entry by_fexit[] = {
		{ k->progs.see_end_bind, FEXIT, 0, { CALL_BIND } },
		{ k->progs.see_end_listen, FEXIT, 0, { CALL_LISTEN } },
	};
	const struct entry by_tracepoint[] = {
		{ k->progs.see_end_any, TYPED, 0, { NULL } },
	};
	unsigned n = !s->caps->kernel_context || s->caps->fexit ? 2 : 3;

	memcpy(e, sockets, n * sizeof(*e));
	if (!s->caps->call_multi) {
		memcpy(e + n, by_multi, sizeof(by_multi));
		return n + 1;
	}
	if (!s->caps->call_fexit) {
		memcpy(e + n, by_fexit, sizeof(by_fexit));
		return n + 2;
	}
	memcpy(e + n, by_tracepoint, sizeof(by_tracepoint));
	return n + 1;
}

static unsigned list(const struct bpf_source *s, struct entry *e)
{
	if (s->hook == BT_HOOK_FEXIT)
		return list_fexit(s, e);
	if (s->hook == BT_HOOK_KPROBE_MULTI)
		return list_multi(s, e);
	if (s->hook == BT_HOOK_ITERATOR)
		return list_iterator(s, e);
	return list_tracepoint(s, e);
}

/* Does it tell of each bind(2) or listen(2) that was refused and that no other program has told of? */
static bool is_end(const struct bpf_source *s, const struct bpf_program *p)
{
	const struct bindtrace_bpf *k = s->skeleton;

	return p == k->progs.bind_ended || p == k->progs.listen_ended ||
	       p == k->progs.call_ended_multi;
}

/* What is skipped of it is still under way further out: told of there, or counted as a call that was seen by half. */
static bool is_made_up_for(const struct bpf_source *s, const struct bpf_program *p)
{
	const struct bindtrace_bpf *k = s->skeleton;

	return binds_by_fexit(s) && (p == k->progs.bind4_exit || p == k->progs.bind6_exit);
}

/*
 * May what the kernel skips of it have been a refusal? A call whose entry and return were both skipped is one call:
 * only entries count. Filters are asked about every system call, and of nearly all refusals others than the ends have
 * told: the footer has these two apart.
 */
static bool is_counted(const struct bpf_source *s, const struct entry *e)
{
	return e->how != RETURN && e->how != OUTER_RETURN && !is_end(s, e->program) &&
	       !is_made_up_for(s, e->program) && e->program != s->skeleton->progs.seccomp_exit;
}

/* What may be skipped, and is then counted; a program that stands in several places has one count. */
static void count_on(struct bpf_source *s, const struct entry *e)
{
	if (s->n_programs && s->programs[s->n_programs - 1] == e->program)
		return;
	if (!is_counted(s, e))
		return;
	s->programs[s->n_programs++] = e->program;
}

static int set_target(const struct bpf_source *s, const struct entry *e, const struct types *types)
{
	if (e->how != FEXIT)
		return 0;
	if (s->hook == BT_HOOK_KPROBE_MULTI && s->caps->fexit)
		return s->caps->fexit;
	return typed_set_target(e->program, types, e->targets[0]);
}

int rung_prepare(struct bpf_source *s, const struct types *types)
{
	struct entry entries[MAX_ENTRIES];
	unsigned i, n = list(s, entries);
	int err;

	s->skeleton->rodata->config.binds_by_fexit = binds_by_fexit(s);
	for (i = 0; i < n; i++) {
		err = set_target(s, &entries[i], types);
		if (err && !entries[i].missing)
			return err;
		if (err) {
			s->missing |= entries[i].missing;
			continue;
		}
		bpf_program__set_autoload(entries[i].program, true);
		count_on(s, &entries[i]);
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
	int id = mount_tracepoint_id("syscalls", name), fd, err;

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
	static const __u64 outer[8] = { 1, 1, 1, 1, 1, 1, 1, 1 }; /* for bpf_get_attach_cookie() */
	LIBBPF_OPTS(bpf_kprobe_multi_opts, opts, .retprobe = e->how != ENTRY,
		    .cookies = e->how == OUTER_RETURN ? outer : NULL);
	const char *symbols[8];
	size_t n;

	for (n = 0; n < 8 && e->targets[n]; n++)
		symbols[n] = e->targets[n];
	opts.syms = symbols;
	opts.cnt = n;
	s->is_counted[s->n_links] = is_counted(s, e);
	return rung_keep(s, bpf_program__attach_kprobe_multi_opts(e->program, NULL, &opts));
}

static int attach_cgroup(struct bpf_source *s, const struct entry *e)
{
	int root = mount_cgroup_root(), err;

	if (root < 0)
		return root;
	err = rung_keep(s, bpf_program__attach_cgroup(e->program, root));
	close(root);
	return err;
}

static int attach(struct bpf_source *s, const struct entry *e)
{
	if (e->how == CGROUP)
		return attach_cgroup(s, e);
	if (e->how == TRACEPOINT)
		return attach_tracepoint(s, e->program, e->targets[0]);
	if (e->how == FEXIT || e->how == TYPED)
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
		/* what unix_bind() refuses would look as if it had not come there */
		if (is_end(s, entries[i].program) && (s->missing & MISSING_UNIX))
			err = -EOPNOTSUPP;
		else
			err = attach(s, &entries[i]);
		if (err && !entries[i].missing)
			return err;
		if (err)
			s->missing |= entries[i].missing;
		else if (entries[i].program == s->skeleton->progs.call_ended_multi)
			s->ends = s->links[s->n_links - 1];
	}
	return 0;
}
