// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Calls that fail for what they ask, whoever else is there: the socket, or the address, is of the wrong kind. */
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "verdict/verdict.h"

enum { SOCKADDR_IN_LEN = 16, SIN6_LEN_RFC2133 = 24, SOCKADDR_IN6_LEN = 28 };
enum { SCOPE_INTERFACE = 1, SCOPE_LINK = 2 }; /* RFC 4291 2.7 */

static bool is_raw(const struct bt_sock *s)
{
	return s->protocol == IPPROTO_RAW;
}

static bool is_multicast6(const struct bt_sock *s)
{
	return s->family == AF_INET6 && s->addr[0] == 0xff;
}

static bool is_link_local(const struct bt_sock *s)
{
	return s->family == AF_INET6 && s->addr[0] == 0xfe && (s->addr[1] & 0xc0) == 0x80;
}

/* __ipv6_addr_needs_scope_id(): fe80::/10, and multicast that does not leave the interface or the link. */
static bool needs_scope(const struct bt_sock *s)
{
	if (is_multicast6(s) && !bt_is_sctp(s))
		return (s->addr[1] & 0xf) == SCOPE_INTERFACE || (s->addr[1] & 0xf) == SCOPE_LINK;
	return is_link_local(s);
}

/* inet6_bind() of a stream socket, and ping_check_bind_addr(): SCTP has an EADDRNOTAVAIL for it. */
static bool takes_no_multicast6(const struct bt_record *r)
{
	return (r->sk_type == SOCK_STREAM && !bt_is_sctp(&r->sock)) || bt_is_ping(&r->sock);
}

/* ping_check_bind_addr() and sctp_sockaddr_af() want room for the scope, too. */
static unsigned least_len(const struct bt_record *r)
{
	const struct bt_sock *s = &r->sock;

	if ((bt_is_sctp(s) ? r->sa_family : s->family) != AF_INET6)
		return SOCKADDR_IN_LEN;
	return bt_is_sctp(s) || bt_is_ping(s) ? SOCKADDR_IN6_LEN : SIN6_LEN_RFC2133;
}

/* A raw socket may be bound again and again; its number is its protocol. */
static bool is_bound(const struct bt_record *r)
{
	return r->sock.state != BT_TCP_CLOSE || (r->bound_port && !is_raw(&r->sock));
}

/* EINVAL has many fathers; asked in the order in which __inet_bind() and __inet6_bind() ask. */
enum bt_reason arguments_invalid(const struct bt_record *r)
{
	if (r->addr_len < least_len(r))
		return REASON_BAD_LENGTH;
	if (is_multicast6(&r->sock) && takes_no_multicast6(r))
		return REASON_MULTICAST_ADDRESS;
	if (is_bound(r))
		return REASON_ALREADY_BOUND;
	if (!bt_takes_family(&r->sock, r->sa_family))
		return REASON_BAD_FAMILY;
	if (bt_is_mapped(&r->sock) && r->sock.v6only)
		return REASON_V6ONLY_MAPPED;
	if (needs_scope(&r->sock) && !r->sock.ifindex)
		return REASON_SCOPE_MISSING;
	return REASON_OTHER;
}

/* rawv6_bind() and sctp_inet6_bind_verify() say EADDRNOTAVAIL, which others call EINVAL. */
enum bt_reason arguments_address(const struct bt_record *r)
{
	if (is_raw(&r->sock) && bt_is_mapped(&r->sock))
		return REASON_V6ONLY_MAPPED;
	if (bt_is_sctp(&r->sock) && is_link_local(&r->sock) && !r->sock.ifindex)
		return REASON_SCOPE_MISSING;
	return REASON_OTHER;
}

/* Has listen() a reason to say EINVAL of a socket that was never connected? sctp_inet_listen(): backlog < 0. */
static bool may_refuse_unconnected(const struct bt_record *r)
{
	return gates_may_be_seccomp(r) || bt_is_sctp(&r->sock); /* a filter may say anything */
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
	if (may_refuse_unconnected(r) &&
	    (r->sock.state == BT_TCP_CLOSE || r->sock.state == BT_TCP_LISTEN))
		return REASON_OTHER;
	return REASON_ALREADY_CONNECTED;
}

/* The sentences of bind(): what is wrong with the address. NULL: the reason is another one. */
static const char *address_sentence(const struct event *e)
{
	const struct bt_record *r = &e->rec;

	switch (e->verdict.reason) {
	case REASON_BAD_LENGTH:
		return r->error == EFAULT ? "the address is not in the program's memory"
					  : "the address has a wrong length (addrlen)";
	case REASON_BAD_FAMILY:
		return r->sa_family == AF_UNSPEC && r->sock.family == AF_INET &&
				       !bt_is_sctp(&r->sock)
			       ? "AF_UNSPEC passes for AF_INET only with the address 0.0.0.0"
			       : "the address is of another family than the socket";
	case REASON_V6ONLY_MAPPED:
		return is_raw(&r->sock) || bt_is_ping(&r->sock)
			       ? "raw and ping sockets of IPv6 take no IPv4-mapped address"
			       : "an IPv4-mapped address cannot be bound on a socket with "
				 "IPV6_V6ONLY";
	case REASON_SCOPE_MISSING:
		return is_multicast6(&r->sock)
			       ? "a multicast address of the link needs its interface "
				 "(sin6_scope_id, written %eth0)"
			       : "a link-local address needs its interface (sin6_scope_id, written "
				 "%eth0)";
	case REASON_MULTICAST_ADDRESS:
		return bt_is_ping(&r->sock)
			       ? "ping sockets take no multicast address"
			       : "a multicast address is no end of a connection: a stream socket "
				 "cannot be bound to it";
	default:
		return NULL;
	}
}

const char *arguments_sentence(const struct event *e)
{
	const struct bt_record *r = &e->rec;

	switch (e->verdict.reason) {
	case REASON_ALREADY_BOUND:
		if (bt_is_sctp(&r->sock) && r->sock.port && r->bound_port != r->sock.port)
			return "an SCTP socket has one port for all its addresses, and this one "
			       "has another already";
		return "this socket has been bound or connected before";
	case REASON_ALREADY_CONNECTED:
		return "this socket is, or was, connected: only one that never was can listen";
	case REASON_NOT_BOUND:
		return "a UNIX socket needs a name before it can listen";
	case REASON_CANNOT_LISTEN:
		return "sockets of this kind get no connections, so they cannot listen";
	default:
		return address_sentence(e);
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
		verdict_advise(
			e, ACTION_USE_OTHER_ADDRESS, EFFECTIVE_NOW,
			bt_is_ping(&e->rec.sock)
				? "bind an address of this machine"
				: "bind an address of this machine, or use a datagram socket");
		break;
	default:
		verdict_advise(e, ACTION_FIX_ARGUMENTS, EFFECTIVE_NOW,
			       "give bind() an address that fits the socket");
		break;
	}
}
