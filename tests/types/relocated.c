// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Does libbpf make the same programs of our objects out of the types that types_pick() picked as it does out of
 * all that the kernel and its modules have? Every program is relocated both ways, instruction by instruction;
 * what is loaded in their place does nothing.
 */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bpf/abi.h"
#include "source/types.h"

#include "bindtrace.skel.h"
#include "ports.skel.h"

enum { MAX_PROGRAMS = 64 };

struct program {
	char name[64];
	struct bpf_insn *insns;
	size_t n;
};

/* What the way that is being tried has made. */
static struct program programs[MAX_PROGRAMS];
static size_t n_programs;

static int take(struct bpf_program *p, struct bpf_prog_load_opts *opts, long cookie)
{
	struct bpf_insn nothing[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	struct program *to = &programs[n_programs];

	(void)cookie;
	if (n_programs == MAX_PROGRAMS)
		return -1;
	snprintf(to->name, sizeof(to->name), "%s", bpf_program__name(p));
	to->n = bpf_program__insn_cnt(p);
	to->insns = calloc(to->n, sizeof(*to->insns));
	if (!to->insns)
		return -1;
	memcpy(to->insns, bpf_program__insns(p), to->n * sizeof(*to->insns));
	n_programs++;
	bpf_program__set_type(p, BPF_PROG_TYPE_SOCKET_FILTER);
	opts->expected_attach_type = 0;
	opts->func_info_cnt = opts->line_info_cnt = 0;
	return bpf_program__set_insns(p, nothing, 2);
}

/* The opener of a skeleton; all of its programs are loaded. */
typedef struct bpf_object *(*open_fn)(const struct bpf_object_open_opts *opts);

static struct bpf_object *open_tracer(const struct bpf_object_open_opts *opts)
{
	struct bindtrace_bpf *k = bindtrace_bpf__open_opts(opts);

	return k ? k->obj : NULL;
}

static struct bpf_object *open_ports(const struct bpf_object_open_opts *opts)
{
	struct ports_bpf *k = ports_bpf__open_opts(opts);

	return k ? k->obj : NULL;
}

static int relocate(open_fn open, struct types *types)
{
	int fd = types ? memfd_create("types", MFD_CLOEXEC) : -1, err = 0;
	LIBBPF_OPTS(bpf_object_open_opts, opts);
	struct bpf_object *object;
	struct bpf_program *p;
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (types)
		opts.btf_custom_path = path;
	n_programs = 0;
	object = open(&opts);
	if (!object)
		return -1;
	bpf_object__for_each_program(p, object) bpf_program__set_autoload(p, true);
	if (types)
		err = types_pick(types, bpf_object__btf(object), fd);
	if (!err)
		err = bpf_object__load(object);
	bpf_object__close(object);
	if (fd >= 0)
		close(fd);
	return err;
}

/* The number of a map is another one in each object. */
static bool is_same(const struct bpf_insn *a, const struct bpf_insn *b)
{
	struct bpf_insn x = *a, y = *b;

	if (x.code == (BPF_LD | BPF_IMM | BPF_DW) && x.src_reg)
		x.imm = y.imm = 0;
	return !memcmp(&x, &y, sizeof(x));
}

static int compare(const struct program *all, const struct program *picked)
{
	size_t i;

	if (strcmp(all->name, picked->name) || all->n != picked->n) {
		printf("FAIL %s: %zu instructions, by the picked types %s has %zu\n", all->name,
		       all->n, picked->name, picked->n);
		return 1;
	}
	for (i = 0; i < all->n; i++) {
		if (is_same(&all->insns[i], &picked->insns[i]))
			continue;
		printf("FAIL %s: instruction %zu has offset %d and constant %d, by the picked "
		       "types "
		       "%d and %d\n",
		       all->name, i, all->insns[i].off, all->insns[i].imm, picked->insns[i].off,
		       picked->insns[i].imm);
		return 1;
	}
	return 0;
}

static int check(const char *name, open_fn open, struct types *types)
{
	static struct program all[MAX_PROGRAMS];
	size_t n_all, i;
	int failed = 0, err = relocate(open, NULL);

	memcpy(all, programs, sizeof(all));
	n_all = n_programs;
	if (!err)
		err = relocate(open, types);
	if (err || !n_all || n_programs != n_all) {
		printf("FAIL %s: %zu programs, by the picked types %zu (%s)\n", name, n_all,
		       n_programs, strerror(-err));
		return 1;
	}
	for (i = 0; i < n_all; i++)
		failed |= compare(&all[i], &programs[i]);
	if (!failed)
		printf("ok %s: %zu programs\n", name, n_all);
	return failed;
}

static int say_nothing(enum libbpf_print_level level, const char *format, va_list args)
{
	return level == LIBBPF_WARN ? vfprintf(stderr, format, args) : 0;
}

int main(void)
{
	static const struct {
		const char *section;
		enum bpf_prog_type type;
	} sections[] = {
		{ "tp_btf+", BPF_PROG_TYPE_KPROBE },
		{ "fexit+", BPF_PROG_TYPE_KPROBE },
		{ "fentry+", BPF_PROG_TYPE_KPROBE },
		{ "iter+", BPF_PROG_TYPE_KPROBE },
		{ "kprobe.multi+", BPF_PROG_TYPE_KPROBE },
		{ "kretprobe.multi+", BPF_PROG_TYPE_KPROBE },
		{ "tracepoint+", BPF_PROG_TYPE_TRACEPOINT },
		{ "cgroup+", BPF_PROG_TYPE_KPROBE },
	};
	LIBBPF_OPTS(libbpf_prog_handler_opts, opts, .prog_prepare_load_fn = take);
	struct types *types;
	size_t i;
	int err = types_open(&types);

	libbpf_set_print(say_nothing);
	for (i = 0; i < sizeof(sections) / sizeof(*sections) && !err; i++)
		if (libbpf_register_prog_handler(sections[i].section, sections[i].type, 0, &opts) <
		    0)
			err = -1;
	if (err) {
		printf("FAIL types: %s\n", strerror(-err));
		return 1;
	}
	err = check("tracer", open_tracer, types) | check("ports", open_ports, types);
	types_close(types);
	return err;
}
