/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One case program: started, listened to, ended. */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver.h"

bool in_background(const struct run *run)
{
	return !strncmp(run->name, BACKGROUND, strlen(BACKGROUND));
}

/* A word that it has already is not taken twice. */
static void note_unseen(struct run *run, const char *word)
{
	size_t n = strlen(run->unseen);

	if (!strstr(run->unseen, word))
		snprintf(run->unseen + n, sizeof(run->unseen) - n, "%s%s", n ? " " : "", word);
}

void take_case_line(char *line, void *arg)
{
	struct run *run = arg;
	struct json_object *o = json_tokener_parse(line), *child = member(o, "child");

	if (!json_object_is_type(o, json_type_object)) {
		snprintf(run->last_words, sizeof(run->last_words), "%.250s", line);
	} else if (child && run->n_pids < MAX_PIDS) {
		run->pids[run->n_pids++] = json_object_get_int(child);
	} else if (member(o, "settle")) {
		run->settle_port = make_sentinel();
	} else if (member(o, "await")) {
		run->awaits = true;
	} else if (member(o, "quiet")) {
		run->quiet = true;
	} else if (member(o, "unseen")) {
		note_unseen(run, json_object_get_string(member(o, "unseen")));
	} else if (member(o, "more")) {
		run->more = true;
	} else if (member(o, "freed_boottime_ns")) {
		run->freed = json_object_get(o);
	} else {
		add(&run->expected, json_object_get(o));
	}
	json_object_put(o);
}

void take_case_error(char *line, void *arg)
{
	struct run *run = arg;

	snprintf(run->last_words, sizeof(run->last_words), "%.250s", line);
}

void start_case(struct run *run)
{
	char path[4096];
	int in[2], out[2], err[2];

	if (snprintf(path, sizeof(path), "%s/%s", options.dir, run->name) >= (int)sizeof(path))
		die("the path of %s is too long", run->name);
	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC))
		die("pipe failed: %s", strerror(errno));
	run->first_event = events.n;
	run->pid = fork();
	if (run->pid < 0)
		die("fork failed: %s", strerror(errno));
	if (run->pid == 0) {
		setpgid(0, 0);
		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		dup2(err[1], STDERR_FILENO);
		signal(SIGPIPE, SIG_DFL);
		setenv("BINDTRACE_CASE_SETTLE", "1", 1);
		setenv("BINDTRACE_RUNG", tracer.rung, 1);
		setenv("BINDTRACE_MISSING", tracer.missing, 1);
		execl(path, run->name, (char *)NULL);
		fprintf(stderr, "cannot run %s: %s\n", path, strerror(errno));
		_exit(127);
	}
	setpgid(run->pid, run->pid);
	close(in[0]);
	close(out[1]);
	close(err[1]);
	run->to = in[1];
	run->out.fd = out[0];
	run->err.fd = err[0];
	fcntl(run->out.fd, F_SETFL, O_NONBLOCK);
	fcntl(run->err.fd, F_SETFL, O_NONBLOCK);
	run->pidfd = (int)syscall(SYS_pidfd_open, run->pid, 0);
	if (run->pidfd < 0)
		die("pidfd_open failed: %s", strerror(errno));
	run->pids[run->n_pids++] = run->pid;
	run->running = true;
	run->deadline_ns = in_s(in_background(run) ? FREES_AT_TIMEOUT_S : CASE_TIMEOUT_S);
}

/* Takes what is left; the pipe's end does not come while a helper that outlived the case has it. */
static void drain(struct run *run, struct lines *l, void (*take)(char *line, void *arg))
{
	struct pollfd p = { l->fd, POLLIN, 0 };

	while (poll(&p, 1, 0) > 0 && read_lines(l, take, run))
		;
}

void end_case(struct run *run)
{
	kill(-run->pid, SIGKILL);
	if (waitpid(run->pid, &run->status, 0) != run->pid)
		die("waitpid failed: %s", strerror(errno));
	drain(run, &run->out, take_case_line);
	drain(run, &run->err, take_case_error);
	run->running = false;
	close(run->pidfd);
	close(run->to);
	close(run->out.fd);
	close(run->err.fd);
	run->end_port = make_sentinel();
}
