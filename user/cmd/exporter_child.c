// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/exporter_child.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "cmd/commands.h"

static int find_exporter(char path[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - sizeof("-export"));

	if (n < 0)
		return -errno;
	path[n] = '\0';
	n = strrchr(path, '/') - path;
	snprintf(path + n, PATH_MAX - (size_t)n, "/bindtrace-export");
	return 0;
}

static int exporter_exec(char **argv)
{
	char path[PATH_MAX] = "bindtrace-export";
	int err = find_exporter(path);

	if (!err) {
		execv(path, argv);
		err = -errno;
	}
	log_error("cannot start %s: %s; it belongs beside bindtrace", path, strerror(-err));
	return EXIT_FAILED;
}

int command_export(struct options *options)
{
	static char name[] = "bindtrace-export";

	options->argv[1] = name;
	return exporter_exec(options->argv + 1);
}

/* In the child. The tracer's end of the pair is closed by exec. */
__attribute__((noreturn)) static void become(const struct options *o, int fd)
{
	char *argv[MAX_EXPORTS + 4] = { "bindtrace-export", "--child" };
	char **word = argv + 2;
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (unsigned i = 0; i < o->n_exports; i++)
		if (asprintf(word++, o->exports[i].argument ? "--%s=%s" : "--%s",
			     o->exports[i].name, o->exports[i].argument) < 0)
			_exit(EXIT_FAILED);
	/* --quiet is the tracer's own: why a collector gets nothing has to be said somewhere */
	if (o->verbose > 0)
		*word = "--verbose";
	if (dup2(fd, STDIN_FILENO) < 0)
		_exit(EXIT_FAILED);
	_exit(exporter_exec(argv));
}

/* It says so by a byte; what went wrong instead it has printed itself. */
static int await_ready(struct exporter_child *c)
{
	int status;
	ssize_t n;
	char byte;

	do
		n = read(c->fd, &byte, 1);
	while (n < 0 && errno == EINTR);
	if (n == 1)
		return EXIT_OK;
	while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
		;
	c->pid = 0;
	if (WIFEXITED(status) && WEXITSTATUS(status))
		return WEXITSTATUS(status);
	log_error("the exporter ended before it was ready");
	return EXIT_FAILED;
}

int exporter_child_start(struct exporter_child *c, const struct options *o)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair)) {
		log_error("cannot reach an exporter: %s", strerror(errno));
		return EXIT_FAILED;
	}
	signal(SIGCHLD, SIG_DFL);
	c->pid = fork();
	if (!c->pid)
		become(o, pair[1]);
	close(pair[1]);
	c->fd = pair[0];
	if (c->pid < 0) {
		log_error("cannot start another process: %s", strerror(errno));
		c->pid = 0;
		return EXIT_FAILED;
	}
	return await_ready(c);
}

const char *exporter_child_end(struct exporter_child *c, uint64_t until_ns)
{
	struct pollfd p = { .fd = c->fd, .events = POLLIN };
	uint64_t now = clock_boottime_ns();
	int status = 0, ready;

	shutdown(c->fd, SHUT_WR);
	ready = poll(&p, 1, now < until_ns ? (int)((until_ns - now) / 1000000 + 1) : 0);
	if (ready < 1)
		kill(c->pid, SIGKILL);
	while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (ready < 1)
		return "the exporter did not end, and was killed";
	if (!WIFEXITED(status))
		return "somebody killed the exporter";
	/* it has said itself why */
	return WEXITSTATUS(status) ? "the exporter has failed" : NULL;
}
