// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The address that bind() was given does not suit the socket, or this machine. */
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "verdict/verdict.h"

enum { SOCKADDR_IN_LEN = 16, SIN6_LEN_RFC2133 = 24, SOCKADDR_IN6_LEN = 28 };

static bool is_raw(const struct bt_sock *s)
{
	return s->protocol == IPPROTO_RAW;
}

static bool is_link_local(const struct bt_sock *s)
{
	return s->family == AF_INET6 && s->addr[0] == 0xfe && (s->addr[1] & 0xc0) == 0x80;
}

static bool is_multicast(const struct bt_sock *s)
{
	return s->family == AF_INET && (s->addr[0] & 0xf0) == 0xe0;
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

enum bt_reason arguments_invalid(const struct bt_record *r)
{
	if (r->operation != BT_OP_BIND)
		return REASON_OTHER;
	if (r->addr_len < least_len(r))
		return REASON_BAD_LENGTH;
	if (is_bound(r))
		return REASON_ALREADY_BOUND;
	if (!bt_takes_family(&r->sock, r->sa_family))
		return REASON_BAD_FAMILY;
	if (bt_is_mapped(&r->sock) && r->sock.v6only)
		return REASON_V6ONLY_MAPPED;
	if (is_link_local(&r->sock) && !r->sock.ifindex)
		return REASON_SCOPE_MISSING;
	return REASON_OTHER;
}

enum bt_reason arguments_address(const struct bt_record *r, enum bt_layer *layer)
{
	*layer = LAYER_ARGUMENTS;
	if (is_raw(&r->sock) && bt_is_mapped(&r->sock))
		return REASON_V6ONLY_MAPPED;
	if (bt_is_sctp(&r->sock) && is_link_local(&r->sock) && !r->sock.ifindex)
		return REASON_SCOPE_MISSING;
	*layer = LAYER_ADDRESS;
	return REASON_ADDRESS_NOT_LOCAL;
}

const char *arguments_sentence(const struct event *e)
{
	const struct bt_record *r = &e->rec;

	switch (e->verdict.reason) {
	case REASON_ADDRESS_NOT_LOCAL:
		if (bt_is_ping(&r->sock) && is_multicast(&r->sock))
			return "ping sockets take no multicast address";
		if (r->more_len)
			return "no interface of this network namespace has the address, or one of "
			       "the others given with it";
		return "no interface of this network namespace has the address";
	case REASON_SCOPE_MISSING:
		return "a link-local address needs its interface (sin6_scope_id, written %eth0)";
	case REASON_ALREADY_BOUND:
		if (bt_is_sctp(&r->sock) && r->sock.port && r->bound_port != r->sock.port)
			return "an SCTP socket has one port for all its addresses, and this one "
			       "has another already";
		return "this socket has been bound or connected before";
	case REASON_BAD_LENGTH:
		return r->error == EFAULT ? "the address is not in the program's memory"
					  : "the address has a wrong length (addrlen)";
	case REASON_BAD_FAMILY:
		return "the address is of another family than the socket";
	default: /* REASON_V6ONLY_MAPPED */
		if (is_raw(&r->sock) || bt_is_ping(&r->sock))
			return "raw and ping sockets of IPv6 take no IPv4-mapped address";
		return "an IPv4-mapped address cannot be bound on a socket with IPV6_V6ONLY";
	}
}

/* Where IP_FREEBIND helps: raw_bind() has looked at it since 5.17 or so, ping sockets want no multicast. */
static bool can_freebind(const struct bt_record *r)
{
	if (is_raw(&r->sock) && r->sock.family == AF_INET)
		return r->rule & BT_RULE_BHASH2;
	return !(bt_is_ping(&r->sock) && is_multicast(&r->sock));
}

void arguments_advice(struct event *e)
{
	switch (e->verdict.reason) {
	case REASON_ADDRESS_NOT_LOCAL:
		verdict_advise(e, ACTION_ADD_ADDRESS, EFFECTIVE_NOW,
			       "bind an address that this machine has, or give it this one");
		if (can_freebind(&e->rec))
			verdict_advise(e, ACTION_SET_FREEBIND, EFFECTIVE_NOW,
				       "if the address comes later (failover, DHCP): set "
				       "IP_FREEBIND before bind() (FreeBind= in a .socket unit)");
		break;
	case REASON_SCOPE_MISSING:
		verdict_advise(e, ACTION_SET_SCOPE, EFFECTIVE_NOW,
			       "name the interface: fe80::1%eth0, or sin6_scope_id");
		break;
	case REASON_ALREADY_BOUND:
		verdict_advise(e, ACTION_USE_NEW_SOCKET, EFFECTIVE_NOW,
			       "make a new socket for another address");
		break;
	default: /* REASON_BAD_LENGTH, REASON_BAD_FAMILY, REASON_V6ONLY_MAPPED */
		verdict_advise(e, ACTION_FIX_ARGUMENTS, EFFECTIVE_NOW,
			       "give bind() an address that fits the socket");
		break;
	}
}
