// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "enrich/security_bpf.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The kernel's own name of the hook's default, which programs are attached to: bpf_lsm_socket_bind(). */
static bool is_bind_hook(uint32_t btf_id)
{
	static uint32_t bind_id; /* stays the same until the kernel is another */
	struct btf *btf;
	int id;

	if (!bind_id) {
		btf = btf__load_vmlinux_btf();
		id = btf ? btf__find_by_name_kind(btf, "bpf_lsm_socket_bind", BTF_KIND_FUNC) : 0;
		bind_id = id > 0 ? (uint32_t)id : 0;
		btf__free(btf);
	}
	return btf_id == bind_id;
}

/* A program that may be asked: 1, and its name in m. */
static int look_at(uint32_t id, struct security_module *m)
{
	struct bpf_prog_info info = { 0 };
	uint32_t len = sizeof(info);
	int fd = bpf_prog_get_fd_by_id(id), err;

	if (fd < 0)
		return 0;
	err = bpf_obj_get_info_by_fd(fd, &info, &len);
	close(fd);
	if (err || info.type != BPF_PROG_TYPE_LSM ||
	    (info.attach_btf_id && !is_bind_hook(info.attach_btf_id)))
		return 0;
	m->program_id = id;
	snprintf(m->detail, sizeof(m->detail), "%.16s", info.name);
	return 1;
}

bool security_bpf_find(struct security_module *m)
{
	uint32_t id = 0;
	int found = 0;

	while (!bpf_prog_get_next_id(id, &id))
		found += look_at(id, m);
	if (found > 1) {
		m->program_id = 0;
		m->detail[0] = '\0';
	}
	return found;
}
