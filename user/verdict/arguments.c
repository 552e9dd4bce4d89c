// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Calls that fail for what they ask, whoever else is there: the socket, or the address, is of the wrong kind. */
#include <errno.h>
#include <sys/socket.h>

#include "verdict/verdict.h"

enum { SOCKADDR_IN_LEN = 16, SIN6_LEN_RFC2133 = 24 };
enum { SCOPE_INTERFACE = 1, SCOPE_LINK = 2 }; /* RFC 4291 2.7 */

static bool is_multicast(const struct bt_sock *s)
{
	return s->family == AF_INET6 && s->addr[0] == 0xff;
}

/* __ipv6_addr_needs_scope_id(): fe80::/10, and multicast that does not leave the interface or the link. */
static bool needs_scope(const struct bt_sock *s)
{
	if (is_multicast(s))
		return (s->addr[1] & 0xf) == SCOPE_INTERFACE || (s->addr[1] & 0xf) == SCOPE_LINK;
	return s->family == AF_INET6 && s->addr[0] == 0xfe && (s->addr[1] & 0xc0) == 0x80;
}

/* EINVAL has many fathers; asked in the order in which __inet_bind() and __inet6_bind() ask. */
enum bt_reason arguments_reason(const struct bt_record *r)
{
	if (r->addr_len < (r->sock.family == AF_INET6 ? SIN6_LEN_RFC2133 : SOCKADDR_IN_LEN))
		return REASON_BAD_LENGTH;
	if (is_multicast(&r->sock) && r->sk_type == SOCK_STREAM)
		return REASON_MULTICAST_ADDRESS;
	if (r->bound_port || r->sock.state != BT_TCP_CLOSE)
		return REASON_ALREADY_BOUND;
	if (bt_is_mapped(&r->sock) && r->sock.v6only)
		return REASON_V6ONLY_MAPPED;
	if (needs_scope(&r->sock) && !r->sock.ifindex)
		return REASON_SCOPE_MISSING;
	return REASON_OTHER;
}

/*
 * inet_listen() and unix_listen(), before there is a question of ports. What is a socket of the right type
 * and still invalid has been connected.
 */
enum bt_reason arguments_of_listen(const struct bt_record *r)
{
	if (r->error == EOPNOTSUPP)
		return REASON_CANNOT_LISTEN;
	if (r->error != EINVAL || r->who == BT_WHO_PROTOCOL)
		return REASON_OTHER;
	if (r->sock.family == AF_UNIX && !r->path_len)
		return REASON_NOT_BOUND;
	if (r->seccomp && (r->sock.state == BT_TCP_CLOSE || r->sock.state == BT_TCP_LISTEN))
		return REASON_OTHER; /* a filter may say anything */
	return REASON_ALREADY_CONNECTED;
}

const char *arguments_sentence(const struct event *e)
{
	const struct bt_record *r = &e->rec;

	switch (e->verdict.reason) {
	case REASON_ALREADY_BOUND:
		return "this socket has been bound or connected before";
	case REASON_ALREADY_CONNECTED:
		return "this socket is, or was, connected: only one that never was can listen";
	case REASON_NOT_BOUND:
		return "a UNIX socket needs a name before it can listen";
	case REASON_CANNOT_LISTEN:
		return "sockets of this kind get no connections, so they cannot listen";
	case REASON_BAD_LENGTH:
		return r->error == EFAULT ? "the address is not in the program's memory"
					  : "the address has a wrong length (addrlen)";
	case REASON_BAD_FAMILY:
		return r->sa_family == AF_UNSPEC && r->sock.family == AF_INET
			       ? "AF_UNSPEC passes for AF_INET only with the address 0.0.0.0"
			       : "the address is of another family than the socket";
	case REASON_V6ONLY_MAPPED:
		return "an IPv4-mapped address cannot be bound on a socket with IPV6_V6ONLY";
	case REASON_SCOPE_MISSING:
		return is_multicast(&r->sock)
			       ? "a multicast address of the link needs its interface "
				 "(sin6_scope_id, written %eth0)"
			       : "a link-local address needs its interface (sin6_scope_id, written "
				 "%eth0)";
	case REASON_MULTICAST_ADDRESS:
		return "a multicast address is no end of a connection: a stream socket cannot be "
		       "bound to it";
	default:
		return NULL;
	}
}

void arguments_advice(struct event *e)
{
	switch (e->verdict.reason) {
	case REASON_ALREADY_BOUND:
		verdict_advise(e, ACTION_USE_NEW_SOCKET, EFFECTIVE_NOW,
			       "make a new socket for another address");
		break;
	case REASON_ALREADY_CONNECTED:
		verdict_advise(e, ACTION_USE_NEW_SOCKET, EFFECTIVE_NOW,
			       "make a new socket to listen on");
		break;
	case REASON_NOT_BOUND:
		verdict_advise(e, ACTION_FIX_ARGUMENTS, EFFECTIVE_NOW, "call bind() before");
		break;
	case REASON_CANNOT_LISTEN:
		verdict_advise(
			e, ACTION_FIX_ARGUMENTS, EFFECTIVE_NOW,
			"leave listen() out, a datagram socket gets packets once it is bound; "
			"or make a SOCK_STREAM socket");
		break;
	case REASON_SCOPE_MISSING:
		verdict_advise(e, ACTION_SET_SCOPE, EFFECTIVE_NOW,
			       "name the interface: fe80::1%eth0, or sin6_scope_id");
		break;
	case REASON_MULTICAST_ADDRESS:
		verdict_advise(e, ACTION_USE_OTHER_ADDRESS, EFFECTIVE_NOW,
			       "bind an address of this machine, or use a datagram socket");
		break;
	default:
		verdict_advise(e, ACTION_FIX_ARGUMENTS, EFFECTIVE_NOW,
			       "give bind() an address that fits the socket");
		break;
	}
}
