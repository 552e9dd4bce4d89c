// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* One sentence for a person: why the kernel said no. */
#include <errno.h>

#include <sys/socket.h>

#include "base/text.h"
#include "model/endpoint.h"
#include "verdict/verdict.h"

/* Why SO_REUSEADDR was no way out. */
static const char *reuseaddr_clause(unsigned reuseaddr)
{
	switch (reuseaddr) {
	case BT_REUSEADDR_BOTH_LACK:
		return "neither socket set SO_REUSEADDR";
	case BT_REUSEADDR_NEW_LACKS:
		return "the old socket had set SO_REUSEADDR, the new one has not";
	case BT_REUSEADDR_HOLDER_LACKS:
		return "the new socket set SO_REUSEADDR, but the old one had not, and both must";
	default:
		return "SO_REUSEADDR does not help against a listening socket";
	}
}

/* Why the two addresses meet, when they are not the same one. */
static void add_overlap(struct text *t, const struct event *e)
{
	const struct holder *h = event_decisive(e);

	switch (h->pair.overlap) {
	case BT_OVERLAP_NEW_WILDCARD:
		text_add(t, "; the wildcard asked for includes the address that is held");
		break;
	case BT_OVERLAP_HOLDER_WILDCARD:
		text_add(t, "; the holder's wildcard includes the address asked for");
		break;
	case BT_OVERLAP_DUAL_STACK:
		text_add(t, "; an IPv6 socket on :: without IPV6_V6ONLY takes the IPv4 port too");
		break;
	}
}

static const char *reuseport_side(const struct event *e)
{
	return event_decisive(e)->pair.reuseport == BT_REUSEPORT_NEW_LACKS
		       ? "the holder set SO_REUSEPORT, the new socket did not; sharing needs it on "
			 "both, before bind()"
		       : "the new socket set SO_REUSEPORT, the holder did not; sharing needs it on "
			 "both, before bind()";
}

static void add_uids(struct text *t, const struct event *e)
{
	text_printf(t,
		    "both set SO_REUSEPORT, but the sockets belong to different users (uid %u "
		    "holds it, uid %u asks)",
		    e->rec.holders[e->verdict.decisive].sock.uid, e->rec.sock.uid);
}

/* UDP sockets share a port when both set SO_REUSEADDR, or both SO_REUSEPORT: the two do not mix. */
static const char *udp_clause(const struct bt_pair *pair)
{
	bool new_has = pair->reuseaddr == BT_REUSEADDR_HOLDER_LACKS ||
		       pair->reuseport == BT_REUSEPORT_HOLDER_LACKS;
	bool holder_has = pair->reuseaddr == BT_REUSEADDR_NEW_LACKS ||
			  pair->reuseport == BT_REUSEPORT_NEW_LACKS;

	if (pair->reuseport == BT_REUSEPORT_NEW_GROUPED)
		return "both set SO_REUSEPORT, but the new socket is in a group of it already";
	if (new_has && holder_has)
		return "one set SO_REUSEADDR and the other SO_REUSEPORT, which do not mix";
	if (new_has)
		return "the holder did not agree to share it (SO_REUSEADDR or SO_REUSEPORT on "
		       "both)";
	if (holder_has)
		return "the holder would share it, but the new socket did not ask to";
	return "neither asked to share it";
}

/* The sentence for a port that is in use, without the address clause. */
static void add_in_use(struct text *t, const struct event *e)
{
	const struct bt_pair *pair = &event_decisive(e)->pair;

	switch (e->verdict.reason) {
	case REASON_LISTENER:
		text_add(t, "another socket listens there");
		break;
	case REASON_BOUND_NOT_LISTENING:
		text_printf(t, "a socket that does not listen is bound there, and %s",
			    reuseaddr_clause(pair->reuseaddr));
		break;
	case REASON_ACCEPTED_CONNECTION:
		text_printf(t, "a connection accepted on this port is still open, and %s",
			    reuseaddr_clause(pair->reuseaddr));
		break;
	case REASON_OUTGOING_CONNECTION:
		text_add(t, "an outgoing connection uses this port as its source port");
		break;
	case REASON_ORPHAN:
		text_printf(t,
			    "the kernel is still closing a connection that no process has any "
			    "more, and %s",
			    reuseaddr_clause(pair->reuseaddr));
		break;
	case REASON_TIME_WAIT:
		text_printf(t, "%s; the old connection keeps the port",
			    reuseaddr_clause(pair->reuseaddr));
		break;
	case REASON_FIN_WAIT2:
		text_printf(t, "%s; the old connection waits for its peer to close",
			    reuseaddr_clause(pair->reuseaddr));
		break;
	case REASON_REUSEPORT_UID:
		add_uids(t, e);
		break;
	case REASON_UDP_IN_USE:
		text_printf(t, "another UDP socket has the port: %s", udp_clause(pair));
		break;
	case REASON_REUSEPORT_ONE_SIDED:
		text_add(t, reuseport_side(e));
		break;
	case REASON_SCTP_IN_USE:
		text_printf(t, "an association on this port is still open, and %s",
			    reuseaddr_clause(pair->reuseaddr));
		break;
	default: /* REASON_LISTEN_CONFLICT */
		text_add(t, "bind() had passed, but meanwhile another socket listens on the port");
		break;
	}
	add_overlap(t, e);
}

