// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Who asks, and who has the socket open. */
#include "scene.h"

void plan_about(struct scene *s, struct asker *a, const char *protocol, const char *reasons,
		const char *states)
{
	*a = (struct asker){ .ep = s->ep, .times = 1 };
	a->t = plan(s->ep, protocol, EADDRINUSE);
	a->t->reasons = reasons;
	a->t->state = states;
}

/* ---- those who ask */

int refuse_all(const struct asker *a)
{
	int fd = new_socket(a->ep, a->options);

	for (unsigned i = 0; i < a->times; i++) {
		if (a->may_pass && !bind(fd, &a->ep.sa, a->ep.len)) {
			atomic_fetch_add(&shared->passed, 1);
			break;
		}
		if (!a->may_pass)
			bind_refused(fd, a->ep, a->t->error);
		must(errno == a->t->error, "another refusal than the port's");
		atomic_fetch_add(&a->t->asked, 1);
	}
	return fd;
}

void start_asker(struct asker *a)
{
	struct child *c = &a->child;
	int fd;

	if (!start_child(c))
		return;
	a->t->asker = getpid();
	wait_parent(c);
	fd = refuse_all(a);
	signal_parent(c);
	wait_parent(c);
	if (a->takes)
		bind_ok(fd, a->ep);
	exit(0);
}

/* It asks, and has been refused. */
void let_ask(struct asker *a)
{
	signal_child(&a->child);
	wait_child(&a->child);
	if (a->t->lasting && a->t->asked)
		await_told(a->t);
}

void end_asker(struct asker *a)
{
	signal_child(&a->child);
	end_child(&a->child);
}

/* ---- those who hold */

void start_sharer(struct child *c, struct truth *t)
{
	if (start_child(c)) {
		wait_parent(c);
		exit(0);
	}
	add_pid(t->holders, c->pid);
}

void end_sharers(struct child *c, unsigned n, bool hasty)
{
	for (unsigned i = n; i-- > 0;) {
		if (hasty) {
			kill_child(&c[i]);
		} else {
			signal_child(&c[i]);
			end_child(&c[i]);
		}
	}
}
