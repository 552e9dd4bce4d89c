// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The joined story of one holder of the port: its inode, owner and protocol, its opener and its closer. */
#include "core.bpf.h"
#include "deed.bpf.h"
#include "node.bpf.h"
#include "read.bpf.h"

/* Which of the two of a holder: who made it listen or connect, or who closed it. */
enum { OPENER, CLOSER };

/*
 * Who did it, with the command line that the same process has been seen with: to works[slot]'s holder that is being
 * described. For the verifier once for both. Always 0.
 */
__noinline int bt_tell(__u32 slot, __u32 which)
{
	struct work *w = bpf_map_lookup_elem(&works, &slot);
	const struct bt_cmdline *line;
	const struct bt_deed *deed;
	struct bt_holder *h;
	struct bt_owner *to;
	__u64 key;

	if (!w || w->place >= BT_MAX_HOLDERS)
		return 0;
	h = &w->rec.holders[w->place];
	key = config.has_cookie ? w->seen.cookie : w->seen_sk;
	if (which == CLOSER && !config.has_cookie)
		key = tuple_key(w->rec.task.netns, common(w));
	deed = which == CLOSER ? recent_deed(&closers, key) : key ? opener_of(key) : NULL;
	if (!deed)
		return 0;
	to = which == CLOSER ? &h->closer : &h->opener;
	to->pid = deed->pid;
	to->uid = deed->uid;
	to->start_ns = deed->start_ns;
	to->time_ns = deed->time_ns;
	__builtin_memcpy(to->comm, deed->comm, BT_COMM_LEN);
	line = bpf_map_lookup_elem(&cmdlines, &deed->pid);
	if (!line || line->start_ns != deed->start_ns)
		return 0;
	to->cmdline_len = line->len;
	__builtin_memcpy(to->cmdline, line->text, sizeof(to->cmdline));
	return 0;
}

__noinline int bt_identify(__u32 slot)
{
	struct work *w = bpf_map_lookup_elem(&works, &slot);

	if (w)
		read_identity(&w->seen, (const struct sock *)w->seen_sk, w->near);
	return 0;
}

__noinline int bt_describe(__u32 slot)
{
	struct work *w = bpf_map_lookup_elem(&works, &slot);
	struct bt_holder *h;

	if (!w || w->place >= BT_MAX_HOLDERS)
		return 0;
	h = &w->rec.holders[w->place];
	__builtin_memset(&h->opener, 0, offsetof(struct bt_owner, cmdline));
	__builtin_memset(&h->closer, 0, offsetof(struct bt_owner, cmdline));
	if (w->seen.flags & BT_SOCK_MINI) {
		w->seen.protocol = IPPROTO_TCP;
	} else {
		bt_identify(slot);
		read_locks(&w->seen, (const struct sock *)w->seen_sk);
	}
	__builtin_memcpy(&h->sock, &w->seen, sizeof(h->sock));
	bt_tell(slot, OPENER);
	/* who listens has never sent a FIN */
	if (w->seen.state != BT_TCP_LISTEN)
		bt_tell(slot, CLOSER);
	return 0;
}
