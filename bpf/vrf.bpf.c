// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * VRFs: each has ports of its own. A socket is in the VRF of the device that it is bound to, and in none
 * without one (inet_sk_bound_l3mdev()).
 */
#include "core.bpf.h"

enum { NETDEV_HASHENTRIES = 256, STEPS = 16, BATCHES = 32 };

/* Goes on along works[slot].node to the device; then that is its index_hlist. 1: it need not go on. */
__noinline int bt_look_for_device(__u32 slot)
{
	struct work *w = bpf_map_lookup_elem(&works, &slot);
	const struct net_device *dev;
	int i;

	for (i = 0; w && i < STEPS && w->node; i++) {
		dev = (void *)(w->node - bpf_core_field_offset(struct net_device, index_hlist));
		if ((__u32)BPF_CORE_READ(dev, ifindex) == w->rec.sock.ifindex)
			return 1;
		w->node = (__u64)BPF_CORE_READ(dev, index_hlist.next);
	}
	return !w || !w->node;
}

/* dev_get_by_index_rcu(); NULL: the device is gone, which the kernel takes for no VRF. */
static __always_inline struct net_device *device_of(struct work *w, __u32 slot)
{
	struct net *net = (struct net *)w->net;
	struct hlist_head *head = BPF_CORE_READ(net, dev_index_head);
	int i;

	head = (void *)((__u64)head + (w->rec.sock.ifindex & (NETDEV_HASHENTRIES - 1)) *
					      bpf_core_type_size(struct hlist_head));
	w->node = (__u64)BPF_CORE_READ(head, first);
	for (i = 0; i < BATCHES; i++)
		if (bt_look_for_device(slot))
			break;
	if (i == BATCHES || !w->node)
		return NULL;
	return (void *)(w->node - bpf_core_field_offset(struct net_device, index_hlist));
}

/* netdev_master_upper_dev_get_rcu(): a master is the first of the devices above. */
static __always_inline struct net_device *master_of(struct net_device *dev)
{
	struct list_head *first = BPF_CORE_READ(dev, adj_list.upper.next);
	struct netdev_adjacent *above;

	if ((__u64)first == (__u64)dev + bpf_core_field_offset(struct net_device, adj_list.upper))
		return NULL;
	above = (void *)((__u64)first - bpf_core_field_offset(struct netdev_adjacent, list));
	return BPF_CORE_READ(above, master) ? BPF_CORE_READ(above, dev) : NULL;
}

__noinline int bt_find_vrf(__u32 slot)
{
	struct work *w = bpf_map_lookup_elem(&works, &slot);
	struct net_device *dev;
	struct net *net;
	__u64 flags;

	if (!w)
		return 0;
	net = (struct net *)w->net;
	if (!bpf_core_field_exists(net->ipv4.sysctl_tcp_l3mdev_accept) ||
	    BPF_CORE_READ_BITFIELD_PROBED(net, ipv4.sysctl_tcp_l3mdev_accept))
		return 0;
	dev = device_of(w, slot);
	flags = BPF_CORE_READ_BITFIELD_PROBED(dev, priv_flags);
	if (!dev || !(flags & (bpf_core_enum_value(enum netdev_priv_flags, IFF_L3MDEV_MASTER) |
			       bpf_core_enum_value(enum netdev_priv_flags, IFF_L3MDEV_SLAVE))))
		return 0;
	if (flags & bpf_core_enum_value(enum netdev_priv_flags, IFF_L3MDEV_SLAVE))
		dev = master_of(dev);
	w->l3mdev = dev ? BPF_CORE_READ(dev, ifindex) : 0;
	return 0;
}
