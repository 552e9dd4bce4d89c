/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The holder's first thread has exited, another one serves: the process looks dead (a zombie without open files in /proc),
 * and is alive.
 */
#include <pthread.h>
#include <sys/syscall.h>

#include "kit.h"

static void *serve(void *arg)
{
	const struct child *c = arg;

	signal_parent(c);
	wait_parent(c);
	exit(0);
}

/* The state letter of /proc/PID/stat. */
static char state_of(pid_t pid)
{
	char path[64], state = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	f = fopen(path, "re");
	must(f && fscanf(f, "%*d (%*[^)]) %c", &state) == 1,
	     "the state of the holder is not known");
	fclose(f);
	return state;
}

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	static struct child c; /* the thread has it longer than main() */
	pthread_t thread;
	int fd;

	if (start_child(&c)) {
		listen_on(ep, 0);
		must(!pthread_create(&thread, NULL, serve, &c), "no thread");
		syscall(SYS_exit, 0); /* this thread only; pthread_exit() wants a library */
	}
	wait_child(&c);
	while (state_of(c.pid) != 'Z')
		nap_ms(1);
	allow(c.pid);
	fd = refuse(ep, 0, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', "
	       "'processes': [{'pid': %d, 'comm': 'tcp_leader_exit'}]}",
	       c.pid);
	end_child(&c);
	bind_ok(fd, ep);
	return 0;
}
