/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A BPF program at a hook of the security modules, by bpf(2) and the kernel's own BTF, without a library. */
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "kit_security.h"

#define INSN(c, d, s, o, i)                                                                        \
	((struct bpf_insn){ .code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i) })

enum { ENOTSUPP = 524 }; /* include/linux/errno.h of the kernel, which keeps it to itself */

/* How many bytes follow a type's struct btf_type, by its kind (Documentation/bpf/btf.rst). */
static size_t more_bytes(uint32_t info)
{
	size_t n = BTF_INFO_VLEN(info);

	switch (BTF_INFO_KIND(info)) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return sizeof(uint32_t);
	case BTF_KIND_ARRAY:
		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return n * sizeof(struct btf_member);
	case BTF_KIND_ENUM:
		return n * sizeof(struct btf_enum);
	case BTF_KIND_FUNC_PROTO:
		return n * sizeof(struct btf_param);
	case BTF_KIND_DATASEC:
		return n * sizeof(struct btf_var_secinfo);
	case BTF_KIND_ENUM64:
		return n * sizeof(struct btf_enum64);
	default:
		return 0;
	}
}

static uint32_t find_function(const char *btf, const char *name)
{
	const struct btf_header *h = (const void *)btf;
	const char *at = btf + h->hdr_len + h->type_off, *end = at + h->type_len;
	const char *strings = btf + h->hdr_len + h->str_off;
	uint32_t id = 1;

	for (; at < end; id++) {
		const struct btf_type *t = (const void *)at;

		if (BTF_INFO_KIND(t->info) == BTF_KIND_FUNC && !strcmp(strings + t->name_off, name))
			return id;
		at += sizeof(*t) + more_bytes(t->info);
	}
	return 0;
}

/* The kernel's number for one of its functions; 0: it has none of this name. */
static uint32_t function_id(const char *name)
{
	int fd = open("/sys/kernel/btf/vmlinux", O_RDONLY | O_CLOEXEC);
	size_t size, n = 0;
	struct stat st;
	char *btf;
	uint32_t id;

	if (fd < 0 || fstat(fd, &st))
		return 0;
	size = (size_t)st.st_size;
	btf = malloc(size);
	must(btf, "no memory for the BTF of the kernel");
	for (ssize_t got = 1; got > 0; n += (size_t)got)
		got = read(fd, btf + n, size - n);
	must(n == size, "the BTF of the kernel could not be read");
	close(fd);
	id = find_function(btf, name);
	free(btf);
	return id;
}

static bool is_active(void)
{
	FILE *f = fopen("/sys/kernel/security/lsm", "re");
	char list[512] = "";

	if (f) {
		if (!fgets(list, sizeof(list), f))
			list[0] = '\0';
		fclose(f);
	}
	return strstr(list, "bpf");
}

int bpf_lsm_forbid(const char *name, int error)
{
	/* return current->tgid == PID ? -error : 0; */
	const struct bpf_insn insns[] = {
		INSN(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_get_current_pid_tgid),
		INSN(BPF_ALU64 | BPF_RSH | BPF_K, 0, 0, 0, 32),
		INSN(BPF_ALU64 | BPF_MOV | BPF_X, 1, 0, 0, 0),
		INSN(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0),
		INSN(BPF_JMP | BPF_JNE | BPF_K, 1, 0, 1, getpid()),
		INSN(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, -error),
		INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0),
	};
	union bpf_attr load = { .prog_type = BPF_PROG_TYPE_LSM,
				.expected_attach_type = BPF_LSM_MAC,
				.attach_btf_id = function_id("bpf_lsm_socket_bind"),
				.insns = (uint64_t)insns,
				.insn_cnt = sizeof(insns) / sizeof(insns[0]),
				.license = (uint64_t) "GPL" };
	struct bpf_prog_info info = { 0 };
	union bpf_attr open_at = { 0 }, describe = { 0 };
	int program, link;

	if (!is_active())
		skip("BPF is not among this kernel's security modules");
	snprintf(load.prog_name, sizeof(load.prog_name), "%s", name);
	program = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof(load));
	must(program >= 0, "loading the BPF program failed");
	open_at.raw_tracepoint.prog_fd = (uint32_t)program;
	link = (int)syscall(SYS_bpf, BPF_RAW_TRACEPOINT_OPEN, &open_at, sizeof(open_at));
	if (link < 0 && errno == ENOTSUPP)
		skip("this kernel lets no BPF program at a security hook (arm64 before 6.4)");
	must(link >= 0,
	     "attaching the BPF program failed"); /* stays open: the end of the case ends it */
	describe.info.bpf_fd = (uint32_t)program;
	describe.info.info_len = sizeof(info);
	describe.info.info = (uint64_t)&info;
	must(!syscall(SYS_bpf, BPF_OBJ_GET_INFO_BY_FD, &describe, sizeof(describe)),
	     "asking for the BPF program failed");
	return (int)info.id;
}
