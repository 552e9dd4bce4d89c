// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The joined story of one holder of the port: its inode, owner and protocol, its opener and its closer. */
#include "core.bpf.h"
#include "deed.bpf.h"
#include "node.bpf.h"
#include "read.bpf.h"

/* Who did it, with the command line that the same process has been seen with. */
static __always_inline void tell(struct bt_owner *to, const struct bt_deed *deed)
{
	const struct bt_cmdline *line;

	to->pid = deed->pid;
	to->uid = deed->uid;
	to->start_ns = deed->start_ns;
	to->time_ns = deed->time_ns;
	__builtin_memcpy(to->comm, deed->comm, BT_COMM_LEN);
	line = bpf_map_lookup_elem(&cmdlines, &deed->pid);
	if (!line || line->start_ns != deed->start_ns)
		return;
	to->cmdline_len = line->len;
	__builtin_memcpy(to->cmdline, line->text, sizeof(to->cmdline));
}

static __always_inline void read_details(struct bt_sock *to, const struct sock *sk, __u64 *room)
{
	__u32 locks = BPF_CORE_READ_BITFIELD_PROBED(sk, sk_userlocks);

	read_identity(to, sk, room);
	if (locks & 4) /* SOCK_BINDADDR_LOCK */
		to->flags |= BT_SOCK_BOUND_ADDR;
	if (locks & 8) /* SOCK_BINDPORT_LOCK */
		to->flags |= BT_SOCK_BOUND_PORT;
}

/* Writes works[slot].seen to its place among the holders. Always 0. */
__noinline int bt_describe(__u32 slot)
{
	struct work *w = bpf_map_lookup_elem(&works, &slot);
	const struct bt_deed *deed;
	struct bt_holder *h;
	__u64 key;

	if (!w || w->place >= BT_MAX_HOLDERS)
		return 0;
	h = &w->rec.holders[w->place];
	__builtin_memset(h, 0, sizeof(*h));
	if (w->seen.flags & BT_SOCK_MINI)
		w->seen.protocol = IPPROTO_TCP;
	else
		read_details(&w->seen, (const struct sock *)w->seen_sk, w->near);
	__builtin_memcpy(&h->sock, &w->seen, sizeof(h->sock));

	key = config.has_cookie ? w->seen.cookie : w->seen_sk;
	deed = key ? opener_of(key) : NULL;
	if (deed)
		tell(&h->opener, deed);
	if (!config.has_cookie)
		key = tuple_key(w->rec.task.netns, common(w));
	deed = recent_deed(&closers, key);
	if (deed)
		tell(&h->closer, deed);
	return 0;
}
