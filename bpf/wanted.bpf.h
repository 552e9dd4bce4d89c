/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Is a call of interest to user space, and has an equal one been told of a moment ago? */
#ifndef BT_WANTED_BPF_H
#define BT_WANTED_BPF_H

#include "core.bpf.h"
#include "read.bpf.h"

static __always_inline bool among(const volatile __u32 *list, __u32 n, __u32 value)
{
	__u32 i;

	if (!n)
		return true;
	for (i = 0; i < 16 && i < n; i++)
		if (list[i] == value)
			return true;
	return false;
}

static __always_inline bool comm_wanted(const char *comm)
{
	__u32 i, j;

	if (!config.n_comms)
		return true;
	for (i = 0; i < 8 && i < config.n_comms; i++) {
		for (j = 0; j < BT_COMM_LEN && config.comms[i][j] == comm[j] && comm[j]; j++)
			;
		if (j >= BT_COMM_LEN - 1 || config.comms[i][j] == comm[j])
			return true;
	}
	return false;
}

static __always_inline bool port_wanted(__u16 port)
{
	__u32 word = port / 64;
	const __u64 *bits;

	if (!config.by_port)
		return true;
	bits = bpf_map_lookup_elem(&ports, &word);
	return bits && (*bits >> (port % 64) & 1);
}

/* Another namespace may have the number of one that is gone: then the cookies differ, where both are known. */
static __always_inline bool netns_wanted(const struct bt_task *task)
{
	__u32 i, cookie;

	if (!config.n_netns)
		return true;
	for (i = 0; i < 16 && i < config.n_netns; i++) {
		cookie = config.netns_cookies[i];
		if (config.netns[i] == task->netns &&
		    (!cookie || !task->netns_cookie || cookie == task->netns_cookie))
			return true;
	}
	return false;
}

static __always_inline bool in_tree(__u32 pid)
{
	return !config.by_tree || bpf_map_lookup_elem(&tree, &pid);
}

/* The filters, cheapest first. Needs rec.task and rec.sock. */
static __always_inline bool wanted(const struct bt_record *r)
{
	return (port_wanted(r->sock.port) || (r->rewritten && port_wanted(r->asked_port))) &&
	       among(config.errors, config.n_errors, r->error) &&
	       among(config.pids, config.n_pids, r->task.pid) &&
	       among(config.uids, config.n_uids, r->task.uid) && netns_wanted(&r->task) &&
	       comm_wanted(r->task.comm) && in_tree(r->task.pid) &&
	       (!config.by_cgroup || bpf_current_task_under_cgroup(&cgroups, 0) == 1);
}

static __always_inline void fill_kind(struct bt_record *r)
{
	struct bt_fold_key *k = &r->kind;

	k->pid = r->task.pid;
	k->netns = r->task.netns;
	k->netns_cookie = r->task.netns_cookie;
	k->port = r->sock.protocol == BT_IPPROTO_RAW ? r->bound_port : r->sock.port;
	k->protocol = r->sock.protocol;
	k->error = r->error;
	k->operation = r->operation;
	k->uid = r->sock.uid;
	k->ifindex = r->sock.ifindex;
	k->family = r->sock.family;
	k->reuse = r->sock.reuse;
	k->reuseport = r->sock.reuseport;
	k->v6only = r->sock.v6only;
	if (r->path_len)
		hash_path(r->path, (__u64 *)k->addr);
	else
		__builtin_memcpy(k->addr, r->sock.addr, sizeof(k->addr));
}

/* true: an equal refusal was examined a moment ago, this one is only counted. */
static __always_inline bool fold(struct bt_record *r)
{
	struct bt_fold first = { .count = 1,
				 .first_ns = r->hdr.boottime_ns,
				 .looked_ns = r->hdr.boottime_ns };
	struct bt_fold *f;

	fill_kind(r);
	f = bpf_map_lookup_elem(&folds, &r->kind);
	if (!f) {
		bpf_map_update_elem(&folds, &r->kind, &first, BPF_ANY);
		r->nth = 1;
		r->first_ns = first.first_ns;
		return false;
	}
	__sync_fetch_and_add(&f->count, 1);
	if (r->hdr.boottime_ns - f->looked_ns < config.fold_ns)
		return true;
	f->looked_ns = r->hdr.boottime_ns;
	r->nth = f->count;
	r->first_ns = f->first_ns;
	return false;
}

/* Who binds a port next ends the story of a refused bind() or listen(), not that of a connect(). */
static __always_inline bool is_about_binding(const struct bt_record *r)
{
	return r->operation == BT_OP_BIND || r->operation == BT_OP_LISTEN;
}

/*
 * Is this for user space? Once a port was refused, whoever gets it is of interest, whatever the filters
 * say about that task.
 */
static __always_inline bool admit(struct bt_record *r)
{
	bool asked_for = (r->error || config.successes) && wanted(r);

	if (!r->error) {
		r->hdr.kind = asked_for ? BT_KIND_BOUND : BT_KIND_FOLLOWED;
		return asked_for || (config.follow && is_followed(r->sock.port));
	}
	r->hdr.kind = BT_KIND_REFUSAL;
	if (asked_for && config.follow && r->sock.port && is_about_binding(r)) {
		followed_ports[r->sock.port] = r->hdr.boottime_ns;
		following = r->hdr.boottime_ns;
	}
	return asked_for;
}

/* The filters and the folding; needs rec.task and rec.sock. Counts what is seen. */
static __always_inline bool is_to_be_sent(struct bt_record *r)
{
	if (!admit(r))
		return false;
	if (!r->error)
		return true;
	count(BT_SEEN);
	if (!fold(r))
		return true;
	count(BT_FOLDED);
	return false;
}

enum { EADDRINUSE = 98 };

/* Does a walk of the port say more? Not of an EADDRINUSE that somebody before the port table made up. */
static __always_inline bool has_port_table(const struct bt_record *r)
{
	__u16 protocol = r->sock.protocol;

	if (r->who != BT_WHO_UNKNOWN && r->who != BT_WHO_PROTOCOL)
		return false;
	if (r->operation == BT_OP_CONNECT)
		return r->rule & BT_RULE_TUPLE;
	return (protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP || bt_is_udp(&r->sock)) &&
	       r->sock.port && (r->error == EADDRINUSE || r->hdr.kind == BT_KIND_BOUND);
}

#endif /* BT_WANTED_BPF_H */
