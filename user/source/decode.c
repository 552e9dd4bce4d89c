// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "source/decode.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

static void copy_comm(char to[BT_COMM_LEN + 1], const char from[BT_COMM_LEN])
{
	memcpy(to, from, BT_COMM_LEN);
	to[BT_COMM_LEN] = '\0';
}

static void copy_cmdline(struct process *p, const char *from, unsigned len, unsigned max)
{
	if (len > max)
		len = max;
	len = (unsigned)text_command_length(from, len);
	memcpy(p->cmdline, from, len);
	p->cmdline_len = (uint16_t)len;
}

static void nobody(struct process *p)
{
	p->fd = -1;
	p->alive = -1;
	p->inherited = -1;
	p->stopped = -1;
}

static void copy_owner(struct process *p, const struct bt_owner *owner)
{
	nobody(p);
	p->pid = owner->pid;
	p->uid = owner->uid;
	p->start_ns = owner->start_ns;
	p->time_ns = owner->time_ns;
	copy_comm(p->comm, owner->comm);
	copy_cmdline(p, owner->cmdline, owner->cmdline_len, sizeof(owner->cmdline));
}

static void copy_asker(struct event *e)
{
	const struct bt_task *task = &e->rec.task;
	struct process *p = &e->asker;

	nobody(p);
	p->pid = task->pid;
	p->tid = task->tid;
	p->ppid = task->ppid;
	p->uid = task->uid;
	p->start_ns = task->start_ns;
	p->time_ns = e->rec.hdr.boottime_ns;
	copy_comm(p->comm, task->comm);
	copy_cmdline(p, e->rec.cmdline, e->rec.cmdline_len, sizeof(e->rec.cmdline));
	copy_comm(e->parent_comm, task->parent_comm);
}

int decode_record(struct event *e, const struct bt_record *record, uint32_t len)
{
	const uint32_t head = offsetof(struct bt_record, holders);
	unsigned i;

	if (len < head || record->hdr.version != BT_ABI_VERSION ||
	    record->n_holders > BT_MAX_HOLDERS ||
	    len < head + record->n_holders * sizeof(struct bt_holder) ||
	    (record->hdr.kind != BT_KIND_REFUSAL && record->hdr.kind != BT_KIND_BOUND &&
	     record->hdr.kind != BT_KIND_FOLLOWED))
		return -EBADMSG;
	memset(e, 0, sizeof(*e));
	memcpy(&e->rec, record, head + record->n_holders * sizeof(struct bt_holder));
	e->realtime_ns = clock_realtime_ns(record->hdr.boottime_ns, clock_offset_ns());
	copy_asker(e);
	for (i = 0; i < e->rec.n_holders; i++) {
		copy_owner(&e->holders[i].opener, &e->rec.holders[i].opener);
		copy_owner(&e->holders[i].closer, &e->rec.holders[i].closer);
	}
	return 0;
}

static struct process *known_process(struct event *e, const struct holder *h, uint32_t pid)
{
	unsigned i;

	for (i = 0; i < h->n_processes; i++)
		if (e->processes[h->first_process + i].pid == pid)
			return &e->processes[h->first_process + i];
	return NULL;
}

static void add_process(struct event *e, struct holder *h, const struct bt_sharer *s)
{
	struct process *p = known_process(e, h, s->pid);

	if (p) {
		if ((int)s->fd < p->fd)
			p->fd = (int)s->fd;
		return;
	}
	if (e->n_processes == EVENT_MAX_PROCESSES) {
		h->more_processes++;
		return;
	}
	p = &e->processes[e->n_processes++];
	nobody(p);
	p->pid = s->pid;
	p->ppid = s->ppid;
	p->uid = s->uid;
	p->start_ns = s->start_ns;
	p->fd = (int)s->fd;
	copy_comm(p->comm, s->comm);
	/* An opener that was only seeded may itself be an heir: then nothing is said. */
	if (h->opener.pid && h->opener.time_ns)
		p->inherited = h->opener.pid != s->pid || h->opener.start_ns != s->start_ns;
	h->n_processes++;
}

/* The oldest first: a parent is older than its heirs. */
static void sort_by_start(struct process *p, unsigned n)
{
	struct process swap;
	unsigned i, j;

	for (i = 1; i < n; i++) {
		for (j = i; j > 0 && p[j].start_ns < p[j - 1].start_ns; j--) {
			swap = p[j];
			p[j] = p[j - 1];
			p[j - 1] = swap;
		}
	}
}

static unsigned children_among(const struct process *p, unsigned n, uint32_t pid)
{
	unsigned i, children = 0;

	for (i = 0; i < n; i++)
		children += p[i].ppid == pid;
	return children;
}

/*
 * The master of a prefork server: the parent of most of the others. The oldest is not always it, an
 * older process may have been handed the socket.
 */
static void master_first(struct process *p, unsigned n)
{
	unsigned i, children, most = 0, master = 0;
	struct process swap;

	for (i = 0; i < n; i++) {
		children = children_among(p, n, p[i].pid);
		if (children > most) {
			most = children;
			master = i;
		}
	}
	swap = p[master];
	memmove(p + 1, p, master * sizeof(*p));
	p[0] = swap;
}

void decode_sharers(struct event *e, const struct bt_sharer *sharers, unsigned n)
{
	unsigned i, j;

	e->sharers_known = true;
	for (i = 0; i < e->rec.n_holders; i++) {
		const struct bt_sock *sock = &e->rec.holders[i].sock;
		struct holder *h = &e->holders[i];

		h->first_process = (uint16_t)e->n_processes;
		for (j = 0; j < n && sock->inode; j++)
			if (sharers[j].inode == sock->inode &&
			    (!sharers[j].sk || sharers[j].sk == sock->sk))
				add_process(e, h, &sharers[j]);
		if (!h->n_processes)
			continue;
		sort_by_start(&e->processes[h->first_process], h->n_processes);
		master_first(&e->processes[h->first_process], h->n_processes);
	}
}
