// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "model/endpoint.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include "bpf/rule.h"
#include "model/names.h"

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

/* "127.0.0.1", "fe80::1%2" */
static void add_host(struct text *t, const struct bt_sock *s)
{
	char ip[INET6_ADDRSTRLEN];

	text_add(t, endpoint_address(s->addr, s->family, ip) ? ip : "unknown address");
	if (s->ifindex)
		text_printf(t, "%%%u", s->ifindex);
}

void endpoint_add_local(struct text *t, const struct bt_sock *s)
{
	switch (s->protocol) {
	case IPPROTO_RAW:
		add_host(t, s);
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		add_host(t, s);
		text_printf(t, " id %u", s->port);
		break;
	default:
		endpoint_add(t, s->addr, s->family, s->port, s->ifindex);
	}
}

void endpoint_add_peer(struct text *t, const struct bt_sock *s)
{
	endpoint_add(t, s->peer, s->family, s->peer_port, 0);
}

struct bt_sock endpoint_folded(const struct folded *of)
{
	struct bt_sock s = { .sk = 1,
			     .family = of->key.family,
			     .protocol = of->key.protocol,
			     .port = of->key.port,
			     .ifindex = of->key.ifindex };

	memcpy(s.addr, of->key.addr, sizeof(s.addr));
	return s;
}

const char *endpoint_protocol(const struct bt_sock *s)
{
	if (s->family == AF_UNIX)
		return s->sk ? "unix" : NULL;
	return s->protocol ? protocol_name(s->protocol) : NULL;
}

size_t endpoint_unix_name(const char *path, unsigned path_len, char out[BT_PATH_LEN])
{
	size_t n = path_len < BT_PATH_LEN ? path_len : BT_PATH_LEN;

	if (n && path[0])
		n = strnlen(path, n);
	memcpy(out, path, n);
	if (n && !path[0])
		out[0] = '@';
	return n;
}

void endpoint_add_unix(struct text *t, const char *path, unsigned path_len)
{
	char name[BT_PATH_LEN];
	size_t n = endpoint_unix_name(path, path_len, name), end = n;

	/* who passes sizeof(struct sockaddr_un) gets a name that ends in zeros */
	while (end && !name[end - 1])
		end--;
	text_escape(t, name, end);
	if (end < n)
		text_printf(t, " (and %zu zero bytes)", n - end);
}

bool endpoint_asked(const struct bt_record *r)
{
	if (r->sock.family == AF_UNIX)
		return r->path_len;
	/* an operation without a name here (a newer bindtrace recorded it) may be like bind() */
	if ((r->operation && r->operation != BT_OP_BIND) || !r->error)
		return r->sock.family;
	if (r->sock.family != AF_INET && r->sock.family != AF_INET6)
		return false;
	if (!bt_takes_family(&r->sock, r->sa_family))
		return false;
	/* inet_bind() takes AF_UNSPEC for AF_INET, raw_bind() any */
	if (r->sa_family != AF_INET && r->sa_family != AF_INET6 && r->sa_family != AF_UNSPEC &&
	    r->sock.protocol != BT_IPPROTO_RAW)
		return false;
	return r->addr_len >=
	       (r->sa_family == AF_INET6 ? SIN6_LEN_RFC2133 : sizeof(struct sockaddr_in));
}
