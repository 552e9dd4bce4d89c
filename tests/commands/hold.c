// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Holds a port of 127.0.0.1 until a line comes (or the end of the input), then lets go of it:
 *
 *   hold listen|bound|udp|time_wait|fin_wait2|orphan|accepted PORT [share] [reuseaddr] [count]
 *
 * Prints its pid when it holds it, and CLOCK_BOOTTIME in nanoseconds when it lets go. share: a child has the
 * socket, too; its pid is printed behind its parent's. time_wait, fin_wait2 end by themselves. count: meanwhile the kernel
 * counts how often it runs BPF programs.
 *
 *   hold poll PORT|PATH  asks for it a thousand times a second, and prints CLOCK_BOOTTIME when it is bound
 *   hold unix PATH       (or @NAME) listens there, as above
 */
#include <bpf/bpf.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "kit.h"

static struct ep at_name(const char *path)
{
	return path[0] == '@' ? at_abstract(path + 1) : at_path(path);
}

static int on_unix(const char *path)
{
	struct ep ep = at_name(path);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	must(!bind(fd, &ep.sa, ep.len) && !listen(fd, 1), "no UNIX listener");
	return fd;
}

static int poll_name(struct ep ep)
{
	int fd = new_socket(ep, 0);

	while (bind(fd, &ep.sa, ep.len))
		nap_ms(1);
	printf("%llu\n", (unsigned long long)boottime_ns());
	return 0;
}

/* The server's end is closed, the client's is not: it waits for the peer until a timer ends it. */
static int fin_wait2(struct ep ep)
{
	struct conn c = lone_connection(ep, 0);

	shut(c.server);
	await_mini(port_of(ep), TCP_FIN_WAIT2);
	return -1;
}

/* CLOSE_WAIT: the client has gone, the listener too. */
static int accepted(struct ep ep, unsigned options)
{
	struct conn c = lone_connection(ep, options);

	shut(c.client);
	await_eof(c.server);
	return c.server;
}

static int hold(const char *how, struct ep ep, unsigned options)
{
	if (!strcmp(how, "listen"))
		return listen_on(ep, options);
	if (!strcmp(how, "bound"))
		return bound_on(ep, options);
	if (!strcmp(how, "udp"))
		return bound_on(ep, options | UDP);
	if (!strcmp(how, "accepted"))
		return accepted(ep, options);
	if (!strcmp(how, "time_wait"))
		time_wait(ep, options);
	else if (!strcmp(how, "fin_wait2"))
		return fin_wait2(ep);
	else
		exit(2);
	return -1;
}

int main(int argc, char **argv)
{
	unsigned options = 0;
	pid_t child = 0;
	struct ep ep;
	int fd, i;
	char byte;

	if (argc < 3)
		return 2;
	setlinebuf(stdout);
	ep = at("127.0.0.1", (unsigned)atoi(argv[2]));
	if (!strcmp(argv[1], "poll"))
		return poll_name(strchr("/@", argv[2][0]) ? at_name(argv[2]) : ep);
	for (i = 3; i < argc; i++) {
		options |= strcmp(argv[i], "reuseaddr") ? 0 : RA;
		must(strcmp(argv[i], "count") || bpf_enable_stats(BPF_STATS_RUN_TIME) >= 0,
		     "the kernel does not count");
	}
	fd = !strcmp(argv[1], "unix") ? on_unix(argv[2]) : hold(argv[1], ep, options);
	if (argc > 3 && !strcmp(argv[3], "share"))
		child = fork();
	if (child || argc < 4 || strcmp(argv[3], "share"))
		printf("%d %d\n", getpid(), child);
	if (read(STDIN_FILENO, &byte, 1) < 0)
		return 1;
	printf("%llu\n", (unsigned long long)boottime_ns());
	if (fd >= 0 && close(fd))
		return 1;
	if (child) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	return 0;
}
