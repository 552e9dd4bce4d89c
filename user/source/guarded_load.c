// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Loading under lockdown=confidentiality: what libbpf would spoil is put right (see bpf_private.h). */
#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "source/bpf_private.h"

#define SECTION "tp_btf/"

/* No program that is loaded here reads kernel memory: every bpf_probe_read was a bpf_probe_read_user. */
static int restore_user_reads(struct bpf_program *p, struct bpf_prog_load_opts *opts, long cookie)
{
	size_t n = bpf_program__insn_cnt(p), i;
	struct bpf_insn *insns = calloc(n, sizeof(*insns));
	int err;

	(void)opts;
	(void)cookie;
	if (!insns)
		return -ENOMEM;
	memcpy(insns, bpf_program__insns(p), n * sizeof(*insns));
	for (i = 0; i < n; i++)
		if (insns[i].code == (BPF_JMP | BPF_CALL) && !insns[i].src_reg &&
		    insns[i].imm == BPF_FUNC_probe_read)
			insns[i].imm = BPF_FUNC_probe_read_user;
	err = bpf_program__set_insns(p, insns, n);
	free(insns);
	return err;
}

static int attach(const struct bpf_program *p, long cookie, struct bpf_link **link)
{
	(void)cookie;
	*link = bpf_program__attach_trace(p);
	return *link ? 0 : -errno;
}

/* For the kinds of program that are loaded here and read user memory. */
void guarded_register(void)
{
	static bool done;
	LIBBPF_OPTS(libbpf_prog_handler_opts, opts, .prog_prepare_load_fn = restore_user_reads,
		    .prog_attach_fn = attach);

	if (done)
		return;
	done = true;
	libbpf_register_prog_handler("tp_btf+", BPF_PROG_TYPE_TRACING, BPF_TRACE_RAW_TP, &opts);
	libbpf_register_prog_handler("fexit+", BPF_PROG_TYPE_TRACING, BPF_TRACE_FEXIT, &opts);
	libbpf_register_prog_handler("fentry+", BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY, &opts);
	libbpf_register_prog_handler("kretprobe.multi+", BPF_PROG_TYPE_KPROBE,
				     BPF_TRACE_KPROBE_MULTI, &opts);
}

int guarded_targets(struct bpf_object *object)
{
	struct bpf_program *p;
	int err = 0;

	bpf_object__for_each_program(p, object)
	{
		const char *section = bpf_program__section_name(p);

		if (!err && bpf_program__autoload(p) && !strncmp(section, SECTION, strlen(SECTION)))
			err = bpf_program__set_attach_target(p, 0, section + strlen(SECTION));
	}
	return err;
}
