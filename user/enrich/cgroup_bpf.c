// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "enrich/cgroup_bpf.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "enrich/cgroup.h"

enum { MAX_TYPES = 2, MAX_DEPTH = 64, MAX_QUERIED = 64 };
enum { SET_RETVAL = 187 }; /* BPF_FUNC_set_retval, newer than some headers */

/* Which programs the call asks. How many. */
static unsigned attach_types(const struct bt_record *r, uint32_t types[MAX_TYPES])
{
	bool six = r->sock.family == AF_INET6;

	if (r->operation == BT_OP_CONNECT) {
		types[0] = six ? BPF_CGROUP_INET6_CONNECT : BPF_CGROUP_INET4_CONNECT;
		return 1;
	}
	types[0] = six ? BPF_CGROUP_INET6_BIND : BPF_CGROUP_INET4_BIND;
	types[1] = six ? BPF_CGROUP_INET6_POST_BIND : BPF_CGROUP_INET4_POST_BIND;
	return 2;
}

/* Not where somebody before has said no, or a socket in the way says enough. */
static bool may_be_theirs(const struct bt_record *r)
{
	if (!r->error || !r->socket_cgroup || !bt_asks_programs(&r->sock) ||
	    (r->sock.family != AF_INET && r->sock.family != AF_INET6) || r->who == BT_WHO_LSM ||
	    r->who == BT_WHO_BEFORE || r->who == BT_WHO_SECCOMP || r->who == BT_WHO_SKIPPED)
		return false;
	/* where the protocol's own connect() is watched, it comes after them */
	if (r->operation == BT_OP_CONNECT)
		return r->who == BT_WHO_UNKNOWN;
	return r->operation == BT_OP_BIND && !r->totals.blocking;
}

/* A call of the kernel's, not of another function of the program. */
static bool is_helper_call(const struct bpf_insn *i)
{
	return i->code == (BPF_JMP | BPF_CALL) && !i->src_reg;
}

bool cgroup_bpf_calls(const void *insns, size_t size, int32_t call)
{
	const struct bpf_insn *i = insns, *end = i + size / sizeof(*i);

	for (; i < end; i++)
		if (is_helper_call(i) && i->imm == call)
			return true;
	return false;
}

/* The program as the kernel runs it; NULL when it is not to be had. The caller frees it. */
static void *read_insns(int program, uint32_t *size)
{
	struct bpf_prog_info info = { 0 };
	uint32_t len = sizeof(info);
	void *insns;

	if (bpf_obj_get_info_by_fd(program, &info, &len) || !info.xlated_prog_len)
		return NULL;
	*size = info.xlated_prog_len;
	insns = calloc(1, *size);
	if (!insns)
		return NULL;
	memset(&info, 0, sizeof(info));
	info.xlated_prog_insns = (uint64_t)insns;
	info.xlated_prog_len = *size;
	if (!bpf_obj_get_info_by_fd(program, &info, &len) && info.xlated_prog_insns)
		return insns;
	free(insns);
	return NULL;
}

/*
 * Where the kernel has bpf_set_retval() (5.18), relative to __bpf_call_base, as it puts it into the calls of a
 * program of ours. 0: it has none; -1: it does not say.
 */
static int32_t find_helper(void)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 1 },
		{ .code = BPF_JMP | BPF_CALL, .imm = SET_RETVAL },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 1 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = BPF_CGROUP_INET4_BIND);
	int fd = bpf_prog_load(BPF_PROG_TYPE_CGROUP_SOCK_ADDR, "bindtrace_probe", "Dual BSD/GPL",
			       insns, sizeof(insns) / sizeof(*insns), &opts);
	struct bpf_insn *seen, *i;
	uint32_t size = 0;
	int32_t found = -1;

	if (fd < 0)
		return errno == EINVAL ? 0 : -1;
	seen = read_insns(fd, &size);
	for (i = seen; i && i < seen + size / sizeof(*i); i++)
		if (is_helper_call(i) && i->imm)
			found = i->imm;
	free(seen);
	close(fd);
	return found;
}

static int32_t helper;
static bool helper_known;

void cgroup_bpf_prepare(void)
{
	if (!helper_known)
		helper = find_helper();
	helper_known = true;
}

