// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
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
 * The parent of dir, whose stat s is. Another process that has its pid by now would be younger than the child. Where
 * both are of the same tick the child is asked again: as long as it names its parent the same, that one has not been
 * reaped, and the directory is its.
 */
static int open_parent(int dir, const struct proc_stat *s, struct proc_stat *parent)
{
	int found = s->ppid ? proc_open(s->ppid) : -ESRCH;
	struct proc_stat again;

	if (found < 0)
		return found;
	if (!proc_stat_read(found, parent) &&
	    (parent->start_ticks < s->start_ticks ||
	     (!proc_stat_read(dir, &again) && again.ppid == s->ppid)))
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

/* Everybody above the process of dir, which is closed; its stat is s. */
static void climb(struct process *p, int dir, struct proc_stat *s)
{
	struct proc_stat parent;
	int above;

	while (p->n_parents < EVENT_MAX_PARENTS) {
		above = open_parent(dir, s, &parent);
		close(dir);
		dir = above;
		if (dir < 0)
			return;
		add_parent(p, s->ppid, parent.comm);
		*s = parent;
	}
	close(dir);
}

/*
 * A child is born into the session of its parent, and leaves it only for one of its own. So who is in
 * somebody else's session was not started by a parent that has always led its own, as init and the
 * user managers of systemd do: they took it over.
 */
static bool is_orphan(int dir, const struct proc_stat *s, uint32_t pid)
{
	struct proc_stat parent;
	int above;

	if (!s->session || s->session == pid)
		return false;
	above = open_parent(dir, s, &parent);
	if (above < 0)
		return false;
	close(above);
	if (s->session == parent.session)
		return false;
	return s->ppid == 1 ||
	       (parent.ppid == 1 && parent.session == s->ppid && !strcmp(parent.comm, "systemd"));
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
	shell = open_parent(leader, &first, &above);
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
	struct proc_stat s;
	int dir = open_same(p, &s);

	if (dir < 0)
		return;
	p->orphaned = is_orphan(dir, &s, p->pid);
	if (p->stopped == 1 && s.tty) {
		name_tty(s.tty, p->tty);
		find_shell(p, dir, &s);
	}
	close(dir);
}

void family_parents(struct process *p)
{
	struct proc_stat s;
	int dir = open_same(p, &s);

	p->n_parents = 0;
	if (dir >= 0)
		climb(p, dir, &s);
}

bool family_is_asker(const struct event *e, const struct process *p)
{
	return p->pid == e->asker.pid && p->start_ns == e->asker.start_ns;
}

enum bt_relation family_relation(const struct event *e, const struct process *p)
{
	const struct bt_task *task = &e->rec.task;

	if (!p->pid || !task->pid || family_is_asker(e, p))
		return RELATION_NONE;
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

bool family_same_program(const struct process *a, const struct process *b)
{
	struct proc_stat s;
	int dir_a = open_same(a, &s), dir_b;
	bool same = false;

	if (dir_a < 0)
		return false;
	dir_b = open_same(b, &s);
	if (dir_b >= 0) {
		same = program_same(dir_a, dir_b);
		close(dir_b);
	}
	close(dir_a);
	return same;
}
