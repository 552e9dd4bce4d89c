/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "enrich/family.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "enrich/proc.h"
#include "enrich/program.h"

/* The process itself, not another that has its pid by now. A directory or -errno. */
static int open_same(const struct process *p, struct proc_stat *s)
{
	int dir = p->start_ns ? proc_open(p->pid) : -ESRCH, err;

	if (dir < 0)
		return dir;
	err = proc_stat_read(dir, s);
	if (!err && proc_started_at(s, p->start_ns))
		return dir;
	close(dir);
	return err ? err : -ESRCH;
}

/*
 * As long as a process names its parent the same, that one has not been reaped, and its pid is its
 * own: asked again after the directory was opened, the answer is about that directory.
 */
static int open_parent(int dir, struct proc_stat *parent)
{
	struct proc_stat s, again;
	int found, err = proc_stat_read(dir, &s);

	if (err || !s.ppid)
		return err ? err : -ESRCH;
	found = proc_open(s.ppid);
	if (found < 0)
		return found;
	err = proc_stat_read(found, parent);
	if (!err && !proc_stat_read(dir, &again) && again.ppid == s.ppid)
		return found;
	close(found);
	return -ESRCH;
}

static void add_parent(struct process *p, uint32_t pid, const char *comm)
{
	struct ancestor *a = &p->parents[p->n_parents++];

	a->pid = pid;
	snprintf(a->comm, sizeof(a->comm), "%s", comm);
}

/* Everybody above the process of dir, which is closed. */
static void climb(struct process *p, int dir)
{
	struct proc_stat child, parent;
	int above;

	while (p->n_parents < EVENT_MAX_PARENTS) {
		above = proc_stat_read(dir, &child) ? -ESRCH : open_parent(dir, &parent);
		close(dir);
		dir = above;
		if (dir < 0)
			return;
		add_parent(p, child.ppid, parent.comm);
	}
	close(dir);
}

/*
 * A child is born into the session of its parent, and leaves it only for one of its own. So who is in
 * somebody else's session was not started by a parent that has always led its own, as init and the
 * user managers of systemd do: they took it over.
 */
static bool is_orphan(const struct proc_stat *s, uint32_t pid, const struct proc_stat *parent)
{
	if (!s->session || s->session == pid || s->session == parent->session)
		return false;
	return s->ppid == 1 || (parent->ppid == 1 && parent->session == s->ppid &&
				!strcmp(parent->comm, "systemd"));
}

/* The shell is the parent of the job's first process, in the same session but not in the job. */
static void find_shell(struct process *p, int dir, const struct proc_stat *s)
{
	int leader = proc_open(s->group), shell;
	struct proc_stat first, above;

	if (leader >= 0 && (proc_stat_read(leader, &first) || first.group != s->group ||
			    first.session != s->session)) {
		close(leader);
		leader = -ESRCH;
	}
	if (leader < 0)
		leader = dup(dir);
	if (leader < 0 || proc_stat_read(leader, &first)) {
		close(leader);
		return;
	}
	shell = open_parent(leader, &above);
	close(leader);
	if (shell < 0)
		return;
	close(shell);
	if (above.session != s->session || above.tty != s->tty || above.group == s->group)
		return;
	p->shell.pid = first.ppid;
	snprintf(p->shell.comm, sizeof(p->shell.comm), "%s", above.comm);
}

/* The numbers of Documentation/admin-guide/devices.txt, as /proc writes them (new_encode_dev). */
static void name_tty(uint32_t tty, char out[16])
{
	unsigned major = (tty >> 8) & 0xfff, minor = (tty & 0xff) | ((tty >> 12) & 0xfff00);

	if (major >= 136 && major <= 143)
		snprintf(out, 16, "pts/%u", (major - 136) * 256 + minor);
	else if (major == 4 && minor < 64)
		snprintf(out, 16, "tty%u", minor);
	else if (major == 4)
		snprintf(out, 16, "ttyS%u", minor - 64);
}

void family_of(struct process *p)
{
	struct proc_stat s, parent;
	int dir = open_same(p, &s), above;

	p->n_parents = 0;
	if (dir < 0)
		return;
	above = open_parent(dir, &parent);
	if (above >= 0) {
		p->orphaned = is_orphan(&s, p->pid, &parent);
		close(above);
	}
	if (p->stopped == 1 && s.tty) {
		name_tty(s.tty, p->tty);
		find_shell(p, dir, &s);
	}
	climb(p, dir);
}

void family_of_asker(struct event *e)
{
	const struct process parent = { .pid = e->rec.task.ppid,
					.start_ns = e->rec.task.parent_start_ns };
	struct process *p = &e->asker;
	struct proc_stat s;
	int dir;

	p->n_parents = 0;
	if (!p->pid || !parent.pid)
		return;
	add_parent(p, parent.pid, e->parent_comm);
	dir = open_same(&parent, &s);
	if (dir >= 0)
		climb(p, dir);
}

static enum bt_relation relation(const struct event *e, const struct process *p)
{
	const struct bt_task *task = &e->rec.task;

	if (p->ppid == task->pid && p->start_ns >= task->start_ns)
		return RELATION_CHILD;
	if (!task->parent_start_ns || task->ppid <= 1)
		return RELATION_NONE;
	if (p->pid == task->ppid && p->start_ns == task->parent_start_ns)
		return RELATION_PARENT;
	/* older than p, so it is not a later process with the parent's pid */
	if (p->ppid == task->ppid && p->start_ns >= task->parent_start_ns)
		return RELATION_SIBLING;
	return RELATION_NONE;
}

void family_compare(const struct event *e, struct process *p)
{
	struct proc_stat s;
	int asker, dir;

	if (!p->pid || !e->asker.pid ||
	    (p->pid == e->asker.pid && p->start_ns == e->asker.start_ns))
		return;
	p->relation = relation(e, p);
	asker = open_same(&e->asker, &s);
	if (asker < 0)
		return;
	dir = open_same(p, &s);
	if (dir >= 0) {
		p->same_program = program_same(asker, dir);
		close(dir);
	}
	close(asker);
}
