// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/address.h"

#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/number.h"

enum { BACKLOG = 64 };

/* "9095", "0.0.0.0:9095", "[::]:9095". false: it is none of these. A number that is none of a port libc would cut. */
static bool split(const char *text, char host[64], const char **port)
{
	const char *colon = strrchr(text, ':'), *begin = text;
	size_t n = colon ? (size_t)(colon - text) : 0;
	uint32_t number;

	*port = colon ? colon + 1 : text;
	if (n && text[0] == '[' && colon[-1] == ']') {
		begin++;
		n -= 2;
	} else if (n && memchr(text, ':', n)) {
		return false;
	}
	snprintf(host, 64, "%.*s", (int)n, begin);
	if (!n)
		strcpy(host, "127.0.0.1");
	return n < 64 && !number_u32(*port, &number) && number && number <= UINT16_MAX;
}

/* Nothing is looked up. 0 and what the caller frees by freeaddrinfo(). */
static int resolve(const char *text, char host[64], const char **port, struct addrinfo **a)
{
	const struct addrinfo hints = { .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV,
					.ai_socktype = SOCK_STREAM };

	return split(text, host, port) && !getaddrinfo(host, *port, &hints, a) ? 0 : -EINVAL;
}

bool address_is_valid(const char *text)
{
	struct addrinfo *a = NULL;
	const char *port;
	char host[64];

	if (resolve(text, host, &port, &a))
		return false;
	freeaddrinfo(a);
	return true;
}

/* Who has it is known to the one tool for that, when it may look. */
static void ask_check(const char *host, const char *port)
{
	char self[PATH_MAX], endpoint[128];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	pid_t pid;

	if (geteuid() || n < 0)
		return;
	self[n] = '\0';
	n -= (ssize_t)strlen("-export");
	if (n < 1 || strcmp(self + n, "-export"))
		return;
	self[n] = '\0';
	snprintf(endpoint, sizeof(endpoint), strchr(host, ':') ? "[%s]:%s" : "%s:%s", host, port);
	pid = fork();
	if (!pid) {
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execl(self, "bindtrace", "check", "--reuseaddr", "--listen", endpoint, NULL);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static void explain(const char *text, const char *host, const char *port, int err)
{
	if (err != EADDRINUSE) {
		log_error("cannot serve metrics on %s: %s", text, strerror(err));
		return;
	}
	log_error("cannot serve metrics on %s: the port is taken%s", text,
		  geteuid() ? "; sudo bindtrace check says by whom" : "");
	ask_check(host, port);
}

int address_listen(const char *text)
{
	struct addrinfo *a = NULL;
	const char *port;
	char host[64];
	int fd, yes = 1;

	if (resolve(text, host, &port, &a)) {
		explain(text, host, port, EINVAL);
		return -1;
	}
	fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (fd < 0 || bind(fd, a->ai_addr, a->ai_addrlen) || listen(fd, BACKLOG)) {
		explain(text, host, port, errno);
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	freeaddrinfo(a);
	return fd;
}
