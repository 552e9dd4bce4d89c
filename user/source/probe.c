// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "source/probe.h"

#include <bpf/btf.h>
#include <errno.h>
#include <string.h>
#include <sys/utsname.h>

#include "bpf/rule.h"
#include "source/calls.h"
#include "source/compat.h"
#include "base/mount.h"
#include "source/try.h"
#include "source/types.h"

/* The function both bind rungs stand on; there since long before BTF. */
#define ANCHOR "inet_csk_listen_start"

/*
 * CONFIG_PREEMPT_DYNAMIC kernels say which model runs, e.g. "none (voluntary) full lazy". Where that file
 * is hidden, what uname says is taken at its worst.
 */
static bool is_preemptible(void)
{
	char model[128];
	struct utsname uts;

	if (!mount_read("debugfs", "sched/preempt", model, sizeof(model)))
		return strstr(model, "(full)") || strstr(model, "(lazy)");
	return !uname(&uts) && strstr(uts.version, "PREEMPT");
}

/* Which of the rule's variants this kernel has: read from the shape of its structures. */
static uint32_t rule_of(const struct types *types)
{
	uint32_t rule = 0;

	/* came with the check of devices: "sctp: support vrf processing" */
	if (types_has_member(types, "sctp_af", "skb_sdif"))
		rule |= BT_RULE_SCTP_DEVICE;
	if (types_find(types, "inet_bind2_bucket", BTF_KIND_STRUCT) < 0)
		return rule;
	rule |= BT_RULE_BHASH2;
	if (!types_has_member(types, "inet_bind2_bucket", "addr_type"))
		rule |= BT_RULE_MAPPED_BLIND;
	return rule;
}

static int first_error(int a, int b)
{
	return a ? a : b;
}

/* The last rung sees the end of a call in one of three ways. */
static int best_end(const struct capabilities *caps)
{
	return !caps->call_multi || !caps->call_fexit ? 0 : caps->sys_exit;
}

int probe_hook(const struct capabilities *caps, int hook)
{
	const int result[BT_N_HOOKS] = {
		[BT_HOOK_FEXIT] = first_error(caps->fexit, caps->read_kernel),
		[BT_HOOK_KPROBE_MULTI] = first_error(caps->kprobe_multi, caps->read_kernel),
		[BT_HOOK_TRACEPOINT] = first_error(caps->tracepoint, caps->read_kernel),
		[BT_HOOK_ITERATOR] = first_error(first_error(best_end(caps), caps->cgroup_bind),
						 first_error(caps->state, caps->tables)),
	};

	return hook < 0 || hook >= BT_N_HOOKS ? -EINVAL : result[hook];
}

/* fexit is cheaper, but a preempted fexit program makes the kernel skip it for others. */
static int choose_hook(const struct capabilities *caps)
{
	static const int calm[] = { BT_HOOK_FEXIT, BT_HOOK_KPROBE_MULTI, BT_HOOK_TRACEPOINT,
				    BT_HOOK_ITERATOR };
	static const int preemptible[] = { BT_HOOK_KPROBE_MULTI, BT_HOOK_FEXIT, BT_HOOK_TRACEPOINT,
					   BT_HOOK_ITERATOR };
	const int *order = caps->preemptible ? preemptible : calm;
	size_t i;

	for (i = 0; i < sizeof(calm) / sizeof(*calm); i++)
		if (!probe_hook(caps, order[i]))
			return order[i];
	return probe_hook(caps, BT_HOOK_ITERATOR);
}

/* What only the last rung needs. Taking programs off those places again takes the kernel tens of milliseconds. */
static void probe_late(struct capabilities *caps, const struct types *types)
{
	caps->call_multi = try_call_multi();
	caps->call_fexit = try_call_fexit(types);
	caps->sys_exit = try_sys_exit(types);
	caps->cgroup_bind = try_cgroup_bind();
	caps->tables = try_tables(types);
	caps->files = try_files(types);
	caps->task = try_task(types);
	caps->kernel_context = types_count_args(types, "bpf_cast_to_kern_ctx") ? 0 : -ENOENT;
}

static void probe_rest(struct capabilities *caps, const struct types *types)
{
	caps->fexit = try_fexit(types);
	caps->kprobe_multi = try_kprobe_multi();
	caps->tracepoint = mount_tracepoint_id("syscalls", "sys_exit_bind");
	if (caps->tracepoint > 0)
		caps->tracepoint = 0;
	caps->state = try_state(types);
	caps->read_kernel = try_read_kernel(types);
	caps->iterator = try_iterator(types);
	caps->cookie = try_cookie(types);
	caps->cast = try_cast(types);
	caps->compat = compat_probe();
	caps->preemptible = is_preemptible();
	caps->bind_sk =
		types_count_args(types, "inet_bind_sk") && types_count_args(types, "inet6_bind_sk");
	caps->bind_within = types_count_args(types, BIND4_WITHIN) == 4 &&
			    types_count_args(types, BIND6_WITHIN) == 4;
	caps->bind_socket = types_count_args(types, "__sys_bind_socket");
	caps->listen_args = types_count_args(types, ANCHOR);
	caps->deed_calls =
		types_count_args(types, "tcp_send_fin") && types_count_args(types, "tcp_connect");
	caps->seccomp_args = types_count_args(types, "__secure_computing");
	caps->rule = rule_of(types);
}

void probe_capabilities(struct capabilities *caps, const struct types *types, int hook)
{
	memset(caps, 0, sizeof(*caps));
	caps->call_multi = caps->call_fexit = caps->sys_exit = caps->cgroup_bind = caps->tables =
		caps->files = caps->task = caps->kernel_context = -ENODATA;
	probe_rest(caps, types);
	caps->best_hook = choose_hook(caps);
	if (hook != BT_HOOK_ITERATOR && hook != PROBE_ALL_HOOKS && caps->best_hook >= 0)
		return;
	probe_late(caps, types);
	caps->best_hook = choose_hook(caps);
}

void probe_all(struct capabilities *caps)
{
	struct types *types;
	int err = types_open(&types);

	if (err) {
		memset(caps, 0, sizeof(*caps));
		caps->btf = caps->best_hook = err;
		return;
	}
	probe_capabilities(caps, types, PROBE_ALL_HOOKS);
	types_close(types);
}
