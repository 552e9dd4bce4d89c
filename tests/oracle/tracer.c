/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* bindtrace as a child process that watches nobody but the oracle. */

#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "driver.h"
#include "oracle.h"

enum { START_S = 120, LAG_S = 30 };

static pid_t tracer_pid;
static struct lines lines = { .fd = -1 };
static struct list queue;
static size_t taken;
static unsigned long lost;

/* For driver_pipe.c. */
void die(const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	fail("%s", text);
}

static void take_line(char *line, void *arg)
{
	struct json_object *event = json_tokener_parse(line);

	(void)arg;
	must(event, "the tracer printed a line that is no JSON");
	if (!strcmp(word(event, "kind"), "lost"))
		lost++;
	add(&queue, event);
}

/* The next line of the tracer; NULL when it ended, or when none came within that time. */
static struct json_object *next_line(unsigned seconds)
{
	struct pollfd p = { .fd = lines.fd, .events = POLLIN };

	while (taken == queue.n) {
		taken = queue.n = 0;
		if (poll(&p, 1, (int)seconds * 1000) <= 0 || !read_lines(&lines, take_line, NULL))
			return NULL;
	}
	return queue.items[taken++];
}

void start_tracer_of_me(const char *path, const char *attach)
{
	char pid[16], rung[64];
	const char *argv[] = { path, "--json", "--no-fold", "--all", "-p", pid, NULL, NULL };
	struct json_object *header;
	int out[2];

	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	snprintf(rung, sizeof(rung), "--attach=%s", attach ? attach : "auto");
	argv[6] = rung;
	must(!pipe2(out, O_CLOEXEC), "pipe failed");
	tracer_pid = fork();
	must(tracer_pid >= 0, "fork failed");
	if (!tracer_pid) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		dup2(out[1], STDOUT_FILENO);
		execv(path, (char **)argv);
		fail("cannot run %s", path);
	}
	close(out[1]);
	lines.fd = out[0];
	header = next_line(START_S);
	must(header && !strcmp(word(header, "kind"), "header"), "the tracer did not start");
	printf("kernel %s, attached by %s\n", word(header, "kernel"),
	       word(header, "coverage.hook"));
	json_object_put(header);
}

static bool is_of(struct json_object *event, const char *operation, unsigned port)
{
	if (strcmp(word(event, "kind"), "failure") && strcmp(word(event, "kind"), "bound"))
		return false;
	return !strcmp(word(event, "operation"), operation) &&
	       json_object_get_int(member(event, "port")) == (int)port &&
	       json_object_get_int(member(event, "process.tid")) == (int)gettid();
}

/* A port serves one round, so an event that came late is told by its port. */
struct json_object *next_event(const char *operation, unsigned port)
{
	struct json_object *event;

	while ((event = next_line(LAG_S)) && !is_of(event, operation, port))
		json_object_put(event);
	return event;
}

const char *stop_tracer(unsigned long refusals, bool may_lose)
{
	struct json_object *event, *footer = NULL;
	uint64_t missed;
	int status;

	kill(tracer_pid, SIGINT);
	while ((event = next_line(LAG_S))) {
		json_object_put(footer);
		footer = event;
	}
	must(waitpid(tracer_pid, &status, 0) == tracer_pid, "waitpid failed");
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return "the tracer did not exit with status 0 on SIGINT";
	if (strcmp(word(footer, "kind"), "footer"))
		return "the tracer's last line is no footer";
	missed = json_object_get_uint64(member(footer, "lost"));
	if ((lost || missed) && !may_lose)
		return "the tracer lost refusals";
	printf("reasons: %s\n", json(member(footer, "by_reason")));
	printf("refused calls %lu, the footer says %s, of them lost %lu\n", refusals,
	       word(footer, "refused"), (unsigned long)missed);
	if (json_object_get_uint64(member(footer, "refused")) != refusals + missed ||
	    json_object_get_uint64(member(footer, "printed")) != refusals)
		return "the footer's number of refusals is not the number the oracle met";
	json_object_put(footer);
	return NULL;
}
