// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "verdict/verdict.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* TCP states that are neither LISTEN nor CLOSE nor a mini-socket. */
static bool is_connected(const struct bt_sock *s)
{
	return s->state != BT_TCP_LISTEN && s->state != BT_TCP_CLOSE && !(s->flags & BT_SOCK_MINI);
}

/* ESTABLISHED, SYN_RECV and CLOSE_WAIT without a struct socket: nobody has called accept() yet. */
static bool is_unaccepted(const struct bt_sock *s)
{
	return s->state == BT_TCP_ESTABLISHED || s->state == 3 || s->state == 8;
}

/*
 * A connection is somebody's outgoing one when its owner was seen connecting, when bind() named its port
 * (accepted children do not inherit that lock), or when only connect() has ever taken a port of the bucket.
 */
static bool is_outgoing(const struct event *e, unsigned i)
{
	return e->holders[i].opener.time_ns ||
	       (e->rec.holders[i].sock.flags & BT_SOCK_BOUND_PORT) || e->rec.fastreuse == -1;
}

enum bt_role verdict_role(const struct event *e, unsigned i)
{
	const struct bt_sock *s = &e->rec.holders[i].sock;

	if (s->family == AF_UNIX)
		return ROLE_UNIX;
	if (bt_is_udp(&e->rec.sock))
		return ROLE_UDP;
	if (bt_is_ping(s))
		return ROLE_PING;
	if (bt_is_sctp(s) && is_connected(s)) /* which side began it is not told */
		return ROLE_ASSOCIATION;
	if (s->flags & BT_SOCK_MINI)
		return s->substate == BT_TCP_TIME_WAIT ? ROLE_TIME_WAIT : ROLE_FIN_WAIT2;
	if (s->state == BT_TCP_LISTEN)
		return ROLE_LISTENER;
	if (!is_connected(s))
		return ROLE_BOUND;
	if ((s->flags & BT_SOCK_NO_SOCKET) && !is_unaccepted(s))
		return ROLE_ORPHAN;
	return is_outgoing(e, i) ? ROLE_OUTGOING : ROLE_ACCEPTED;
}

/* What must be dealt with first: who stays until somebody acts outranks what ends by itself. */
static int rank(enum bt_role role)
{
	static const int ranks[N_ROLES] = {
		[ROLE_LISTENER] = 6,  [ROLE_BOUND] = 5,	      [ROLE_ACCEPTED] = 4,
		[ROLE_OUTGOING] = 4,  [ROLE_ASSOCIATION] = 4, [ROLE_ORPHAN] = 3,
		[ROLE_FIN_WAIT2] = 2, [ROLE_TIME_WAIT] = 1,
	};

	return ranks[role];
}

/*
 * The kernel stops at the first socket in the way, which for a busy server is its newest connection. The
 * one that decides is another: its listener.
 */
int verdict_find_decisive(const struct event *e)
{
	int best = e->verdict.culprit;
	unsigned i;

	for (i = 0; i < e->rec.n_holders; i++) {
		if (!e->holders[i].pair.blocks)
			continue;
		if (best < 0 || rank(e->holders[i].role) > rank(e->holders[best].role))
			best = (int)i;
	}
	return best;
}

static enum bt_reason role_reason(enum bt_role role)
{
	static const enum bt_reason reasons[N_ROLES] = {
		[ROLE_LISTENER] = REASON_LISTENER,
		[ROLE_BOUND] = REASON_BOUND_NOT_LISTENING,
		[ROLE_ACCEPTED] = REASON_ACCEPTED_CONNECTION,
		[ROLE_OUTGOING] = REASON_OUTGOING_CONNECTION,
		[ROLE_ORPHAN] = REASON_ORPHAN,
		[ROLE_TIME_WAIT] = REASON_TIME_WAIT,
		[ROLE_FIN_WAIT2] = REASON_FIN_WAIT2,
		[ROLE_UDP] = REASON_UDP_IN_USE,
		[ROLE_ASSOCIATION] = REASON_SCTP_IN_USE,
	};

	return reasons[role];
}

/* Both meant to share the port, and one detail stopped them. */
static bool is_one_sided(const struct event *e, const struct bt_pair *pair)
{
	enum bt_role role = event_decisive(e)->role;

	return (pair->reuseport == BT_REUSEPORT_NEW_LACKS ||
		pair->reuseport == BT_REUSEPORT_HOLDER_LACKS) &&
	       (role == ROLE_LISTENER || role == ROLE_BOUND);
}

/* Nothing that was seen is in the way. */
static enum bt_reason unseen_reason(const struct event *e)
{
	const struct bt_record *r = &e->rec;

