// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/syslog_target.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/number.h"

/* A host that answers nothing is given up after so long, also in the middle of a connection. */
enum { PATIENCE_MS = 10000 };

static bool copy(char *out, size_t size, const char *s, size_t n)
{
	if (!n || n >= size)
		return false;
	memcpy(out, s, n);
	out[n] = '\0';
	return true;
}

/* "HOST:PORT", "[::1]:PORT"; the port as a number: names of services would be looked up. */
static bool parse_host(struct syslog_target *t, const char *s)
{
	uint32_t port = 0;
	const char *colon = strrchr(s, ':');
	size_t n = colon ? (size_t)(colon - s) : 0;

	if (!n || !copy(t->port, sizeof(t->port), colon + 1, strlen(colon + 1)))
		return false;
	if (number_u32(t->port, &port) || !port || port > UINT16_MAX)
		return false;
	if (s[0] == '[' && s[n - 1] == ']')
		return n > 2 && copy(t->host, sizeof(t->host), s + 1, n - 2);
	return !memchr(s, ':', n) && copy(t->host, sizeof(t->host), s, n);
}

bool syslog_target_parse(struct syslog_target *t, const char *text)
{
	static const struct {
		const char *prefix;
		int family, type;
	} kinds[] = {
		{ "unix:", AF_UNIX, SOCK_DGRAM },
		{ "udp:", AF_UNSPEC, SOCK_DGRAM },
		{ "tcp:", AF_UNSPEC, SOCK_STREAM },
	};
	const char *rest;

	for (unsigned i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strncmp(text, kinds[i].prefix, strlen(kinds[i].prefix)) != 0)
			continue;
		*t = (struct syslog_target){ .family = kinds[i].family, .type = kinds[i].type };
		rest = text + strlen(kinds[i].prefix);
		if (t->family != AF_UNIX)
			return parse_host(t, rest);
		return strlen(rest) < sizeof(((struct sockaddr_un *)0)->sun_path) &&
		       copy(t->host, sizeof(t->host), rest, strlen(rest));
	}
	return false;
}

/* Until it is connected. 0 or -errno. */
static int await(int fd, int stop_fd)
{
	struct pollfd p[] = { { .fd = stop_fd, .events = POLLIN },
			      { .fd = fd, .events = POLLOUT } };
	socklen_t size = sizeof(int);
	int err = 0, n;

	do {
		n = poll(p, 2, PATIENCE_MS);
	} while (n < 0 && errno == EINTR);
	if (n <= 0)
		return n ? -errno : -ETIMEDOUT;
	if (p[0].revents)
		return -ECANCELED;
	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &size) ? -errno : -err;
}

static int connect_to(const struct sockaddr *address, socklen_t length, int type, int stop_fd)
{
	int fd = socket(address->sa_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int err = 0, patience_ms = PATIENCE_MS;

	if (fd < 0)
		return -errno;
	if (type == SOCK_STREAM)
		setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &patience_ms, sizeof(patience_ms));
	if (connect(fd, address, length))
		err = errno == EINPROGRESS ? await(fd, stop_fd) : -errno;
	if (!err)
		return fd;
	close(fd);
	return err;
}

int syslog_target_connect(const struct syslog_target *t, int stop_fd)
{
	const struct addrinfo hints = { .ai_family = t->family, .ai_socktype = t->type };
	struct sockaddr_un path = { .sun_family = AF_UNIX };
	struct addrinfo *list = NULL, *a;
	struct pollfd stop = { .fd = stop_fd, .events = POLLIN };
	int fd = -ENONET;

	if (t->family == AF_UNIX) {
		strcpy(path.sun_path, t->host);
		return connect_to((struct sockaddr *)&path, sizeof(path), t->type, stop_fd);
	}
	if (getaddrinfo(t->host, t->port, &hints, &list))
		list = NULL;
	/* while a name server was waited for nobody looked, and the end may have come */
	if (poll(&stop, 1, 0) > 0)
		fd = -ECANCELED;
	for (a = list; a && fd < 0 && fd != -ECANCELED; a = a->ai_next)
		fd = connect_to(a->ai_addr, a->ai_addrlen, t->type, stop_fd);
	if (list)
		freeaddrinfo(list);
	return fd;
}
