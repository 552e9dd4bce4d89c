// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * VRFs: each has ports of its own. A socket is in the VRF of the device that it is bound to, and in none
 * without one (inet_sk_bound_l3mdev()).
 */
#include "core.bpf.h"

enum { NETDEV_HASHENTRIES = 256, MAX_CHAIN = 512 };

/* dev_get_by_index_rcu(); NULL: the device is gone, which the kernel takes for no VRF. */
static __always_inline struct net_device *device_of(const struct work *w)
{
	struct net *net = (struct net *)w->net;
	struct hlist_head *head = BPF_CORE_READ(net, dev_index_head);
	struct net_device *dev;
	struct hlist_node *node;
	int i;

	head = (void *)((__u64)head + (w->rec.sock.ifindex & (NETDEV_HASHENTRIES - 1)) *
					      bpf_core_type_size(struct hlist_head));
	node = BPF_CORE_READ(head, first);
	for (i = 0; i < MAX_CHAIN && node; i++) {
		dev = (void *)((__u64)node - bpf_core_field_offset(struct net_device, index_hlist));
		if ((__u32)BPF_CORE_READ(dev, ifindex) == w->rec.sock.ifindex)
			return dev;
		node = BPF_CORE_READ(node, next);
	}
	return NULL;
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
	w->l3mdev = 0;
	net = (struct net *)w->net;
	if (!w->rec.sock.ifindex || !bpf_core_field_exists(net->ipv4.sysctl_tcp_l3mdev_accept) ||
	    BPF_CORE_READ_BITFIELD_PROBED(net, ipv4.sysctl_tcp_l3mdev_accept))
		return 0;
	dev = device_of(w);
	flags = BPF_CORE_READ_BITFIELD_PROBED(dev, priv_flags);
	if (!dev || !(flags & (bpf_core_enum_value(enum netdev_priv_flags, IFF_L3MDEV_MASTER) |
			       bpf_core_enum_value(enum netdev_priv_flags, IFF_L3MDEV_SLAVE))))
		return 0;
	if (flags & bpf_core_enum_value(enum netdev_priv_flags, IFF_L3MDEV_SLAVE))
		dev = master_of(dev);
	w->l3mdev = dev ? BPF_CORE_READ(dev, ifindex) : 0;
	return 0;
}
