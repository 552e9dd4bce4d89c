/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The asker is a thread: process.pid is the program, process.tid the thread that was refused. */
#include <pthread.h>
#include <sys/syscall.h>

#include "kit.h"

struct job {
	struct ep ep;
	pid_t *tid;
};

static void *ask(void *arg)
{
	struct job *job = arg;

	*job->tid = (pid_t)syscall(SYS_gettid);
	refuse(job->ep, 0, EADDRINUSE);
	return NULL;
}

int main(void)
{
	pthread_t thread;
	struct ep ep = at("127.0.0.1", free_port());
	pid_t tid = 0;
	int holder = listen_on(ep, 0);
	struct job job = { ep, &tid };

	must(!pthread_create(&thread, NULL, ask, &job) && !pthread_join(thread, NULL), "no thread");
	expect("'reason': 'listener', 'process': {'pid': %d, 'tid': %d}, "
	       "'culprit_holder': {'role': 'listener', "
	       "'processes': [{'pid': %d}]}",
	       getpid(), tid, getpid());
	shut(holder);
	bind_ok(new_socket(ep, 0), ep);
	return 0;
}
