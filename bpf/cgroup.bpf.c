// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The BPF programs that bind() and connect() ask, of the socket's control group and those above it: read at
 * the refusal, since group and programs may be gone with the process a moment later.
 */
#include "core.bpf.h"

enum { MAX_COUNTED = 8 };

/* enum bpf_attach_type, and the kernel's own index for the same (5.15). */
#define ATTACH_TYPE(type)                                                                          \
	(bpf_core_enum_value_exists(enum cgroup_bpf_attach_type, CGROUP_##type)                    \
		 ? bpf_core_enum_value(enum cgroup_bpf_attach_type, CGROUP_##type)                 \
		 : BPF_CGROUP_##type)

/* sock_cgroup_ptr(): not the task's, but the one in which the socket was made. NULL: the root. */
static __always_inline struct cgroup *cgroup_of(const struct sock *sk)
{
	const struct sock_cgroup_data *data = &sk->sk_cgrp_data;
	const struct sock_cgroup_data___val *old = (const void *)data;
	__u64 val;

	if (!bpf_core_field_exists(old->val))
		return BPF_CORE_READ(data, cgroup);
	val = BPF_CORE_READ(old, val);
	return val & 3 ? NULL : (struct cgroup *)val;
}

/* Adds works[slot].program to the record's, and goes on to the next. 0: there is none. */
__noinline int bt_add_program(__u32 slot)
{
	struct work *w = bpf_map_lookup_elem(&works, &slot);
	const struct bpf_prog_array_item *item;
	struct bpf_prog_aux *aux;
	struct bpf_prog *prog;
	struct bt_program *to;
	__u32 at;

	if (!w)
		return 0;
	item = (const void *)w->program;
	prog = BPF_CORE_READ(item, prog);
	if (!prog)
		return 0;
	w->program += bpf_core_type_size(struct bpf_prog_array_item);
	aux = BPF_CORE_READ(prog, aux);
	if (!BPF_CORE_READ(aux, id)) /* the place of one that is being taken away */
		return 1;
	at = w->rec.n_programs++;
	if (at >= BT_MAX_PROGRAMS)
		return 1;
	to = &w->rec.programs[at];
	to->id = BPF_CORE_READ(aux, id);
	to->type = w->program_type;
	bpf_core_read(to->name, sizeof(to->name), &aux->name);
	return 1;
}

/*
 * The programs in force for one attach type; those of the groups above are among them. All types without any have one
 * array in common (bpf_empty_prog_array), which is not looked into twice: *none, once it has been seen.
 */
static __always_inline void add_programs(struct work *w, __u32 slot, struct cgroup *group,
					 __u32 index, __u16 type, struct bpf_prog_array **none)
{
	__u64 effective = (__u64)group + bpf_core_field_offset(struct cgroup, bpf.effective);
	struct bpf_prog_array *array = NULL;
	int i;

	bpf_probe_read_kernel(&array, sizeof(array), (void *)(effective + index * sizeof(array)));
	if (!array || array == *none)
		return;
	w->program = (__u64)array + bpf_core_field_offset(struct bpf_prog_array, items);
	w->program_type = type;
	for (i = 0; i < MAX_COUNTED; i++)
		if (!bt_add_program(slot))
			break;
	if (!i)
		*none = array;
}

__noinline int bt_read_programs(__u32 slot)
{
	struct work *w = bpf_map_lookup_elem(&works, &slot);
	struct bpf_prog_array *none = NULL;
	struct cgroup *group;
	struct bt_record *r;
	bool six;

	if (!w)
		return 0;
	r = &w->rec;
	six = r->sock.family == AF_INET6;
	group = cgroup_of((const struct sock *)w->sk);
	/* without one the root is asked, whose id is 1 */
	r->socket_cgroup = group ? BPF_CORE_READ(group, kn, id) : 1;
	if (!r->error || !group || !bpf_core_field_exists(group->bpf.effective))
		return 0;
	r->programs_read = 1;
	if (r->operation == BT_OP_BIND) {
		add_programs(w, slot, group,
			     six ? ATTACH_TYPE(INET6_BIND) : ATTACH_TYPE(INET4_BIND),
			     six ? BPF_CGROUP_INET6_BIND : BPF_CGROUP_INET4_BIND, &none);
		add_programs(w, slot, group,
			     six ? ATTACH_TYPE(INET6_POST_BIND) : ATTACH_TYPE(INET4_POST_BIND),
			     six ? BPF_CGROUP_INET6_POST_BIND : BPF_CGROUP_INET4_POST_BIND, &none);
	} else if (r->operation == BT_OP_CONNECT) {
		add_programs(w, slot, group,
			     six ? ATTACH_TYPE(INET6_CONNECT) : ATTACH_TYPE(INET4_CONNECT),
			     six ? BPF_CGROUP_INET6_CONNECT : BPF_CGROUP_INET4_CONNECT, &none);
	}
	return 0;
}
