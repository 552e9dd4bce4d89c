/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "enrich/process.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "enrich/cgroup.h"
#include "enrich/container.h"
#include "enrich/family.h"
#include "enrich/forward.h"
#include "enrich/netns.h"
#include "enrich/proc.h"
#include "enrich/runtime.h"
#include "enrich/socket_unit.h"

#define N_USERS 64

static void fill_cmdline(int dir, struct process *p)
{
	char buf[sizeof(p->cmdline) + 1];
	ssize_t n = proc_read(dir, "cmdline", buf, sizeof(buf));

	/* NULs at the end: the last argument's own, and what a new process title leaves */
	while (n > 0 && !buf[n - 1])
		n--;
	if (n <= 0)
		return;
	memcpy(p->cmdline, buf, (size_t)n);
	p->cmdline_len = (uint16_t)n;
}

static void fill_exe(int dir, struct process *p)
{
	char buf[sizeof(p->exe)];
	ssize_t n = readlinkat(dir, "exe", buf, sizeof(buf));

	/* half a path is another path; kernel threads have none */
	if (n <= 0 || (size_t)n >= sizeof(buf))
		return;
	memcpy(p->exe, buf, (size_t)n);
	p->exe[n] = '\0';
}

static void fill_cgroup(int dir, struct process *p)
{
	char buf[8192], path[4096];

	if (proc_read(dir, "cgroup", buf, sizeof(buf)) <= 0)
		return;
	container_of_process(buf, &p->container);
	if (cgroup_path_of(buf, path, sizeof(path)))
		return;
	cgroup_unit(path, p->unit, sizeof(p->unit));
	if (strlen(path) < sizeof(p->cgroup))
		strcpy(p->cgroup, path);
}

/* "NSpid:	4242	7": the pid in the tracer's namespace first, in the process's own last. */
static void fill_inner_pid(int dir, struct process *p)
{
	char buf[8192], *line;
	ssize_t n = proc_read(dir, "status", buf, sizeof(buf));

	line = n > 0 ? strstr(buf, "\nNSpid:") : NULL;
	if (!line)
		return;
	line++;
	line[strcspn(line, "\n")] = '\0';
	line = strrchr(line, '\t');
	/* only one number: the tab is the one behind the colon */
	if (line && line[-1] != ':')
		p->pid_in_namespace = (uint32_t)strtoul(line + 1, NULL, 10);
}

/* From the process that is known to be the one; s is what its stat file says. */
static void fill(int dir, struct process *p, const struct proc_stat *s)
{
	/* what has exited first has no memory and no program any more, the others do */
	int thread = s->state == 'Z' ? proc_live_thread(dir) : -1, from = thread < 0 ? dir : thread;
	struct proc_stat live = *s;

	if (thread >= 0)
		proc_stat_read(thread, &live);
	p->stopped = live.state == 'T';
	if (!p->ppid)
		p->ppid = s->ppid;
	if (!p->cmdline_len)
		fill_cmdline(from, p);
	fill_exe(from, p);
	fill_cgroup(from, p);
	fill_inner_pid(dir, p);
	if (thread >= 0)
		close(thread);
}

/* Who a uid is, remembered: the answer may come from a directory server. */
static const char *user_name(uint32_t uid)
{
	static struct {
		bool used;
		uint32_t uid;
		char name[sizeof(((struct process *)0)->user)];
	} users[N_USERS], *u;
	struct passwd pw, *found = NULL;
	char buf[4096];

	u = &users[uid % N_USERS];
	if (u->used && u->uid == uid)
		return u->name;
	u->used = true;
	u->uid = uid;
	u->name[0] = '\0';
	if (!getpwuid_r(uid, &pw, buf, sizeof(buf), &found) && found &&
	    strlen(pw.pw_name) < sizeof(u->name))
		strcpy(u->name, pw.pw_name);
	return u->name;
}