/* May it be the group (reuseport_grow), which listen() calls want of memory and UDP's bind() a port in use? */
static bool may_be_full_group(const struct event *e)
{
	const struct bt_record *r = &e->rec;

	return bt_is_udp(&r->sock) && r->error == EADDRINUSE && r->sock.reuseport &&
	       (r->walk & BT_WALK_TRUNCATED);
}

static const char *other_sentence(const struct event *e)
{
	const char *arguments = arguments_sentence(e);

	if (arguments)
		return arguments;
	switch (e->verdict.reason) {
	case REASON_NO_SUCH_DEVICE:
		return "the interface the socket is tied to does not exist";
	case REASON_OTHER: /* may_be_full_group() */
		return "not all sockets of the port were seen, and of those none is in the way; "
		       "its SO_REUSEPORT group may be full, as it takes 32,768 sockets";
	default: /* REASON_KERNEL_MEMORY */
		return e->rec.operation == BT_OP_LISTEN && e->rec.sock.reuseport
			       ? "the kernel had no memory for it, or the SO_REUSEPORT group of "
				 "the port is full: it takes 32,768 sockets"
			       : "the kernel had no memory for it";
	}
}

static void add_summary(struct text *t, const struct event *e)
{
	switch (e->verdict.reason) {
	case REASON_LSM_DENIED:
	case REASON_SECCOMP_DENIED:
	case REASON_NOT_A_SOCKET:
		gates_summary(t, e);
		return;
	case REASON_CGROUP_DENIED:
		cgroup_summary(t, e);
		return;
	case REASON_HOLDER_GONE:
		if (e->rec.sock.family == AF_UNIX)
			break;
		text_printf(t, "whatever held the port was gone a moment later%s%s",
			    cgroup_doubt(e), security_doubt(e));
		return;
	case REASON_ADDRESS_NOT_LOCAL:
	case REASON_ADDRESS_TENTATIVE:
	case REASON_ADDRESS_DUPLICATE:
		address_summary(t, e);
		return;
	case REASON_EPHEMERAL_EXHAUSTED:
	case REASON_TUPLE_IN_USE:
	case REASON_TUPLE_TIME_WAIT:
		range_summary(t, e);
		return;
	case REASON_IDENT_IN_USE:
		untabled_summary(t, e);
		return;
	case REASON_SCTP_IN_USE:
	case REASON_ORPHAN:
		if (e->verdict.decisive >= 0)
			break;
		untabled_summary(t, e);
		return;
	default:
		break;
	}
	if (e->rec.sock.family == AF_UNIX && e->verdict.layer != LAYER_ARGUMENTS)
		unix_summary(t, e);
	else if (e->verdict.reason == REASON_PRIVILEGED_PORT)
		text_printf(t,
			    "ports below %u (net.ipv4.ip_unprivileged_port_start of its network "
			    "namespace) need CAP_NET_BIND_SERVICE, which it lacks there",
			    e->rec.unprivileged_start);
	else if (e->rec.error == EADDRINUSE && e->verdict.decisive >= 0)
		add_in_use(t, e);
	else if (e->verdict.reason == REASON_OTHER && !may_be_full_group(e))
		gates_summary(t, e);
	else
		text_add(t, other_sentence(e));
}

void verdict_summary(const struct event *e, char summary[EVENT_TEXT])
{
	struct text t;

	text_init(&t, summary, EVENT_TEXT);
	add_summary(&t, e);
	if (!e->rec.rewritten)
		return;
	text_add(&t, "; asked for was ");
	endpoint_add(&t, e->rec.asked_addr, e->rec.sock.family, e->rec.asked_port, 0);
	text_add(&t, ", which a BPF program of the control group has changed");
}