static int8_t sets_error(int program)
{
	int8_t answer = -1;
	uint32_t size = 0;
	void *insns;

	cgroup_bpf_prepare();
	if (helper <= 0 && helper >= -1)
		return (int8_t)helper;
	insns = read_insns(program, &size);
	if (insns)
		answer = cgroup_bpf_calls(insns, size, helper);
	free(insns);
	return answer;
}

static void describe(struct cgroup_program *p)
{
	struct bpf_prog_info info = { 0 };
	uint32_t len = sizeof(info);
	int fd = bpf_prog_get_fd_by_id(p->id);

	p->sets_error = -1;
	if (fd < 0)
		return;
	if (!bpf_obj_get_info_by_fd(fd, &info, &len)) {
		memcpy(p->name, info.name, sizeof(p->name) - 1);
		for (unsigned i = 0; i < sizeof(info.tag); i++)
			snprintf(p->tag + 2 * i, sizeof(p->tag) - 2 * i, "%02x", info.tag[i]);
		p->sets_error = sets_error(fd);
	}
	close(fd);
}

static struct cgroup_program *add(struct event *e, uint32_t id, uint32_t type)
{
	struct cgroup_program *p = &e->programs[e->n_programs];

	if (e->n_programs == EVENT_MAX_PROGRAMS) {
		e->more_programs++;
		return NULL;
	}
	e->n_programs++;
	p->id = id;
	p->attach_type = type;
	return p;
}

/* What the kernel side saw at the refusal, also where it is gone since. */
static void take_seen(struct event *e)
{
	struct cgroup_program *p;

	e->programs_known = e->rec.programs_read;
	if (e->rec.n_programs > BT_MAX_PROGRAMS)
		e->more_programs = e->rec.n_programs - BT_MAX_PROGRAMS;
	for (unsigned i = 0; i < e->rec.n_programs && i < BT_MAX_PROGRAMS; i++) {
		const struct bt_program *seen = &e->rec.programs[i];

		p = add(e, seen->id, seen->type);
		if (!p)
			continue;
		memcpy(p->name, seen->name, sizeof(seen->name));
		describe(p);
	}
}

static struct cgroup_program *find(struct event *e, uint32_t id, uint32_t type)
{
	for (unsigned i = 0; i < e->n_programs; i++)
		if (e->programs[i].id == id && e->programs[i].attach_type == type)
			return &e->programs[i];
	return NULL;
}

/* What is attached to this very group. Where the kernel side did not see it, it has come since. */
static void look_at_group(struct event *e, int group, const char *path, uint32_t type)
{
	uint32_t ids[MAX_QUERIED], n = MAX_QUERIED, flags;
	struct cgroup_program *p;

	if (bpf_prog_query(group, type, 0, &flags, ids, &n) && errno != ENOSPC)
		return;
	for (uint32_t i = 0; i < n && i < MAX_QUERIED; i++) {
		p = find(e, ids[i], type);
		if (!p && !e->rec.programs_read && (p = add(e, ids[i], type)))
			describe(p);
		if (!p || p->cgroup[0])
			continue;
		if (strlen(path) < sizeof(p->cgroup))
			strcpy(p->cgroup, path);
		cgroup_unit(path, p->unit, sizeof(p->unit));
	}
	e->programs_known = true;
}

/* The group and each above it. */
static void look_at_groups(struct event *e)
{
	uint32_t types[MAX_TYPES];
	unsigned i, depth, n = attach_types(&e->rec, types);
	char path[PATH_MAX];
	int group = cgroup_open(e->rec.socket_cgroup, path, sizeof(path)), above;

	for (depth = 0; group >= 0 && depth < MAX_DEPTH; depth++) {
		for (i = 0; i < n; i++)
			look_at_group(e, group, path, types[i]);
		above = strcmp(path, "/") ? openat(group, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
					  : -1;
		close(group);
		group = above;
		*strrchr(path, '/') = '\0';
		if (!path[0])
			strcpy(path, "/");
	}
	if (group >= 0)
		close(group);
}

void cgroup_bpf_enrich(struct event *e)
{
	if (!may_be_theirs(&e->rec))
		return;
	take_seen(e);
	/* where there is none it need not be looked for */
	if (!e->rec.programs_read || e->n_programs)
		look_at_groups(e);
}
