// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * How to end whoever holds a port: by the command of its owner - the service manager, the container
 * engine, the shell - and by a kind signal only where nobody owns it.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "verdict/verdict.h"

/* The process to stop for a holder: the first of those that have it open now, else nobody. */
static const struct process *holding_process(const struct event *e, const struct holder *h)
{
	return h->n_processes ? &e->processes[h->first_process] : NULL;
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && !strcmp(s + n - m, end);
}

/* A word that a shell leaves as it is; names of containers and pods are nothing else. */
static bool is_word(const char *s)
{
	if (!isalnum((unsigned char)*s))
		return false;
	for (; *s; s++)
		if (!isalnum((unsigned char)*s) && !strchr("_.-", *s))
			return false;
	return true;
}

static bool is_system_unit(const struct process *p)
{
	return (ends_with(p->unit, ".service") || ends_with(p->unit, ".socket")) &&
	       !strstr(p->cgroup, "/user@");
}

static struct advice *stop(struct event *e, const char *text)
{
	return verdict_advise(e, ACTION_STOP_HOLDER, EFFECTIVE_NOW, text);
}

/* Names of units may have a backslash in them. */
static void add_unit(struct text *t, const char *unit)
{
	text_printf(t, strchr(unit, '\\') ? " '%s'" : " %s", unit);
}

/* Every other unit that has the socket: while one has it, the port is not free. */
static void add_other_units(struct text *t, const struct event *e, const struct holder *h)
{
	const struct process *p = &e->processes[h->first_process];

	for (unsigned i = 1; i < h->n_processes; i++) {
		bool told = !is_system_unit(&p[i]);

		for (unsigned j = 0; j < i && !told; j++)
			told = !strcmp(p[j].unit, p[i].unit);
		if (!told)
			add_unit(t, p[i].unit);
	}
}

/* systemd must not be ended; which of its units it is can be found out. */
static void stop_init(struct event *e, const struct process *p)
{
	struct advice *a;

	if (strcmp(p->comm, "systemd"))
		return;
	a = stop(e, "find the .socket unit for which systemd[1] has it open, and stop that");
	if (a)
		snprintf(a->command, sizeof(a->command), "systemctl list-sockets");
}

static const char *const engine_commands[N_RUNTIMES] = {
	[RUNTIME_DOCKER] = "docker stop",
	[RUNTIME_PODMAN] = "podman stop",
};

static bool has_pod_name(const struct container_names *names)
{
	return names && is_word(names->pod_name) && is_word(names->pod_namespace);
}

/* Is it in a container that its engine, or who runs the pod, ends for good? */
static bool has_engine(const struct event *e, const struct process *p)
{
	return p->container.id[0] &&
	       (p->container.pod_uid[0] || engine_commands[p->container.runtime] ||
		has_pod_name(event_container(e, p)));
}

/* What to call the container in a command of its engine; a name could have been taken over. */
static void container_word(const struct event *e, const struct process *p, char out[128])
{
	const struct container_names *names = event_container(e, p);

	if (names && is_word(names->name))
		snprintf(out, 128, "%s", names->name);
	else
		snprintf(out, 128, "%.12s", p->container.id);
}

static void stop_pod(struct event *e, const struct process *p, const struct container_names *names)
{
	char text[EVENT_TEXT];
	struct advice *a;

	snprintf(text, sizeof(text),
		 "delete the pod of %s[%u]; what created it may start it again elsewhere", p->comm,
		 p->pid);
	a = stop(e, text);
	if (a)
		snprintf(a->command, sizeof(a->command), "kubectl -n %.63s delete pod %.230s",
			 names->pod_namespace, names->pod_name);
}

/* Only where has_engine(). */
static void stop_container(struct event *e, const struct process *p)
{
	const struct container_names *names = event_container(e, p);
	char text[EVENT_TEXT], word[128], owner[32] = "";
	struct advice *a;

	if (has_pod_name(names)) {
		stop_pod(e, p, names);
		return;
	}
	if (p->container.pod_uid[0]) {
		snprintf(text, sizeof(text),
			 "stop the pod of %s[%u]: a container that is killed is started again",
			 p->comm, p->pid);
		stop(e, text);
		return;
	}
	container_word(e, p, word);
	if (p->container.owner)
		snprintf(owner, sizeof(owner), " (as uid %u)", p->container.owner);
	snprintf(text, sizeof(text), "stop container %s%s, %s %s[%u] has it open", word, owner,
		 p->forwards ? "for which" : "in which", p->comm, p->pid);
	a = stop(e, text);
	if (a)
		snprintf(a->command, sizeof(a->command), "%s %s",
			 engine_commands[p->container.runtime], word);
}

/* To end the proxy itself would leave a container without its port. */
static void stop_forwarder(struct event *e, const struct process *p)
{
	char text[EVENT_TEXT];
	struct advice *a;

	if (has_engine(e, p)) {
		stop_container(e, p);
		return;
	}
	snprintf(text, sizeof(text),
		 "find the container for which %s[%u] has it open, and stop that", p->comm, p->pid);
	a = stop(e, text);
	if (a && strstr(p->exe, "docker-proxy"))
		snprintf(a->command, sizeof(a->command), "docker ps --filter publish=%u",
			 e->rec.sock.port);
}

/*
 * Does the service manager have a command for it? Not for a container, unless a service runs that: it would
 * start it again.
 */
