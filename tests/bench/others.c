// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "others.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "kit.h"

static pid_t *pids;
static unsigned started;

void others_may_open(unsigned files)
{
	struct rlimit limit;

	must(!getrlimit(RLIMIT_NOFILE, &limit), "the limit of open files cannot be read");
	if (limit.rlim_max < files)
		fail("a process may have %llu files open here, and %u are needed",
		     (unsigned long long)limit.rlim_max, files);
	limit.rlim_cur = limit.rlim_max;
	must(!setrlimit(RLIMIT_NOFILE, &limit), "the limit of open files cannot be raised");
}

/* The pipe says that one is ready by a byte, and that one has failed by ending too soon. */
static void be_one(unsigned i, void (*prepare)(unsigned i), int ready)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prepare(i);
	if (write(ready, "", 1) != 1)
		_exit(1);
	close(ready);
	for (;;)
		pause();
}

void others_start(unsigned n, void (*prepare)(unsigned i))
{
	int ready[2];
	char byte;

	pids = calloc(n, sizeof(*pids));
	must(pids && !pipe2(ready, O_CLOEXEC), "no room for other processes");
	fflush(stdout);
	for (; started < n; started++) {
		pids[started] = fork();
		must(pids[started] >= 0, "fork failed");
		if (!pids[started])
			be_one(started, prepare, ready[1]);
	}
	close(ready[1]);
	for (unsigned i = 0; i < n; i++)
		must(read(ready[0], &byte, 1) == 1, "one of the other processes has failed");
	close(ready[0]);
}

void others_end(void)
{
	for (unsigned i = 0; i < started; i++)
		kill(pids[i], SIGKILL);
	for (unsigned i = 0; i < started; i++)
		waitpid(pids[i], NULL, 0);
	free(pids);
	started = 0;
}
