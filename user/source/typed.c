// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "source/typed.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bpf/abi.h"
#include "source/types.h"

#define CAST	  "bpf_cast_to_kern_ctx"
#define READ_ONLY "bpf_rdonly_cast"

/*
 * A program that libbpf takes for a tracing one makes it read all types. So it takes ours for another kind until
 * the moment of loading (before_load), and the id of what it is attached to, or of CAST, travels in the flags of
 * the program, of which none of ours has any. One bit of them says that the kernel's memory is closed.
 */
enum { PLACEHOLDER = BPF_PROG_TYPE_KPROBE };
#define CLOSED 0x80000000u

/* Ids of types of the kernel, for casts of any program; 0: there is no such cast. */
static struct {
	int read_only, task;
} casts;

static const struct section {
	const char *name;
	enum bpf_prog_type type;
	enum bpf_attach_type attach;
	const char *prefix; /* of the target's name; NULL: it is not by a type */
} sections[] = {
	{ "tp_btf", BPF_PROG_TYPE_TRACING, BPF_TRACE_RAW_TP, "btf_trace_" },
	{ "fexit", BPF_PROG_TYPE_TRACING, BPF_TRACE_FEXIT, "" },
	{ "fentry", BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY, "" },
	{ "iter", BPF_PROG_TYPE_TRACING, BPF_TRACE_ITER, "bpf_iter_" },
	{ "kretprobe.multi", BPF_PROG_TYPE_KPROBE, BPF_TRACE_KPROBE_MULTI, NULL },
	{ "cgroup/bind4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_BIND, NULL },
	{ "cgroup/bind6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_BIND, NULL },
};

static const struct section *section_of(const struct bpf_program *p)
{
	const char *name = bpf_program__section_name(p);
	size_t i, len;

	for (i = 0; i < sizeof(sections) / sizeof(*sections); i++) {
		len = strlen(sections[i].name);
		if (!strncmp(name, sections[i].name, len) && (!name[len] || name[len] == '/'))
			return &sections[i];
	}
	return NULL;
}

static bool is_helper(const struct bpf_insn *insn, int helper)
{
	return insn->code == (BPF_JMP | BPF_CALL) && !insn->src_reg && insn->imm == helper;
}

/* Makes of a placeholder's call that of a function of the kernel; false: there is none. */
static bool call_kernel(struct bpf_insn *insn, int function)
{
	if (function) {
		insn->src_reg = BPF_PSEUDO_KFUNC_CALL;
		insn->imm = function;
	}
	return function;
}

/* r0 = imm, and r0 = r1: what a cast comes to that the kernel does not have. */
static const struct bpf_insn no_context = { .code = BPF_ALU64 | BPF_MOV | BPF_K };
static const struct bpf_insn no_cast = { .code = BPF_ALU64 | BPF_MOV | BPF_X, .src_reg = 1 };

static bool is_type_of_task(const struct bpf_insn *insn)
{
	return insn->imm == BT_TYPE_OF_TASK && (insn->code == (BPF_ALU64 | BPF_MOV | BPF_K) ||
						insn->code == (BPF_ALU | BPF_MOV | BPF_K));
}

/*
 * Where bpf_probe_read_kernel is refused, libbpf 1.1 makes the old bpf_probe_read, which is refused too, of every
 * bpf_probe_read_user. No program that is loaded there reads kernel memory: each was a bpf_probe_read_user.
 * And it reads all types for a function of the kernel that is called by name.
 */
static int mend(struct bpf_program *p, bool closed, int context)
{
	size_t n = bpf_program__insn_cnt(p), i;
	struct bpf_insn *insns = calloc(n, sizeof(*insns));
	int err;

	if (!insns)
		return -ENOMEM;
	memcpy(insns, bpf_program__insns(p), n * sizeof(*insns));
	for (i = 0; i < n; i++) {
		if (closed && is_helper(&insns[i], BPF_FUNC_probe_read))
			insns[i].imm = BPF_FUNC_probe_read_user;
		else if (is_helper(&insns[i], BT_CAST_TO_KERNEL_CONTEXT) &&
			 !call_kernel(&insns[i], context))
			insns[i] = no_context;
		else if (is_helper(&insns[i], BT_CAST_READ_ONLY) &&
			 !call_kernel(&insns[i], casts.read_only))
			insns[i] = no_cast;
		else if (is_type_of_task(&insns[i]))
			insns[i].imm = casts.task;
	}
	err = bpf_program__set_insns(p, insns, n);
	free(insns);
	return err;
}

static int before_load(struct bpf_program *p, struct bpf_prog_load_opts *opts, long cookie)
{
	const struct section *section = &sections[cookie];
	bool closed = opts->prog_flags & CLOSED;
	__u32 id = opts->prog_flags & ~CLOSED;

	opts->prog_flags = 0;
	if (section->type == BPF_PROG_TYPE_TRACING) {
		bpf_program__set_type(p, BPF_PROG_TYPE_TRACING);
		if (!opts->attach_btf_id)
			opts->attach_btf_id = id;
	}
	return mend(p, closed, section->type == BPF_PROG_TYPE_CGROUP_SOCK_ADDR ? (int)id : 0);
}

static int attach(const struct bpf_program *p, long cookie, struct bpf_link **link)
{
	(void)cookie;
	*link = bpf_program__attach_trace(p);
	return *link ? 0 : -errno;
}

static int register_sections(void)
{
	static bool done;
	char name[32];
	size_t i;
	int id;

	for (i = 0; i < sizeof(sections) / sizeof(*sections) && !done; i++) {
		const struct section *s = &sections[i];
		bool tracing = s->type == BPF_PROG_TYPE_TRACING;
		LIBBPF_OPTS(libbpf_prog_handler_opts, opts, .cookie = (long)i,
			    .prog_prepare_load_fn = before_load,
			    .prog_attach_fn = tracing ? attach : NULL);

		snprintf(name, sizeof(name), "%s+", s->name);
		id = libbpf_register_prog_handler(name, tracing ? PLACEHOLDER : s->type, s->attach,
						  &opts);
		if (id < 0)
			return id;
	}
	done = true;
	return 0;
}

int typed_open(struct typed_file *file)
{
	int err = register_sections();

	file->fd = err ? err : memfd_create("bindtrace_types", MFD_CLOEXEC);
	if (!err && file->fd < 0)
		err = -errno;
	snprintf(file->path, sizeof(file->path), "/proc/self/fd/%d", file->fd);
	return err;
}

int typed_set_target(struct bpf_program *program, const struct types *types, const char *function)
{
	int id = types_find(types, function, BTF_KIND_FUNC);

	if (id >= 0)
		return bpf_program__set_flags(program, (__u32)id);
	return bpf_program__set_attach_target(program, 0, function); /* of a module */
}

static int set_default_target(struct bpf_program *program, const struct section *section,
			      const struct types *types)
{
	const char *target = bpf_program__section_name(program) + strlen(section->name) + 1;
	unsigned kind = section->attach == BPF_TRACE_RAW_TP ? BTF_KIND_TYPEDEF : BTF_KIND_FUNC;
	char name[64];
	int id;

	snprintf(name, sizeof(name), "%s%s", section->prefix, target);
	id = types_find(types, name, kind);
	return id < 0 ? id : bpf_program__set_flags(program, (__u32)id);
}

void typed_cast_tasks(const struct types *types)
{
	int read_only = types_find(types, READ_ONLY, BTF_KIND_FUNC);
	int task = types_find(types, "task_struct", BTF_KIND_STRUCT);

	casts.read_only = read_only > 0 && task > 0 ? read_only : 0;
	casts.task = task;
}

int typed_prepare(struct bpf_object *object, struct types *types, const struct typed_file *file,
		  bool closed)
{
	int cast = types_find(types, CAST, BTF_KIND_FUNC), err = 0;
	const struct section *section;
	struct bpf_program *p;

	bpf_object__for_each_program(p, object)
	{
		section = bpf_program__autoload(p) ? section_of(p) : NULL;
		if (err || !section)
			continue;
		if (section->type == BPF_PROG_TYPE_CGROUP_SOCK_ADDR && cast > 0)
			err = bpf_program__set_flags(p, (__u32)cast);
		else if (section->prefix && !bpf_program__flags(p))
			err = set_default_target(p, section, types);
		if (!err && closed)
			err = bpf_program__set_flags(p, bpf_program__flags(p) | CLOSED);
	}
	return err ? err : types_pick(types, bpf_object__btf(object), file->fd);
}

/* What was read of the program's file can be read again: of the whole pages of it nothing has to stay in memory. */
static void forget(const void *bytes, size_t size)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t from = ((uintptr_t)bytes + page - 1) & ~(page - 1);
	uintptr_t to = ((uintptr_t)bytes + size) & ~(page - 1);

	if (from < to)
		madvise((void *)from, to - from, MADV_DONTNEED);
}

void typed_close(struct typed_file *file, const void *elf, size_t size)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
	forget(elf, size);
	malloc_trim(0); /* libbpf needs far more to load an object than to keep it */
}