static bool has_unit(const struct process *p)
{
	if (p->container.id[0] && p->container.runtime != RUNTIME_PODMAN)
		return false;
	if (is_system_unit(p))
		return true;
	return ends_with(p->unit, ".service") && !ends_with(p->unit, "@.service") &&
	       strncmp(p->unit, "user@", 5);
}

bool verdict_stop_command(const struct event *e, const struct process *p, struct text *command)
{
	if (p->forwards || (p->pid == 1 && !ends_with(p->unit, ".socket")))
		return false;
	if (has_unit(p)) {
		text_add(command, is_system_unit(p) ? "systemctl stop" : "systemctl --user stop");
		add_unit(command, p->unit);
	} else if (has_engine(e, p) || e->foreign_pids) {
		return false;
	} else {
		text_printf(command, "kill %u", p->pid);
		/* SIGTERM reaches a stopped process only when it goes on */
		if (p->stopped == 1)
			text_printf(command, " && kill -CONT %u", p->pid);
	}
	return true;
}

void verdict_stop_name(const struct process *p, struct text *t)
{
	if (ends_with(p->unit, ".socket"))
		text_add(t, p->unit);
	else
		text_printf(t, "%s[%u]", p->comm, p->pid);
}

static void stop_stopped(struct event *e, const struct process *p)
{
	char text[EVENT_TEXT];
	struct advice *a;
	struct text t;

	if (p->shell.pid && p->tty[0])
		snprintf(text, sizeof(text),
			 "%s[%u] is a stopped job: end it with fg and Ctrl-C in %s[%u] on %s, or",
			 p->comm, p->pid, p->shell.comm, p->shell.pid, p->tty);
	else
		snprintf(text, sizeof(text),
			 "end %s[%u]; it is stopped, so it must also be continued", p->comm,
			 p->pid);
	a = stop(e, text);
	if (!a)
		return;
	text_init(&t, a->command, sizeof(a->command));
	verdict_stop_command(e, p, &t);
}

/*
 * Everybody who has the socket, the master first: while one has it, the port is not free, and not
 * every master ends its children. None for whom a signal is the wrong thing, and none when not all
 * are known: a command that leaves the port taken would promise too much.
 */
static void add_kill(char command[EVENT_TEXT], const struct event *e, const struct holder *h)
{
	const struct process *p = &e->processes[h->first_process];
	struct text t;
	bool all = !h->more_processes && !e->foreign_pids;

	text_init(&t, command, EVENT_TEXT);
	text_add(&t, "kill");
	for (unsigned i = 0; i < h->n_processes; i++, p++) {
		all &= p->pid != 1 && p->pid != e->asker.pid && !p->container.id[0] && !p->forwards;
		text_printf(&t, " %u", p->pid);
	}
	if (!all || t.cut)
		command[0] = '\0';
}

static void stop_process(struct event *e, const struct holder *h, const struct process *p)
{
	char text[EVENT_TEXT];
	struct advice *a;
	struct text t;

	text_init(&t, text, sizeof(text));
	text_add(&t, "stop ");
	verdict_stop_name(p, &t);
	if (ends_with(p->unit, ".socket"))
		text_printf(&t, ", for which %s[%u] has it open", p->comm, p->pid);
	else
		text_add(&t, h->n_processes > 1 ? " and the others that have the socket open, if "
						  "they are not wanted"
						: ", if it is not wanted");
	a = stop(e, text);
	if (!a)
		return;
	if (!has_unit(p)) {
		add_kill(a->command, e, h);
		return;
	}
	text_init(&t, a->command, sizeof(a->command));
	verdict_stop_command(e, p, &t);
	if (is_system_unit(p))
		add_other_units(&t, e, h);
}

/* It is the asker itself, or its parent: to end that would end the asker too. */
static bool stop_own(struct event *e, const struct holder *h, const struct process *p)
{
	char text[EVENT_TEXT];

	if (p->pid == e->asker.pid && h->n_processes == 1) {
		snprintf(text, sizeof(text),
			 "close the first one: the same process holds it, as descriptor %d", p->fd);
		stop(e, text);
		return true;
	}
	if (p->relation != RELATION_PARENT || !p->same_program)
		return false;
	snprintf(text, sizeof(text),
		 "let only one of the two bind it: %s[%u], the asker's parent, is the same program",
		 p->comm, p->pid);
	verdict_advise(e, ACTION_LISTEN_ONCE, EFFECTIVE_NOW, text);
	return true;
}

void verdict_advise_stop(struct event *e)
{
	const struct holder *h = event_decisive(e);
	const struct process *p = holding_process(e, h);

	if (!p || stop_own(e, h, p))
		return;
	if (p->pid == 1 && !ends_with(p->unit, ".socket"))
		stop_init(e, p);
	else if (p->forwards)
		stop_forwarder(e, p);
	else if (has_engine(e, p) && !has_unit(p))
		stop_container(e, p);
	else if (p->stopped == 1 && !has_unit(p))
		stop_stopped(e, p);
	else
		stop_process(e, h, p);
}

void verdict_advise_kernel_use(struct event *e)
{
	for (unsigned i = 0; i < e->rec.n_holders; i++) {
		if (!e->holders[i].pair.blocks || !e->rec.holders[i].sock.kernel)
			continue;
		verdict_advise(e, ACTION_STOP_KERNEL_USE, EFFECTIVE_NOW,
			       "remove what the kernel has the port for: a device (vxlan, geneve, "
			       "wireguard), an MPTCP endpoint, a mount or a service of its own (NFS)");
		return;
	}
}
