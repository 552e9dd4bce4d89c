// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "source/probe.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bpf/rule.h"
#include "source/compat.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define INSN(c, d, s, o, i)                                                                        \
	((struct bpf_insn){ .code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i) })
#define MOV_IMM(d, i)	   INSN(BPF_ALU64 | BPF_MOV | BPF_K, d, 0, 0, i)
#define MOV_REG(d, s)	   INSN(BPF_ALU64 | BPF_MOV | BPF_X, d, s, 0, 0)
#define ADD_IMM(d, i)	   INSN(BPF_ALU64 | BPF_ADD | BPF_K, d, 0, 0, i)
#define LOAD64(d, s, o)	   INSN(BPF_LDX | BPF_MEM | BPF_DW, d, s, o, 0)
#define CALL(helper)	   INSN(BPF_JMP | BPF_CALL, 0, 0, 0, helper)
#define SKIP_IF_ZERO(d, n) INSN(BPF_JMP | BPF_JEQ | BPF_K, d, 0, n, 0)
#define EXIT()		   INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

/* The function both bind rungs stand on; there since long before BTF. */
#define ANCHOR "inet_csk_listen_start"
/* Where bind(2) enters the kernel; fexit and kprobe.multi can stand there, too. */
#define SYS_BIND "__x64_sys_bind"

static const struct bpf_insn nothing[] = { MOV_IMM(0, 0), EXIT() };
static const struct bpf_insn allow[] = { MOV_IMM(0, 1), EXIT() };

static int load(enum bpf_prog_type type, enum bpf_attach_type attach, int btf_id,
		const struct bpf_insn *insns, size_t n)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = attach,
		    .attach_btf_id = btf_id);
	int fd = bpf_prog_load(type, "bindtrace_probe", "Dual BSD/GPL", insns, n, &opts);

	return fd < 0 ? -errno : fd;
}

/* Loads a tracing program for a BTF function (or tracepoint typedef) and attaches it for a moment. */
static int try_tracing(const struct btf *btf, const char *name, unsigned kind,
		       enum bpf_attach_type attach, const struct bpf_insn *insns, size_t n)
{
	int id = btf__find_by_name_kind(btf, name, kind), fd, link, err = 0;

	if (id < 0)
		return id;
	fd = load(BPF_PROG_TYPE_TRACING, attach, id, insns, n);
	if (fd < 0)
		return fd;
	if (attach != BPF_TRACE_ITER) {
		link = bpf_raw_tracepoint_open(NULL, fd);
		err = link < 0 ? -errno : 0;
		if (link >= 0)
			close(link);
	}
	close(fd);
	return err;
}

static int try_kprobe_multi(const char *symbol, const struct bpf_insn *insns, size_t n)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts, .kprobe_multi.syms = &symbol,
		    .kprobe_multi.cnt = 1);
	int fd = load(BPF_PROG_TYPE_KPROBE, BPF_TRACE_KPROBE_MULTI, 0, insns, n), link, err;

	if (fd < 0)
		return fd;
	link = bpf_link_create(fd, 0, BPF_TRACE_KPROBE_MULTI, &opts);
	err = link < 0 ? -errno : 0;
	if (link >= 0)
		close(link);
	close(fd);
	return err;
}

/* Where the task's registers are is asked there. */
static int try_call_multi(void)
{
	const struct bpf_insn insns[] = {
		CALL(BPF_FUNC_get_current_task_btf),
		MOV_REG(1, 0),
		CALL(BPF_FUNC_task_pt_regs),
		MOV_IMM(0, 0),
		EXIT(),
	};

	return try_kprobe_multi(SYS_BIND, insns, LENGTH(insns));
}

static int try_read_kernel(const struct btf *btf)
{
	const struct bpf_insn insns[] = {
		MOV_REG(1, 10),
		ADD_IMM(1, -8),
		MOV_IMM(2, 8),
		MOV_IMM(3, 0),
		CALL(BPF_FUNC_probe_read_kernel),
		MOV_IMM(0, 0),
		EXIT(),
	};

	return try_tracing(btf, "btf_trace_inet_sock_set_state", BTF_KIND_TYPEDEF, BPF_TRACE_RAW_TP,
			   insns, LENGTH(insns));
}

