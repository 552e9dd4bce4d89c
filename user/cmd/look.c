// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/look.h"

#include "base/pids.h"
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

static void on_open(void *context, const void *row)
{
	const struct bt_open *open = row;
	const struct search *s = context;

	for (unsigned i = 0; i < s->n; i++) {
		if (!untabled_concern(&s->queue[i], open))
			continue;
		untabled_keep(&s->look->files, open, bpf_source_bound_ns(s->source, open->sock.sk));
		return;
	}
}

/* Sockets that no table shows; without the iterator nothing is known of them. */
static void look_at_files(struct look *l, struct bpf_source *source, const struct bt_record *queue,
			  unsigned n)
{
	struct search search = { l, source, queue, n };
	uint16_t ports[LOOK_RECORDS];
	unsigned n_ports = 0;

	l->files.n = 0;
	l->files.partial = !sees_all_processes();
	for (unsigned i = 0; i < n; i++)
		if (untabled_needed(&queue[i]))
			ports[n_ports++] = queue[i].sock.port;
	if (n_ports && bpf_source_untabled(source, ports, n_ports, on_open, &search))
		l->files.partial = true;
}

void look_around(struct look *l, struct bpf_source *source, const struct bt_record *queue,
		 unsigned n)
{
	uint64_t inodes[LOOK_RECORDS * (BT_MAX_HOLDERS + 1) + FILES_ROWS];
	unsigned i, j, wanted = 0, total = 0;

	for (i = 0; i < n; i++) {
		unix_look(&l->names[i], &queue[i]);
		sctp_look(&l->sctp[i], &queue[i]);
		inodes[wanted] = unix_wanted(&l->names[i]);
		wanted += inodes[wanted] != 0;
		for (j = 0; j < queue[i].n_holders && j < BT_MAX_HOLDERS; j++)
			if (queue[i].holders[j].sock.inode)
				inodes[wanted++] = queue[i].holders[j].sock.inode;
	}
	look_at_files(l, source, queue, n);
	for (i = 0; i < l->files.n; i++)
		inodes[wanted++] = l->files.rows[i].sock.inode;
	l->n_sharers = 0;
	if (wanted)
		l->n_sharers = bpf_source_sharers(source, inodes, wanted, l->sharers, LOOK_SHARERS,
						  &total);
	for (i = 0; i < n; i++)
		unix_settle(&l->names[i], &queue[i], l->sharers, l->n_sharers);
}

void look_apply(const struct look *l, struct event *e, unsigned i)
{
	unix_add_holder(e, &l->names[i], l->sharers, l->n_sharers);
	e->sctp = l->sctp[i];
	untabled_add_holders(e, &l->files);
	security_enrich(e);
	if (l->n_sharers >= 0)
		decode_sharers(e, l->sharers, (unsigned)l->n_sharers);
}
