/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "enrich/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "enrich/cgroup.h"
#include "enrich/container.h"
#include "enrich/family.h"
#include "enrich/netns.h"
#include "enrich/proc.h"
#include "enrich/recent.h"

#define N_USERS 256

static void fill_cmdline(int dir, struct process *p)
{
	char buf[sizeof(p->cmdline) + 1];
	ssize_t n = proc_read(dir, "cmdline", buf, sizeof(buf));

	if (n <= 0)
		return;
	p->cmdline_len = (uint16_t)text_command_length(buf, (size_t)n);
	memcpy(p->cmdline, buf, p->cmdline_len);
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

static uint64_t own_pid_namespace(void)
{
	static uint64_t own;
	struct stat st;

	if (!own && !stat("/proc/self/ns/pid", &st))
		own = st.st_ino;
	return own;
}

/* "NSpid:	4242	7": the pid in the tracer's namespace first, in the process's own last. */
static void fill_inner_pid(int dir, struct process *p)
{
	char buf[8192], *line;
	ssize_t n;

	/* mostly it is in ours; the text of status takes the kernel long to make */
	if (own_pid_namespace() && proc_namespace(dir, "ns/pid") == own_pid_namespace())
		return;
	n = proc_read(dir, "status", buf, sizeof(buf));
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

void process_prepare(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	struct stat st;

	while (proc && (entry = readdir(proc)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
		    !fstatat(dirfd(proc), entry->d_name, &st, 0))
			user_name(st.st_uid);
	if (proc)
		closedir(proc);
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

void process_name_user(struct process *p)
{
	if (p->pid && !p->user[0])
		strcpy(p->user, user_name(p->uid));
}

void process_read(struct process *p)
{
	struct proc_stat s;
	int dir;

	if (!p->pid)
		return;
	p->alive = p->stopped = -1;
	if (!p->start_ns)
		return;
	dir = proc_open(p->pid);
	if (dir < 0) {
		p->alive = dir == -ENOENT && !proc_is_hidden() ? 0 : -1;
		return;
	}
	p->alive = (int8_t)check(dir, p->start_ns, &s);
	if (p->alive == 1)
		fill(dir, p, &s);
	close(dir);
}

void process_enrich(struct process *p)
{
	process_name_user(p);
	process_read(p);
}

static uint64_t time_of(const struct event *e)
{
	return e->rec.hdr.boottime_ns;
}

/* Of an asker that has exited the kernel side still gave the group. */
static void enrich_asker(struct event *e)
{
	struct process *asker = &e->asker;

	recent_enrich(asker, time_of(e));
	if (asker->pid && asker->alive != 1 && e->rec.task.cgroup_id)
		recent_cgroup(asker, e->rec.task.cgroup_id, time_of(e));
}

/* The name of its container, unless it is there already. */
static void name_container(struct event *e, const struct process *p)
{
	if (!p->container.id[0] || event_container(e, p) || e->n_containers == EVENT_MAX_CONTAINERS)
		return;
	recent_names(&p->container, &e->containers[e->n_containers++], time_of(e));
}

/* For whom it may have a port open. */
static void enrich_port_holder(struct process *p, const struct bt_sock *socket, uint64_t when)
{
	char unit[sizeof(p->unit)];

	recent_forward(p, socket, when);
	if (p->pid != 1 || strcmp(p->comm, "systemd"))
		return;
	recent_socket_unit(socket, unit, sizeof(unit), when);
	if (unit[0])
		strcpy(p->unit, unit);
}

/* A process that has, or had, this socket. */
static void enrich_holder(struct event *e, struct process *p, const struct bt_sock *socket)
{
	recent_enrich(p, time_of(e));
	if (p->alive != 1)
		return;
	p->relation = family_relation(e, p);
	p->same_program = e->asker.pid && !family_is_asker(e, p) &&
			  recent_same_program(&e->asker, p, time_of(e));
	if (socket->family != AF_UNIX)
		enrich_port_holder(p, socket, time_of(e));
	name_container(e, p);
}

void enrich_event(struct event *e)
{
	static uint64_t home; /* where the tracer is and stays */

	if (!home)
		home = netns_own();
	e->foreign_pids = proc_is_ignored();
	if (e->foreign_pids) /* whoever has a holder open outside is not shown to us */
		e->sharers_known = false;
	enrich_asker(e);
	name_container(e, &e->asker);
	recent_netns_name(e->rec.task.netns, e->netns_name, sizeof(e->netns_name), time_of(e));
	e->netns_foreign = e->rec.task.netns && home && e->rec.task.netns != home;
	for (unsigned i = 0; i < e->rec.n_holders; i++) {
		const struct bt_sock *socket = &e->rec.holders[i].sock;
		struct holder *h = &e->holders[i];

		enrich_holder(e, &h->opener, socket);
		enrich_holder(e, &h->closer, socket);
		recent_family(&h->opener, time_of(e));
		for (unsigned j = 0; j < h->n_processes; j++)
			enrich_holder(e, &e->processes[h->first_process + j], socket);
		if (h->n_processes) /* the others of a server are its children */
			recent_family(&e->processes[h->first_process], time_of(e));
	}
}

/* The first of them comes from the record: the asker may have exited. */
static void parents_of_asker(struct event *e)
{
	struct process *asker = &e->asker, parent = { .pid = e->rec.task.ppid,
						      .start_ns = e->rec.task.parent_start_ns };

	asker->n_parents = 0;
	if (!asker->pid || !parent.pid)
		return;
	recent_parents(&parent, time_of(e));
	asker->parents[0].pid = parent.pid;
	memcpy(asker->parents[0].comm, e->parent_comm, sizeof(e->parent_comm));
	asker->n_parents = 1;
	for (unsigned i = 0; i < parent.n_parents && asker->n_parents < EVENT_MAX_PARENTS; i++)
		asker->parents[asker->n_parents++] = parent.parents[i];
}

void enrich_parents(struct event *e)
{
	parents_of_asker(e);
	for (unsigned i = 0; i < e->rec.n_holders; i++) {
		struct holder *h = &e->holders[i];

		recent_parents(&h->opener, time_of(e));
		if (h->n_processes) /* the others of a server are its children */
			recent_parents(&e->processes[h->first_process], time_of(e));
	}
}
