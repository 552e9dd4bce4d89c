// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <string.h>
#include <unistd.h>

#include "source/rung_list.h"

#include "source/calls.h"

static const char *bind4(const struct capabilities *caps)
{
	return caps->bind_sk ? "inet_bind_sk" : "inet_bind";
}

static const char *bind6(const struct capabilities *caps)
{
	return caps->bind_sk ? "inet6_bind_sk" : "inet6_bind";
}

#define LISTEN "inet_csk_listen_start"
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

bool rung_binds_by_fexit(const struct bpf_source *s)
{
	return s->hook == BT_HOOK_KPROBE_MULTI && !s->caps->fexit && s->caps->bind_within;
}

/* Where a bind() ends, but for those of UNIX sockets. */
static unsigned list_binds(const struct bpf_source *s, struct entry *e)
{
	struct bindtrace_bpf *k = s->skeleton;
	const struct entry by_fexit[] = {
		{ k->progs.bind4_exit, FEXIT, 0, { BIND4_WITHIN } },
		{ k->progs.bind6_exit, FEXIT, 0, { BIND6_WITHIN } },
		{ k->progs.exit_multi,
		  OUTER_RETURN,
		  0,
		  { "kernel_bind", s->caps->bind_socket ? "__sys_bind_socket" : NULL } },
	};
	const struct entry by_return[] = {
		{ k->progs.exit_multi, RETURN, 0, { bind4(s->caps), bind6(s->caps) } },
	};

	if (!rung_binds_by_fexit(s)) {
		memcpy(e, by_return, sizeof(by_return));
		return 1;
	}
	memcpy(e, by_fexit, sizeof(by_fexit));
	return sizeof(by_fexit) / sizeof(*by_fexit);
}

/* The returns first: an entry without its return would be remembered for nothing. */
static unsigned list_multi(const struct bpf_source *s, struct entry *e)
{
	struct bindtrace_bpf *k = s->skeleton;
	const struct entry all[] = {
		{ k->progs.exit_multi,
		  RETURN,
		  0,
		  { LISTEN, "unix_bind", "tcp_v4_connect", "tcp_v6_connect", "inet_autobind" } },
		{ k->progs.bind_enter_multi, ENTRY, 0, { bind4(s->caps), bind6(s->caps) } },
		{ k->progs.listen_enter_multi, ENTRY, 0, { LISTEN } },
		{ k->progs.unix_enter_multi, ENTRY, MISSING_UNIX, { "unix_bind" } },
		{ k->progs.connect_enter_multi,
		  ENTRY,
		  MISSING_CONNECT,
		  { "tcp_v4_connect", "tcp_v6_connect" } },
		{ k->progs.autobind_enter_multi, ENTRY, MISSING_AUTOBIND, { "inet_autobind" } },
		{ k->progs.call_ended_multi,
		  ENDS,
		  MISSING_SECCOMP | MISSING_LSM,
		  { CALL_BIND, CALL_LISTEN } },
		/* each system call of who has a filter would pay four times as much for kprobe.multi; how often the
		 * kernel skips it instead, the footer says */
		{ k->progs.seccomp_exit, FEXIT, MISSING_SECCOMP, { SECCOMP } },
	};
	unsigned n = list_binds(s, e);

	memcpy(e + n, all, sizeof(all));
	n += sizeof(all) / sizeof(*all);
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

unsigned rung_list(const struct bpf_source *s, struct entry *e)
{
	if (s->hook == BT_HOOK_FEXIT)
		return list_fexit(s, e);
	if (s->hook == BT_HOOK_KPROBE_MULTI)
		return list_multi(s, e);
	if (s->hook == BT_HOOK_ITERATOR)
		return list_iterator(s, e);
	return list_tracepoint(s, e);
}