static int try_cookie(const struct btf *btf)
{
	const struct bpf_insn insns[] = {
		LOAD64(1, 1, 0),
		CALL(BPF_FUNC_get_socket_cookie),
		MOV_IMM(0, 0),
		EXIT(),
	};

	return try_tracing(btf, "btf_trace_inet_sock_set_state", BTF_KIND_TYPEDEF, BPF_TRACE_RAW_TP,
			   insns, LENGTH(insns));
}

static int try_task(const struct btf *btf)
{
	const struct bpf_insn insns[] = {
		CALL(BPF_FUNC_get_current_task_btf),
		MOV_IMM(0, 0),
		EXIT(),
	};

	return try_tracing(btf, "btf_trace_inet_sock_set_state", BTF_KIND_TYPEDEF, BPF_TRACE_RAW_TP,
			   insns, LENGTH(insns));
}

/* Is the helper there that leads from an open file to its socket? ctx->file is the fourth word. */
static int try_files(const struct btf *btf)
{
	const struct bpf_insn insns[] = {
		LOAD64(1, 1, 24), SKIP_IF_ZERO(1, 1), CALL(BPF_FUNC_sock_from_file), MOV_IMM(0, 0),
		EXIT(),
	};

	return try_tracing(btf, "bpf_iter_task_file", BTF_KIND_FUNC, BPF_TRACE_ITER, insns,
			   LENGTH(insns));
}

/* A program at the root of all control groups is put there for a moment. */
static int try_cgroup_bind(void)
{
	int fd = load(BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_BIND, 0, allow,
		      LENGTH(allow));
	int root, link, err;

	if (fd < 0)
		return fd;
	root = probe_open_cgroup_root();
	link = root < 0 ? -1 : bpf_link_create(fd, root, BPF_CGROUP_INET4_BIND, NULL);
	err = root < 0 ? root : link < 0 ? -errno : 0;
	if (link >= 0)
		close(link);
	if (root >= 0)
		close(root);
	close(fd);
	return err;
}

/* Before 5.11 or so the registers have no type there that the verifier knows. */
static int try_call_fexit(const struct btf *btf)
{
	const struct bpf_insn insns[] = {
		LOAD64(1, 1, 0),
		LOAD64(1, 1, 0),
		MOV_IMM(0, 0),
		EXIT(),
	};

	return try_tracing(btf, SYS_BIND, BTF_KIND_FUNC, BPF_TRACE_FEXIT, insns, LENGTH(insns));
}

