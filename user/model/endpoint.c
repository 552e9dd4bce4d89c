/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "model/endpoint.h"

#include <arpa/inet.h>

#define SIN6_LEN_RFC2133 24 /* the least inet6_bind() takes: no scope id */

bool endpoint_address(const uint8_t addr[16], unsigned family, char out[INET6_ADDRSTRLEN])
{
	out[0] = '\0';
	if (family != AF_INET && family != AF_INET6)
		return false;
	return inet_ntop((int)family, addr, out, INET6_ADDRSTRLEN) != NULL;
}

void endpoint_add(struct text *t, const uint8_t addr[16], unsigned family, unsigned port,
		  unsigned ifindex)
{
	char ip[INET6_ADDRSTRLEN], device[16] = "";
	struct text d;

	if (!endpoint_address(addr, family, ip)) {
		text_add(t, "unknown address");
		return;
	}
	text_init(&d, device, sizeof(device));
	if (ifindex)
		text_printf(&d, "%%%u", ifindex);
	text_printf(t, family == AF_INET6 ? "[%s%s]:%u" : "%s%s:%u", ip, device, port);
}

void endpoint_add_local(struct text *t, const struct bt_sock *s)
{
	endpoint_add(t, s->addr, s->family, s->port, s->ifindex);
}

void endpoint_add_peer(struct text *t, const struct bt_sock *s)
{
	endpoint_add(t, s->peer, s->family, s->peer_port, 0);
}

bool endpoint_asked(const struct bt_record *r)
{
	if (r->operation != BT_OP_BIND || !r->error)
		return true;
	if (r->sock.family != AF_INET && r->sock.family != AF_INET6)
		return false;
	/* inet_bind() takes AF_UNSPEC for AF_INET */
	if (r->sa_family != AF_INET && r->sa_family != AF_INET6 && r->sa_family != AF_UNSPEC)
		return false;
	return r->addr_len >=
	       (r->sa_family == AF_INET6 ? SIN6_LEN_RFC2133 : sizeof(struct sockaddr_in));
}