/* 1: the process that started at start_ns, and it lives; 0: it does not live; -1: cannot be told. */
static int check(int dir, uint64_t start_ns, struct proc_stat *s)
{
	int err = proc_stat_read(dir, s);

	if (err)
		return err == -ESRCH ? 0 : -1;
	if (!proc_started_at(s, start_ns))
		return 0;
	/* a first thread may exit before the others: the process is gone when no other is left */
	return !((s->state == 'Z' || s->state == 'X') && s->threads <= 1);
}

int process_open(uint32_t pid, uint64_t start_ns)
{
	struct proc_stat s;
	int dir;

	if (!pid || !start_ns)
		return -ESRCH;
	dir = proc_open(pid);
	if (dir < 0)
		return -ESRCH;
	if (check(dir, start_ns, &s) == 1)
		return dir;
	close(dir);
	return -ESRCH;
}

void process_enrich(struct process *p)
{
	struct proc_stat s;
	int dir;

	if (!p->pid)
		return;
	if (!p->user[0])
		strcpy(p->user, user_name(p->uid));
	p->alive = p->stopped = -1;
	if (!p->start_ns)
		return;
	dir = proc_open(p->pid);
	if (dir < 0) {
		p->alive = dir == -ENOENT ? 0 : -1;
		return;
	}
	p->alive = (int8_t)check(dir, p->start_ns, &s);
	if (p->alive == 1)
		fill(dir, p, &s);
	close(dir);
}

/* Of an asker that has exited the kernel side still gave the group. */
static void enrich_asker(struct event *e)
{
	struct process *asker = &e->asker;
	char path[4096];

	process_enrich(asker);
	family_of_asker(e);
	if (!asker->pid || asker->cgroup[0] || !e->rec.task.cgroup_id ||
	    cgroup_path_by_id(e->rec.task.cgroup_id, path, sizeof(path)))
		return;
	if (!asker->unit[0])
		cgroup_unit(path, asker->unit, sizeof(asker->unit));
	if (!asker->container.id[0])
		container_of_path(path, &asker->container);
	if (strlen(path) < sizeof(asker->cgroup))
		strcpy(asker->cgroup, path);
}

/* The name of its container, unless it is there already. */
static void name_container(struct event *e, const struct process *p)
{
	if (!p->container.id[0] || event_container(e, p) || e->n_containers == EVENT_MAX_CONTAINERS)
		return;
	runtime_names(&p->container, &e->containers[e->n_containers++]);
}

/* For whom it may have a port open. */
static void enrich_port_holder(struct process *p, const struct bt_sock *socket)
{
	char unit[sizeof(p->unit)];

	forward_find(p, socket);
	if (p->pid == 1 && !strcmp(p->comm, "systemd") &&
	    !socket_unit_find(socket, unit, sizeof(unit)))
		strcpy(p->unit, unit);
}

/* A process that has, or had, this socket. */
static void enrich_holder(struct event *e, struct process *p, const struct bt_sock *socket)
{
	process_enrich(p);
	if (p->alive != 1)
		return;
	family_compare(e, p);
	if (socket->family != AF_UNIX)
		enrich_port_holder(p, socket);
	name_container(e, p);
}

void enrich_event(struct event *e)
{
	enrich_asker(e);
	name_container(e, &e->asker);
	netns_name(e->rec.task.netns, e->netns_name, sizeof(e->netns_name));
	e->netns_foreign = e->rec.task.netns && netns_own() && e->rec.task.netns != netns_own();
	for (unsigned i = 0; i < e->rec.n_holders; i++) {
		const struct bt_sock *socket = &e->rec.holders[i].sock;
		struct holder *h = &e->holders[i];

		enrich_holder(e, &h->opener, socket);
		enrich_holder(e, &h->closer, socket);
		family_of(&h->opener);
		for (unsigned j = 0; j < h->n_processes; j++)
			enrich_holder(e, &e->processes[h->first_process + j], socket);
		if (h->n_processes) /* the others of a server are its children */
			family_of(&e->processes[h->first_process]);
	}
}
