/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A control group of the case's own, with BPF programs that say no to bind(): by bpf(2), without a library. */
#include <fcntl.h>
#include <limits.h>
#include <linux/bpf.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "kit_bpf.h"

#define INSN(c, d, s, o, i)                                                                        \
	((struct bpf_insn){ .code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i) })
#define MOV(d, i)      INSN(BPF_ALU64 | BPF_MOV | BPF_K, d, 0, 0, i)
#define CALL(helper)   INSN(BPF_JMP | BPF_CALL, 0, 0, 0, helper)
#define STORE(d, s, o) INSN(BPF_STX | BPF_MEM | BPF_W, d, s, o, 0)
#define EXIT()	       INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

enum { SET_RETVAL = 187 /* 5.18 */, NAME_LEN = 16 };

static char hierarchy[64], group[128], inner[160], home[PATH_MAX + 64];
static pid_t owner;

static bool write_file(const char *dir, const char *name, const char *text)
{
	char path[2 * PATH_MAX];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "we");
	if (!f)
		return false;
	fputs(text, f);
	return !fclose(f);
}

/* A group that has a process cannot be removed: back to where it came from first. */
static void leave(void)
{
	if (getpid() != owner)
		return;
	write_file(home, "cgroup.procs", "0");
	rmdir(inner);
	rmdir(group);
}

/* A mount that nobody else sees, whether cgroup2 is mounted anywhere or not. */
static bool mount_hierarchy(void)
{
	int context = fsopen("cgroup2", FSOPEN_CLOEXEC), root;

	if (context < 0 || fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return false;
	root = fsmount(context, FSMOUNT_CLOEXEC, 0);
	close(context);
	snprintf(hierarchy, sizeof(hierarchy), "/proc/self/fd/%d", root);
	return root >= 0;
}

/* The line "0::/path" of /proc/self/cgroup. */
static void find_home(void)
{
	FILE *f = fopen("/proc/self/cgroup", "re");
	char line[PATH_MAX] = "";

	while (f && fgets(line, sizeof(line), f) && strncmp(line, "0::", 3))
		;
	if (f)
		fclose(f);
	must(!strncmp(line, "0::/", 4), "there is no cgroup2 hierarchy");
	line[strcspn(line, "\n")] = '\0';
	snprintf(home, sizeof(home), "%s%s", hierarchy, line + 3);
}

const char *cgroup_make(void)
{
	if (!mount_hierarchy())
		skip("no cgroup2 here");
	owner = getpid();
	atexit(leave);
	find_home();
	snprintf(group, sizeof(group), "%s/bindtrace-%d", hierarchy, (int)owner);
	must(!mkdir(group, 0755), "making a control group failed");
	return group + strlen(hierarchy);
}

void cgroup_make_inner(void)
{
	snprintf(inner, sizeof(inner), "%s/inner", group);
	must(!mkdir(inner, 0755), "making a control group failed");
}

void cgroup_remove(void)
{
	must(!rmdir(group), "removing the control group failed");
}

void cgroup_enter(void)
{
	must(write_file(*inner ? inner : group, "cgroup.procs", "0"),
	     "entering the control group failed");
}

void cgroup_return(void)
{
	must(write_file(home, "cgroup.procs", "0"), "leaving the control group failed");
}

static bool is_post_bind(unsigned where)
{
	return where == BPF_CGROUP_INET4_POST_BIND || where == BPF_CGROUP_INET6_POST_BIND;
}

static int load(unsigned where, const char *name, const struct bpf_insn *insns, unsigned n)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	union bpf_attr attr = {
		.prog_type = is_post_bind(where) ? BPF_PROG_TYPE_CGROUP_SOCK
						 : BPF_PROG_TYPE_CGROUP_SOCK_ADDR,
		.expected_attach_type = where,
		.insns = (uint64_t)insns,
		.insn_cnt = n,
		.license = (uint64_t) "GPL",
	};

	/* before 5.11 programs are locked memory */
	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	snprintf(attr.prog_name, NAME_LEN, "%s", name);
	return (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
}

static int program_id(int program)
{
	struct bpf_prog_info info = { 0 };
	union bpf_attr attr = { .info = { .bpf_fd = (uint32_t)program,
					  .info_len = sizeof(info),
					  .info = (uint64_t)&info } };

	must(!syscall(SYS_bpf, BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr)),
	     "asking for the program's id failed");
	return (int)info.id;
}

static int attach(unsigned where, int program)
{
	int dir = open(group, O_RDONLY | O_CLOEXEC), id;
	union bpf_attr attr = { .target_fd = (uint32_t)dir,
				.attach_bpf_fd = (uint32_t)program,
				.attach_type = where,
				.attach_flags = BPF_F_ALLOW_MULTI };

	must(program >= 0, "loading the BPF program failed");
	must(dir >= 0 && !syscall(SYS_bpf, BPF_PROG_ATTACH, &attr, sizeof(attr)),
	     "attaching the BPF program failed");
	id = program_id(program);
	close(dir);
	close(program);
	return id;
}

int cgroup_forbid(unsigned where, const char *name, int error)
{
	const struct bpf_insn with_error[] = { MOV(1, -error), CALL(SET_RETVAL), MOV(0, 0),
					       EXIT() };
	const struct bpf_insn plain[] = { MOV(0, 0), EXIT() };
	int program = load(where, name, error ? with_error : plain, error ? 4 : 2);

	if (program < 0 && error && errno == EINVAL)
		skip("programs of this kernel cannot choose the error");
	return attach(where, program);
}

int cgroup_redirect(unsigned where, const char *name, unsigned port)
{
	const struct bpf_insn insns[] = { MOV(2, htons((uint16_t)port)),
					  STORE(1, 2, offsetof(struct bpf_sock_addr, user_port)),
					  MOV(0, 1), EXIT() };

	return attach(where, load(where, name, insns, 4));
}

void cgroup_allow(unsigned where, int id)
{
	int dir = open(group, O_RDONLY | O_CLOEXEC);
	union bpf_attr by_id = { .prog_id = (uint32_t)id };
	int program = (int)syscall(SYS_bpf, BPF_PROG_GET_FD_BY_ID, &by_id, sizeof(by_id));
	union bpf_attr attr = { .target_fd = (uint32_t)dir,
				.attach_bpf_fd = (uint32_t)program,
				.attach_type = where };

	must(dir >= 0 && program >= 0 && !syscall(SYS_bpf, BPF_PROG_DETACH, &attr, sizeof(attr)),
	     "detaching the BPF program failed");
	close(dir);
	close(program);
}

void expect_program(int error, int id, const char *type, const char *name, const char *cgroup)
{
	/* behind the system call EPERM and EACCES may be somebody else's */
	bool certain = error == EADDRINUSE || error == EADDRNOTAVAIL || in_kernel();

	not_advised("stop_holder");
	not_advised("wait");
	if (certain)
		advised("change_policy", "next_restart");
	expect("'reason': '%s', 'layer': %s, 'bpf_programs': [{'id': %d, 'name': '%s', "
	       "'cgroup': '%s', 'attach_type': 'cgroup_%s', 'sets_errno': %s}]",
	       certain ? "cgroup_denied" : "other", certain ? "'cgroup_bpf'" : "null", id, name,
	       cgroup, type, error == EPERM ? "false" : "true");
}
