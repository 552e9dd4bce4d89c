/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#define _GNU_SOURCE /* unshare */
#include "child.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

uint64_t child_start(pid_t pid)
{
	char path[64], buf[1024], *field;
	unsigned long long ticks;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	f = fopen(path, "r");
	assert_non_null(f);
	buf[fread(buf, 1, sizeof(buf) - 1, f)] = '\0';
	fclose(f);
	/* the space after ")" is the one before field 3 */
	field = strrchr(buf, ')') + 2;
	for (int i = 3; i < 22; i++)
		field = strchr(field, ' ') + 1;
	ticks = strtoull(field, NULL, 10);
	return ticks * (1000000000ull / (uint64_t)sysconf(_SC_CLK_TCK)) + 1234567;
}

struct process child_process(pid_t pid, uint64_t start_ns)
{
	return (struct process){ .pid = (uint32_t)pid,
		                 .start_ns = start_ns,
		                 .uid = getuid(),
		                 .fd = -1,
		                 .alive = -1,
		                 .inherited = -1 };
}

pid_t child_sleeper(const char *name)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_NAME, name);
		for (;;)
			pause();
	}
	return pid;
}

void child_stop(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void *wait_forever(void *unused)
{
	(void)unused;
	for (;;)
		pause();
	return NULL;
}

/* Waits until the other end of the pipe is closed. */
static void await_close(int fds[2])
{
	char byte;

	close(fds[1]);
	assert_int_equal(read(fds[0], &byte, 1), 0);
	close(fds[0]);
}

pid_t child_headless(void)
{
	siginfo_t info;
	char path[64], buf[1024] = "";
	pthread_t thread;
	pid_t pid = fork();
	FILE *f;

	assert_true(pid >= 0);
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pthread_create(&thread, NULL, wait_forever, NULL);
		syscall(SYS_exit, 0);
	}
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	/* nothing tells when a thread has become a zombie: its state is asked until it has */
	while (!strstr(buf, ") Z ")) {
		f = fopen(path, "r");
		assert_non_null(f);
		buf[fread(buf, 1, sizeof(buf) - 1, f)] = '\0';
		fclose(f);
		sched_yield();
	}
	/* the process as a whole has not exited */
	info.si_pid = 0;
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT), 0);
	assert_int_equal(info.si_pid, 0);
	return pid;
}

pid_t child_in_pid_namespace(void)
{
	int fds[2];
	pid_t pid = 0, parent;

	assert_int_equal(pipe(fds), 0);
	parent = fork();
	if (!parent) {
		/* not this process but its next child is the first in the namespace */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (!unshare(CLONE_NEWPID))
			pid = child_sleeper("inside");
		if (write(fds[1], &pid, sizeof(pid)) < 0)
			_exit(1);
		waitpid(pid, NULL, 0);
		_exit(0);
	}
	close(fds[1]);
	assert_int_equal(read(fds[0], &pid, sizeof(pid)), sizeof(pid));
	close(fds[0]);
	if (!pid)
		waitpid(parent, NULL, 0);
	return pid;
}

pid_t child_run(const char *dir, const char *const argv[])
{
	static int silence[2] = { -1, -1 }; /* standard input: there is something to wait for */
	int fds[2];
	pid_t pid;

	if (silence[0] < 0)
		assert_int_equal(pipe2(silence, O_CLOEXEC), 0);
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (chdir(dir) || dup2(silence[0], STDIN_FILENO) < 0)
			_exit(1);
		execvp(argv[0], (char *const *)argv);
		_exit(1);
	}
	await_close(fds);
	return pid;
}
