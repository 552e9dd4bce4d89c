/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* bindtrace as a child process: its lines, the sentinels among them, its closing account. */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver.h"

enum { LINES_FD = 20 }; /* where the tracer has its end of the pipe */

bool is(struct json_object *object, const char *path, const char *word)
{
	const char *text = json_object_get_string(member(object, path));

	return text && !strcmp(text, word);
}

/* The driver's own refusals come back in the order they were made. */
static bool is_sentinel(struct json_object *event)
{
	if (json_object_get_int64(member(event, "process.pid")) != getpid())
		return false;
	tracer.reached_port = (unsigned)json_object_get_int(member(event, "port"));
	tracer.late_ns = tracer.reached_port + 1 == tracer.next_port ? 0 : in_s(TRACER_LAG_S);
	return true;
}

void take_event(char *line, void *arg)
{
	struct json_object *event = json_tokener_parse(line);

	(void)arg;
	keep_line(line);
	if (!event)
		die("the tracer printed a line that is no JSON: %.300s", line);
	if (is(event, "kind", "header")) {
		const char *rung = json_object_get_string(member(event, "coverage.hook"));
		struct json_object *missing = member(event, "coverage.missing");

		tracer.header = true;
		snprintf(tracer.rung, sizeof(tracer.rung), "%s", rung ? rung : "");
		snprintf(tracer.missing, sizeof(tracer.missing), "%s",
			 missing ? json(missing) : "");
	}
	if (is(event, "kind", "lost"))
		tracer.lost += (uint64_t)json_object_get_int64(member(event, "count"));
	if (is(event, "kind", "footer"))
		tracer.footer = json_object_get(event);
	if (is(event, "kind", "failure")) {
		tracer.failures++;
		if (!is_sentinel(event)) {
			add(&events, event);
			return;
		}
	}
	json_object_put(event);
}

void start_tracer(void)
{
	char attach[64], to[64];
	const char *argv[] = { options.tracer, "--json", "--no-fold", "--output", to,
			       "--print",      "-v",	 NULL,	      NULL };
	int out[2], text = keep_text();

	if (options.attach) {
		snprintf(attach, sizeof(attach), "--attach=%s", options.attach);
		argv[7] = attach;
	}
	if (pipe2(out, O_CLOEXEC))
		die("pipe failed: %s", strerror(errno));
	snprintf(to, sizeof(to), "/proc/self/fd/%d", LINES_FD);
	fcntl(out[0], F_SETPIPE_SZ, 1 << 20);
	tracer.pid = fork();
	if (tracer.pid < 0)
		die("fork failed: %s", strerror(errno));
	if (tracer.pid == 0) {
		dup2(text, STDOUT_FILENO);
		dup2(out[1], LINES_FD);
		execv(options.tracer, (char **)argv);
		fprintf(stderr, "driver: cannot run %s: %s\n", options.tracer, strerror(errno));
		_exit(127);
	}
	close(out[1]);
	tracer.out.fd = out[0];
}

unsigned make_sentinel(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	unsigned port = tracer.next_port++;

	if (fd < 0 || bind(fd, (struct sockaddr *)&to, sizeof(to)))
		die("the sentinel's first bind failed: %s", strerror(errno));
	to.sin_port = htons((uint16_t)port);
	if (!bind(fd, (struct sockaddr *)&to, sizeof(to)) || errno != EINVAL)
		die("the sentinel's second bind was not refused with EINVAL");
	close(fd);
	if (!tracer.late_ns)
		tracer.late_ns = in_s(TRACER_LAG_S);
	return port;
}

static uint64_t total(const char *name)
{
	struct json_object *o = member(tracer.footer, name);

	if (!json_object_is_type(o, json_type_int))
		return UINT64_MAX;
	return json_object_get_uint64(o);
}

/* A total that is absent when it is 0. */
static uint64_t missed(const char *name)
{
	return member(tracer.footer, name) ? total(name) : 0;
}

const char *check_end(int status)
{
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return "it did not exit with status 0 on SIGINT";
	if (!tracer.footer)
		return "it printed no footer";
	if (total("refused") != total("printed") + total("folded") + total("lost"))
		return "refused is not printed + folded + lost";
	if ((total("lost") || tracer.lost) && !options.may_skip && !options.may_overcount)
		return "refusals were lost";
	if (total("lost") + missed("ends_missed") < tracer.skipped)
		return "more events did not come than it calls lost, or did not see the end of";
	if (missed("filters_missed") < tracer.filtered)
		return "more of seccomp's events did not come than filters it did not see";
	if (total("printed") != tracer.failures)
		return "printed is not the number of failure lines";
	return NULL;
}