int probe_open_private(const char *filesystem, const char *path)
{
	int context = fsopen(filesystem, FSOPEN_CLOEXEC), mount = -1, fd = -1, err;

	if (context < 0)
		return -errno;
	if (!fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		mount = fsmount(context, FSMOUNT_CLOEXEC, 0);
	if (mount >= 0)
		fd = openat(mount, path, O_RDONLY | O_CLOEXEC);
	err = -errno;
	close(context);
	if (mount >= 0)
		close(mount);
	return fd < 0 ? err : fd;
}

int probe_open_cgroup_root(void)
{
	return probe_open_private("cgroup2", ".");
}

static int read_private(const char *filesystem, const char *path, char *to, size_t size)
{
	int fd = probe_open_private(filesystem, path);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = read(fd, to, size - 1);
	close(fd);
	if (n < 0)
		return -errno;
	to[n] = '\0';
	return 0;
}

int probe_tracepoint_id(const char *category, const char *name)
{
	char path[128], text[32];
	int err;

	snprintf(path, sizeof(path), "events/%s/%s/id", category, name);
	err = read_private("tracefs", path, text, sizeof(text));
	return err ? err : atoi(text);
}

/*
 * CONFIG_PREEMPT_DYNAMIC kernels say which model runs, e.g. "none (voluntary) full lazy". Where that file
 * is hidden, what uname says is taken at its worst.
 */
static bool is_preemptible(void)
{
	char model[128];
	struct utsname uts;

	if (!read_private("debugfs", "sched/preempt", model, sizeof(model)))
		return strstr(model, "(full)") || strstr(model, "(lazy)");
	return !uname(&uts) && strstr(uts.version, "PREEMPT");
}

static bool has_member(const struct btf *btf, const char *type, const char *member)
{
	int id = btf__find_by_name_kind(btf, type, BTF_KIND_STRUCT);
	const struct btf_type *t = id < 0 ? NULL : btf__type_by_id(btf, id);
	int i;

	for (i = 0; t && i < btf_vlen(t); i++)
		if (!strcmp(btf__name_by_offset(btf, btf_members(t)[i].name_off), member))
			return true;
	return false;
}

static unsigned count_args(const struct btf *btf, const char *function)
{
	int id = btf__find_by_name_kind(btf, function, BTF_KIND_FUNC);

	return id < 0 ? 0 : btf_vlen(btf__type_by_id(btf, btf__type_by_id(btf, id)->type));
}

/* Which of the rule's variants this kernel has: read from the shape of its structures. */
static uint32_t rule_of(const struct btf *btf)
{
	uint32_t rule = 0;

	/* came with the check of devices: "sctp: support vrf processing" */
	if (has_member(btf, "sctp_af", "skb_sdif"))
		rule |= BT_RULE_SCTP_DEVICE;
	if (btf__find_by_name_kind(btf, "inet_bind2_bucket", BTF_KIND_STRUCT) < 0)
		return rule;
	rule |= BT_RULE_BHASH2;
	if (!has_member(btf, "inet_bind2_bucket", "addr_type"))
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

	for (i = 0; i < LENGTH(calm); i++)
		if (!probe_hook(caps, order[i]))
			return order[i];
	return probe_hook(caps, BT_HOOK_ITERATOR);
}

void probe_capabilities(struct capabilities *caps)
{
	struct btf *btf = btf__load_vmlinux_btf();

	memset(caps, 0, sizeof(*caps));
	caps->btf = btf ? 0 : -errno;
	caps->best_hook = caps->btf;
	if (!btf)
		return;
	caps->fexit =
		try_tracing(btf, ANCHOR, BTF_KIND_FUNC, BPF_TRACE_FEXIT, nothing, LENGTH(nothing));
	caps->kprobe_multi = try_kprobe_multi(ANCHOR, nothing, LENGTH(nothing));
	caps->call_multi = try_call_multi();
	caps->call_fexit = try_call_fexit(btf);
	caps->tracepoint = probe_tracepoint_id("syscalls", "sys_exit_bind");
	if (caps->tracepoint > 0)
		caps->tracepoint = 0;
	caps->state = try_tracing(btf, "btf_trace_inet_sock_set_state", BTF_KIND_TYPEDEF,
				  BPF_TRACE_RAW_TP, nothing, LENGTH(nothing));
	caps->read_kernel = try_read_kernel(btf);
	caps->iterator = try_tracing(btf, "bpf_iter_task_file", BTF_KIND_FUNC, BPF_TRACE_ITER,
				     nothing, LENGTH(nothing));
	caps->cookie = try_cookie(btf);
	caps->sys_exit = try_tracing(btf, "btf_trace_sys_exit", BTF_KIND_TYPEDEF, BPF_TRACE_RAW_TP,
				     nothing, LENGTH(nothing));
	caps->cgroup_bind = try_cgroup_bind();
	caps->tables = try_tracing(btf, "bpf_iter_tcp", BTF_KIND_FUNC, BPF_TRACE_ITER, nothing,
				   LENGTH(nothing));
	caps->files = try_files(btf);
	caps->task = try_task(btf);
	caps->kernel_context =
		btf__find_by_name_kind(btf, "bpf_cast_to_kern_ctx", BTF_KIND_FUNC) > 0;
	caps->compat = compat_probe();
	caps->preemptible = is_preemptible();
	caps->bind_sk = count_args(btf, "inet_bind_sk") && count_args(btf, "inet6_bind_sk");
	caps->listen_args = count_args(btf, ANCHOR);
	caps->rule = rule_of(btf);
	caps->best_hook = choose_hook(caps);
	btf__free(btf);
}
