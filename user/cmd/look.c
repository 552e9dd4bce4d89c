// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/look.h"

#include "enrich/address.h"
#include "enrich/cgroup_bpf.h"
#include "enrich/security.h"
#include "enrich/unix.h"
#include "source/decode.h"

void look_around(struct look *l, struct bpf_source *source, const struct bt_record *queue,
		 unsigned n)
{
	uint64_t inodes[LOOK_RECORDS * (BT_MAX_HOLDERS + 1)];
	unsigned i, j, wanted = 0, total = 0;

	for (i = 0; i < n; i++) {
		unix_look(&l->names[i], &queue[i]);
		inodes[wanted] = unix_wanted(&l->names[i]);
		wanted += inodes[wanted] != 0;
		for (j = 0; j < queue[i].n_holders && j < BT_MAX_HOLDERS; j++)
			if (queue[i].holders[j].sock.inode)
				inodes[wanted++] = queue[i].holders[j].sock.inode;
	}
	l->n_sharers = 0;
	if (wanted)
		l->n_sharers = bpf_source_sharers(source, inodes, wanted, l->sharers, LOOK_SHARERS,
						  &total);
	for (i = 0; i < n; i++)
		unix_settle(&l->names[i], &queue[i], l->sharers, l->n_sharers);
}

void look_apply(struct look *l, struct event *e, unsigned i)
{
	unix_add_holder(e, &l->names[i], l->sharers, l->n_sharers);
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
