// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Holders and askers that execute another program, or are threads. */
#include <fcntl.h>
#include <pthread.h>
#include <sys/prctl.h>

#include "scene.h"

/* ---- holders and askers that execute another program */

static void keep_open(int fd)
{
	must(!fcntl(fd, F_SETFD, 0), "fcntl failed");
}

__attribute__((noreturn)) static void become(const char *part, const struct child *c,
					     unsigned number, unsigned port)
{
	char in[16], out[16], name[16], at_port[16];

	keep_open(c->from);
	keep_open(c->to);
	snprintf(in, sizeof(in), "%d", c->from);
	snprintf(out, sizeof(out), "%d", c->to);
	snprintf(name, sizeof(name), "soak-%u", number);
	snprintf(at_port, sizeof(at_port), "%u", port);
	execl("/proc/self/exe", "soak", part, in, out, name, at_port, NULL);
	fail("the soak cannot be executed again");
}

int play_part(char **argv)
{
	struct child c = { .from = atoi(argv[1]), .to = atoi(argv[2]) };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!strcmp(argv[0], "--ask")) {
		prctl(PR_SET_NAME, argv[3]);
		wait_parent(&c);
		bind_refused(new_socket(at("127.0.0.1", 0), 0),
			     at("127.0.0.1", (unsigned)atoi(argv[4])), EADDRINUSE);
	}
	signal_parent(&c);
	wait_parent(&c);
	return 0;
}

void play_exec(struct scene *s)
{
	struct child holder;
	struct asker a;

	s->ep = at("127.0.0.1", s->port);
	plan_about(s, &a, "tcp", "listener", "listen");
	if (start_child(&a.child)) {
		a.t->asker = getpid();
		become("--ask", &a.child, (unsigned)(a.t - shared->truths), s->port);
	}
	if (start_child(&holder)) {
		keep_open(listen_on(s->ep, 0));
		become("--hold", &holder, 0, 0);
	}
	add_pid(a.t->holders, holder.pid);
	add_pid(a.t->makers, holder.pid);
	wait_child(&holder);
	a.t->lasting = !s->hasty;
	signal_child(&a.child);
	wait_child(&a.child);
	atomic_fetch_add(&a.t->asked, 1);
	if (a.t->lasting)
		await_told(a.t);
	if (s->hasty)
		kill_child(&holder);
	else
		end_sharers(&holder, 1, false);
	end_asker(&a);
}

/* ---- threads: one that listens and is gone, one that asks */

static void *listen_in_thread(void *arg)
{
	struct scene *s = arg;
	static int fd;

	fd = listen_on(s->ep, 0);
	return &fd;
}

static void *ask_in_thread(void *arg)
{
	struct asker *a = arg;

	take_name(a->t);
	shut(refuse_all(a));
	return NULL;
}

void play_thread(struct scene *s)
{
	struct asker a;
	pthread_t thread;
	void *fd;

	plan_about(s, &a, "tcp", "listener", "listen");
	if (start_child(&a.child)) {
		a.t->asker = getpid();
		wait_parent(&a.child);
		must(!pthread_create(&thread, NULL, ask_in_thread, &a) &&
			     !pthread_join(thread, NULL),
		     "no thread");
		signal_parent(&a.child);
		wait_parent(&a.child);
		exit(0);
	}
	must(!pthread_create(&thread, NULL, listen_in_thread, s) && !pthread_join(thread, &fd),
	     "no thread");
	add_pid(a.t->makers, getpid());
	add_pid(a.t->holders, getpid());
	a.t->lasting = !s->hasty;
	let_ask(&a);
	shut(*(int *)fd);
	end_asker(&a);
}
