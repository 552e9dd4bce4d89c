// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/look.h"

#include <string.h>
#include <sys/socket.h>

#include "base/pids.h"
#include "enrich/address.h"
#include "enrich/cgroup_bpf.h"
#include "enrich/crowd.h"
#include "enrich/sctp.h"
#include "enrich/security.h"
#include "enrich/unix.h"
#include "source/decode.h"

/* What is being looked for, while the open files are read. */
struct search {
	struct look *look;
	struct bpf_source *source;
	const struct bt_record *queue;
	unsigned n;
};

/* Who has it open is known from the same look; a socket of several addresses has a row for each. */
static void add_sharer(struct look *l, const struct bt_open *open)
{
	struct bt_sharer *s = &l->sharers[l->n_sharers];

	for (int i = 0; i < l->n_sharers; i++)
		if (l->sharers[i].sk == open->sock.sk && l->sharers[i].pid == open->pid &&
		    l->sharers[i].fd == open->fd)
			return;
	if (l->n_sharers == LOOK_SHARERS)
		return;
	*s = (struct bt_sharer){ .inode = open->sock.inode,
				 .sk = open->sock.sk,
				 .start_ns = open->start_ns,
				 .pid = open->pid,
				 .fd = open->fd,
				 .ppid = open->ppid,
				 .uid = open->uid,
				 .netns = open->netns };
	memcpy(s->comm, open->comm, sizeof(s->comm));
	l->n_sharers++;
}

static void on_open(void *context, const void *row)
{
	const struct bt_open *open = row;
	const struct search *s = context;

	for (unsigned i = 0; i < s->n; i++) {
		if (!untabled_concern(&s->queue[i], open) && !crowd_concern(&s->queue[i], open))
			continue;
		untabled_keep(&s->look->files, open, bpf_source_bound_ns(s->source, open->sock.sk));
		add_sharer(s->look, open);
		return;
	}
}

bool look_decides(const struct event *e)
{
	return e->verdict.decisive < 0 || crowd_needed(&e->rec);
}

bool look_is_long(const struct bt_record *r)
{
	if (untabled_needed(r) || crowd_needed(r) || (r->sock.family == AF_UNIX && r->error))
		return true;
	for (unsigned i = 0; i < r->n_holders && i < BT_MAX_HOLDERS; i++)
		if (r->holders[i].sock.inode)
			return true;
	return false;
}

/* Sockets that no table shows, or no walk comes to; without the iterator nothing is known of them. */
static void look_at_files(struct look *l, struct bpf_source *source, const struct bt_record *queue,
			  unsigned n)
{
	struct search search = { l, source, queue, n };
	uint16_t ports[LOOK_RECORDS];
	unsigned n_ports = 0;

	l->n_sharers = 0;
	l->files.n = 0;
	l->files.partial = !sees_all_processes();
	for (unsigned i = 0; i < n; i++)
		if (untabled_needed(&queue[i]) || crowd_needed(&queue[i]))
			ports[n_ports++] = queue[i].sock.port;
	l->files.looked = n_ports && !bpf_source_untabled(source, ports, n_ports, on_open, &search);
}

/* Everybody who has one of the sockets open; -errno when that could not be read. */
static void look_for_sharers(struct look *l, struct bpf_source *source, const uint64_t *inodes,
			     unsigned wanted)
{
	unsigned total = 0, known = (unsigned)l->n_sharers;
	int n = 0;

	if (wanted)
		n = bpf_source_sharers(source, inodes, wanted, l->sharers + known,
				       LOOK_SHARERS - known, &total);
	l->n_sharers = n < 0 ? n : (int)known + n;
}

void look_around(struct look *l, struct bpf_source *source, const struct bt_record *queue,
		 unsigned n)
{
	uint64_t inodes[LOOK_RECORDS * (BT_MAX_HOLDERS + 1)];
	unsigned i, j, wanted = 0;

	look_at_files(l, source, queue, n);
	for (i = 0; i < n; i++) {
		unix_look(&l->names[i], &queue[i]);
		sctp_look(&l->sctp[i], &queue[i]);
		inodes[wanted] = unix_wanted(&l->names[i]);
		wanted += inodes[wanted] != 0;
		for (j = 0; j < queue[i].n_holders && j < BT_MAX_HOLDERS; j++)
			if (queue[i].holders[j].sock.inode)
				inodes[wanted++] = queue[i].holders[j].sock.inode;
	}
	look_for_sharers(l, source, inodes, wanted);
	for (i = 0; i < n; i++)
		unix_settle(&l->names[i], &queue[i], l->sharers, l->n_sharers);
}

void look_apply(struct look *l, struct event *e, unsigned i)
{
	e->trial = l->trial;
	unix_add_holder(e, &l->names[i], l->sharers, l->n_sharers);
	e->sctp = l->sctp[i];
	untabled_add_holders(e, &l->files);
	crowd_add_holders(e, &l->files);
	security_enrich(e);
	cgroup_bpf_enrich(e);
	address_enrich(e);
	census_apply(&l->census, e);
	if (l->n_sharers >= 0)
		decode_sharers(e, l->sharers, (unsigned)l->n_sharers);
}

void look_end(struct look *l)
{
	census_end(&l->census);
}
