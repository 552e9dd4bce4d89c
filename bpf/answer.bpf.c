// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What user space looks up while refusals come, as an iterator that it reads. While a bpf() call of its own looked into
 * a map, the kernel would skip the programs of kprobes and tracepoints on its CPU (bpf_disable_instrumentation()), and
 * a preemptible one for whoever preempts it there: some 2 refusals of 1000 (tests/soak on 7.2).
 */
#include "core.bpf.h"

/* Run for the one element of the map it is attached to, and at the end. */
SEC("iter/bpf_map_elem")
int answer(struct bpf_iter__bpf_map_elem *ctx)
{
	struct bt_question asked = question;
	struct bt_answer answer = {};
	const struct bt_fold *fold;
	const __u64 *bound_ns;

	if (!ctx->key)
		return 0;
	fold = bpf_map_lookup_elem(&folds, &asked.kind);
	if (fold)
		answer.count = fold->count;
	bound_ns = bpf_map_lookup_elem(&late, &asked.sk);
	if (bound_ns)
		answer.bound_ns = *bound_ns;
	bpf_seq_write(ctx->meta->seq, &answer, sizeof(answer));
	return 0;
}
