// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "source/try.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <unistd.h>

#include "base/mount.h"
#include "source/calls.h"
#include "source/types.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define INSN(c, d, s, o, i)                                                                        \
	((struct bpf_insn){ .code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i) })
#define MOV_IMM(d, i)	   INSN(BPF_ALU64 | BPF_MOV | BPF_K, d, 0, 0, i)
#define MOV_REG(d, s)	   INSN(BPF_ALU64 | BPF_MOV | BPF_X, d, s, 0, 0)
#define ADD_IMM(d, i)	   INSN(BPF_ALU64 | BPF_ADD | BPF_K, d, 0, 0, i)
#define LOAD64(d, s, o)	   INSN(BPF_LDX | BPF_MEM | BPF_DW, d, s, o, 0)
#define CALL(helper)	   INSN(BPF_JMP | BPF_CALL, 0, 0, 0, helper)
#define CALL_KERNEL(id)	   INSN(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_KFUNC_CALL, 0, id)
#define SKIP_IF_ZERO(d, n) INSN(BPF_JMP | BPF_JEQ | BPF_K, d, 0, n, 0)
#define EXIT()		   INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

/* The function both bind rungs stand on; there since long before BTF. */
#define ANCHOR "inet_csk_listen_start"
#define STATE  "btf_trace_inet_sock_set_state"

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

/* Loads a tracing program for one of the kernel's types. A descriptor or -errno. */
static int load_tracing(const struct types *types, const char *name, enum bpf_attach_type attach,
			const struct bpf_insn *insns, size_t n)
{
	int id = types_find(types, name,
			    attach == BPF_TRACE_RAW_TP ? BTF_KIND_TYPEDEF : BTF_KIND_FUNC);

	return id < 0 ? id : load(BPF_PROG_TYPE_TRACING, attach, id, insns, n);
}

/* Is it let in? Whether a helper is there the kernel says then; and taking one away again takes it long. */
static int try_loading(const struct types *types, const char *name, enum bpf_attach_type attach,
		       const struct bpf_insn *insns, size_t n)
{
	int fd = load_tracing(types, name, attach, insns, n);

	if (fd >= 0)
		close(fd);
	return fd < 0 ? fd : 0;
}

/* Is it let in, and can it be attached? */
static int try_attaching(const struct types *types, const char *name, enum bpf_attach_type attach,
			 const struct bpf_insn *insns, size_t n)
{
	int fd = load_tracing(types, name, attach, insns, n), link, err;

	if (fd < 0)
		return fd;
	link = bpf_raw_tracepoint_open(NULL, fd);
	err = link < 0 ? -errno : 0;
	if (link >= 0)
		close(link);
	close(fd);
	return err;
}

int try_fexit(const struct types *types)
{
	return try_attaching(types, ANCHOR, BPF_TRACE_FEXIT, nothing, LENGTH(nothing));
}

static int attach_multi(const char *symbol, const struct bpf_insn *insns, size_t n)
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

int try_kprobe_multi(void)
{
	return attach_multi(ANCHOR, nothing, LENGTH(nothing));
}

int try_state(const struct types *types)
{
	return try_attaching(types, STATE, BPF_TRACE_RAW_TP, nothing, LENGTH(nothing));
}

/* Where the task's registers are is asked there. */
int try_call_multi(void)
{
	const struct bpf_insn insns[] = {
		CALL(BPF_FUNC_get_current_task_btf),
		MOV_REG(1, 0),
		CALL(BPF_FUNC_task_pt_regs),
		MOV_IMM(0, 0),
		EXIT(),
	};

	return attach_multi(CALL_BIND, insns, LENGTH(insns));
}

int try_read_kernel(const struct types *types)
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

	return try_loading(types, STATE, BPF_TRACE_RAW_TP, insns, LENGTH(insns));
}

int try_cookie(const struct types *types)
{
	const struct bpf_insn insns[] = {
		LOAD64(1, 1, 0),
		CALL(BPF_FUNC_get_socket_cookie),
		MOV_IMM(0, 0),
		EXIT(),
	};

	return try_loading(types, STATE, BPF_TRACE_RAW_TP, insns, LENGTH(insns));
}

int try_task(const struct types *types)
{
	const struct bpf_insn insns[] = {
		CALL(BPF_FUNC_get_current_task_btf),
		MOV_IMM(0, 0),
		EXIT(),
	};

	return try_loading(types, STATE, BPF_TRACE_RAW_TP, insns, LENGTH(insns));
}

int try_cast(const struct types *types)
{
	int cast = types_find(types, "bpf_rdonly_cast", BTF_KIND_FUNC);
	int task = types_find(types, "task_struct", BTF_KIND_STRUCT);
	const struct bpf_insn insns[] = {
		CALL(BPF_FUNC_get_current_task_btf),
		MOV_REG(1, 0),
		MOV_IMM(2, task),
		CALL_KERNEL(cast),
		MOV_IMM(0, 0),
		EXIT(),
	};

	return cast < 0 || task < 0
		       ? -ENOENT
		       : try_loading(types, STATE, BPF_TRACE_RAW_TP, insns, LENGTH(insns));
}

int try_sys_exit(const struct types *types)
{
	return try_loading(types, "btf_trace_sys_exit", BPF_TRACE_RAW_TP, nothing, LENGTH(nothing));
}

int try_iterator(const struct types *types)
{
	return try_loading(types, "bpf_iter_task_file", BPF_TRACE_ITER, nothing, LENGTH(nothing));
}

int try_tables(const struct types *types)
{
	return try_loading(types, "bpf_iter_tcp", BPF_TRACE_ITER, nothing, LENGTH(nothing));
}

/* Is the helper there that leads from an open file to its socket? ctx->file is the fourth word. */
int try_files(const struct types *types)
{
	const struct bpf_insn insns[] = {
		LOAD64(1, 1, 24), SKIP_IF_ZERO(1, 1), CALL(BPF_FUNC_sock_from_file), MOV_IMM(0, 0),
		EXIT(),
	};

	return try_loading(types, "bpf_iter_task_file", BPF_TRACE_ITER, insns, LENGTH(insns));
}

/* A program at the root of all control groups is put there for a moment. */
int try_cgroup_bind(void)
{
	int fd = load(BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_BIND, 0, allow,
		      LENGTH(allow));
	int root, link, err;

	if (fd < 0)
		return fd;
	root = mount_cgroup_root();
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
int try_call_fexit(const struct types *types)
{
	const struct bpf_insn insns[] = {
		LOAD64(1, 1, 0),
		LOAD64(1, 1, 0),
		MOV_IMM(0, 0),
		EXIT(),
	};

	return try_attaching(types, CALL_BIND, BPF_TRACE_FEXIT, insns, LENGTH(insns));
}
