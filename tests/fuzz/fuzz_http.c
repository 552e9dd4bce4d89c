// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Requests to /metrics: whatever the bytes are, what comes back is whole answers of HTTP, one behind the other, each with
 * a status that we or libmicrohttpd mean, and the connection ends when the client has said all it has.
 */
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "export/prometheus_http.h"
#include "fuzz.h"

enum { MOST_ROUNDS = 100000, ANSWERS = 4 << 20 };

static char answers[ANSWERS + 1];

/* Ours; and of what is no request, or too long a one, the library's. */
static int is_meant(long status)
{
	static const int meant[] = { 200, 404, 405, 100, 400, 411, 413, 414, 431, 501, 505 };

	for (size_t i = 0; i < sizeof(meant) / sizeof(*meant); i++)
		if (status == meant[i])
			return 1;
	return 0;
}

/* The value of a header line between at and end, or NULL. */
static const char *header(const char *at, const char *end, const char *name)
{
	size_t n = strlen(name);

	for (; at < end; at = strstr(at, "\r\n") + 2)
		if (!strncasecmp(at, name, n))
			return at + n;
	return NULL;
}

/* Behind the answer at at: one to HEAD has the length of a body, and none. */
static const char *whole(const char *at, const char *end)
{
	const char *body = strstr(at, "\r\n\r\n"), *length;
	long status, n;

	fuzz_expect(!strncmp(at, "HTTP/1.", 7) && (at[7] == '0' || at[7] == '1') && at[8] == ' ');
	status = strtol(at + 9, NULL, 10);
	fuzz_expect(is_meant(status) && body);
	body += 4;
	if (status == 100)
		return body;
	length = header(at, body - 2, "Content-Length: ");
	fuzz_expect(length && header(at, body - 2, "Date: "));
	n = strtol(length, NULL, 10);
	if (body == end || !strncmp(body, "HTTP/1.", 7))
		return body;
	fuzz_expect(n >= 0 && n <= end - body);
	return body + n;
}

/* All that it answers until it ends the connection. */
static size_t read_all(struct MHD_Daemon *daemon, int fd)
{
	size_t n = 0;
	ssize_t got = -1;

	for (unsigned i = 0; got && i < MOST_ROUNDS && n < ANSWERS; i++) {
		MHD_run(daemon);
		got = recv(fd, answers + n, ANSWERS - n, MSG_DONTWAIT);
		n += got > 0 ? (size_t)got : 0;
	}
	fuzz_expect(!got || n == ANSWERS);
	answers[n] = '\0';
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct sockaddr_in from = { .sin_family = AF_INET };
	static struct MHD_Daemon *daemon;
	int fds[2];
	size_t got;

	if (!daemon)
		daemon = prometheus_http(metrics_new(4), MHD_USE_NO_LISTEN_SOCKET, -1);
	fuzz_expect(daemon && !socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds));
	fuzz_expect(MHD_add_connection(daemon, fds[1], (const struct sockaddr *)&from,
				       sizeof(from)) == MHD_YES);
	fuzz_expect(send(fds[0], data, n, MSG_NOSIGNAL) == (ssize_t)n || !n);
	shutdown(fds[0], SHUT_WR);
	got = read_all(daemon, fds[0]);
	if (got < ANSWERS)
		for (const char *at = answers; at < answers + got;)
			at = whole(at, answers + got);
	close(fds[0]);
	return 0;
}