	if (bt_is_sctp(&r->sock) && e->sctp.orphans)
		return REASON_ORPHAN;
	if ((r->walk & BT_WALK_DONE) && !r->totals.blocking)
		return REASON_HOLDER_GONE;
	return bt_is_sctp(&r->sock) ? REASON_SCTP_IN_USE : REASON_OTHER;
}

static enum bt_reason in_use_reason(const struct event *e)
{
	const struct bt_record *r = &e->rec;
	const struct bt_pair *pair;

	if (!r->sock.port)
		return range_reason(e);
	if (bt_is_ping(&r->sock))
		return REASON_IDENT_IN_USE;
	if (e->verdict.decisive < 0)
		return unseen_reason(e);
	if (r->operation == BT_OP_LISTEN)
		return REASON_LISTEN_CONFLICT;
	pair = &event_decisive(e)->pair;
	if (pair->reuseport == BT_REUSEPORT_UID_DIFFERS)
		return REASON_REUSEPORT_UID;
	if (bt_is_udp(&r->sock))
		return REASON_UDP_IN_USE;
	if (is_one_sided(e, pair))
		return REASON_REUSEPORT_ONE_SIDED;
	return role_reason(event_decisive(e)->role);
}

/* raw_bind() and ping_bind() know no privilege. */
static bool needs_privilege(const struct bt_record *r)
{
	const struct bt_sock *s = &r->sock;

	return r->operation == BT_OP_BIND && s->port && s->port < r->unprivileged_start &&
	       s->protocol != IPPROTO_RAW && !bt_is_ping(s);
}

/* What an IP protocol's own functions say, and what is asked on their way. */
static enum bt_reason inet_reason(const struct event *e, enum bt_layer *layer)
{
	const struct bt_record *r = &e->rec;
	enum bt_reason reason;

	if (r->operation == BT_OP_CONNECT || r->operation == BT_OP_AUTOBIND) {
		*layer = LAYER_PORT_TABLE;
		return range_reason(e);
	}
	*layer = LAYER_ARGUMENTS;
	switch (r->error) {
	case EADDRINUSE:
		*layer = LAYER_PORT_TABLE;
		return in_use_reason(e);
	case EAGAIN: /* sctp_listen_start() looks for a port itself */
		if (!bt_is_sctp(&r->sock) || r->operation != BT_OP_LISTEN)
			break;
		*layer = LAYER_PORT_TABLE;
		return range_reason(e);
	case EINVAL:
		reason = r->operation == BT_OP_BIND ? arguments_invalid(r) : REASON_OTHER;
		if (reason == REASON_OTHER)
			*layer = N_LAYERS;
		return reason;
	case EAFNOSUPPORT:
		return REASON_BAD_FAMILY;
	case EADDRNOTAVAIL:
		reason = arguments_address(r);
		if (reason != REASON_OTHER)
			return reason;
		*layer = LAYER_ADDRESS;
		return address_reason(e);
	case ENODEV:
		*layer = LAYER_ADDRESS;
		return REASON_NO_SUCH_DEVICE;
	case ENOMEM:
		*layer = LAYER_MEMORY;
		return REASON_KERNEL_MEMORY;
	case EACCES:
		if (!needs_privilege(r))
			break;
		*layer = LAYER_PRIVILEGE;
		return REASON_PRIVILEGED_PORT;
	case EPERM:
		/* in the kernel's own function nobody else says so; behind the system call others do */
		if (r->who != BT_WHO_PROTOCOL || !bt_asks_programs(&r->sock))
			break;
		*layer = LAYER_CGROUP_BPF;
		return REASON_CGROUP_DENIED;
	}
	*layer = N_LAYERS;
	return REASON_OTHER;
}

enum bt_reason verdict_reason(const struct event *e, enum bt_layer *layer)
{
	enum bt_reason reason;

	if (gates_reason(e, &reason, layer))
		return reason;
	if (e->rec.operation == BT_OP_LISTEN) {
		reason = arguments_of_listen(&e->rec);
		*layer = reason == REASON_OTHER ? N_LAYERS : LAYER_ARGUMENTS;
		if (reason != REASON_OTHER || e->rec.sock.family == AF_UNIX)
			return reason;
	}
	if (e->rec.sock.family == AF_UNIX)
		return unix_reason(e, layer);
	reason = inet_reason(e, layer);
	if (!cgroup_explains(e, reason))
		return reason;
	*layer = LAYER_CGROUP_BPF;
	return REASON_CGROUP_DENIED;
}
