// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/target.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stddef.h>
#include <string.h>

#include "base/number.h"

static int parse_port(const char *word, in_port_t *out, const char **why)
{
	uint32_t port;

	*why = "a port is a number from 1 to 65535";
	if (number_u32(word, &port) || port > UINT16_MAX)
		return -EINVAL;
	*why = "port 0 lets the kernel choose, and is never refused to one socket for another's "
	       "sake";
	if (!port)
		return -EINVAL;
	*out = htons((uint16_t)port);
	return 0;
}

static int parse_unix(const char *path, struct target *t, const char **why)
{
	size_t n = strlen(path);

	*why = "the path of a UNIX socket has 1 to 107 bytes";
	if (!n || n >= sizeof(t->un.sun_path))
		return -EINVAL;
	t->un.sun_family = AF_UNIX;
	memcpy(t->un.sun_path, path, n + 1);
	t->len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + 1);
	if (path[0] == '@') {
		t->un.sun_path[0] = '\0';
		t->len--;
	}
	return 0;
}

/* "::1]:8000" or "fe80::1%eth0]:8000" */
static int parse_v6(const char *word, struct target *t, const char **why)
{
	char address[INET6_ADDRSTRLEN + IF_NAMESIZE + 1], *scope;
	const char *end = strchr(word, ']');
	uint32_t index;

	*why = "an IPv6 address is written [::1]:8000";
	if (!end || end[1] != ':' || (size_t)(end - word) >= sizeof(address))
		return -EINVAL;
	memcpy(address, word, (size_t)(end - word));
	address[end - word] = '\0';
	scope = strchr(address, '%');
	if (scope) {
		*scope++ = '\0';
		t->in6.sin6_scope_id = if_nametoindex(scope);
		if (!t->in6.sin6_scope_id && !number_u32(scope, &index))
			t->in6.sin6_scope_id = index;
		*why = "there is no interface of the name behind the %";
		if (!t->in6.sin6_scope_id)
			return -EINVAL;
		*why = "an IPv6 address is written [::1]:8000";
	}
	if (inet_pton(AF_INET6, address, &t->in6.sin6_addr) != 1)
		return -EINVAL;
	t->in6.sin6_family = AF_INET6;
	t->len = sizeof(t->in6);
	return parse_port(end + 2, &t->in6.sin6_port, why);
}

/* "127.0.0.1:8000", "*:8000", or the port alone, when there is no colon */
static int parse_v4(const char *word, const char *colon, struct target *t, const char **why)
{
	char address[INET_ADDRSTRLEN] = "*";

	*why = "an address is written 127.0.0.1:8000, [::1]:8000 or *:8000";
	if (colon && (size_t)(colon - word) >= sizeof(address))
		return -EINVAL;
	if (colon) {
		memcpy(address, word, (size_t)(colon - word));
		address[colon - word] = '\0';
	}
	if (strcmp(address, "*") && inet_pton(AF_INET, address, &t->in.sin_addr) != 1)
		return -EINVAL;
	t->in.sin_family = AF_INET;
	t->len = sizeof(t->in);
	return parse_port(colon ? colon + 1 : word, &t->in.sin_port, why);
}

int target_parse(const char *word, struct target *out, const char **why)
{
	const char *colon = strrchr(word, ':');

	memset(out, 0, sizeof(*out));
	if (!strncmp(word, "unix:", 5))
		return parse_unix(word + 5, out, why);
	if (word[0] == '/' || word[0] == '@') {
		*why = "a UNIX socket is written unix:/run/x.sock or unix:@name";
		return -EINVAL;
	}
	if (word[0] == '[')
		return parse_v6(word + 1, out, why);
	if (colon && strchr(word, ':') != colon) {
		*why = "an IPv6 address is written [::1]:8000";
		return -EINVAL;
	}
	return parse_v4(word, colon, out, why);
}

void target_sock(const struct target *target, uint16_t protocol, struct bt_sock *out)
{
	memset(out, 0, sizeof(*out));
	out->family = target->any.sa_family;
	if (target->any.sa_family == AF_UNIX)
		return;
	out->protocol = protocol;
	if (target->any.sa_family == AF_INET6) {
		memcpy(out->addr, &target->in6.sin6_addr, 16);
		out->port = ntohs(target->in6.sin6_port);
		out->ifindex = target->in6.sin6_scope_id;
	} else {
		memcpy(out->addr, &target->in.sin_addr, 4);
		out->port = ntohs(target->in.sin_port);
	}
}
