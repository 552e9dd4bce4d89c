/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The BPF programs that bind() asks, of the control group in which the socket was made. */
#ifndef BT_ENRICH_CGROUP_BPF_H
#define BT_ENRICH_CGROUP_BPF_H

#include "model/event.h"

/*
 * Fills e->programs where such a program may have made the refusal. The kernel side has seen which there
 * are; to whose group they are attached, and more of them, is asked for here, with CAP_NET_ADMIN and
 * CAP_SYS_ADMIN, and left out when they or the group are gone.
 */
void cgroup_bpf_enrich(struct event *e);

/* Asks the kernel what that needs by loading a program, for when this process may not any more. */
void cgroup_bpf_prepare(void);

/*
 * Does a program choose the error of what it refuses? It calls the helper at this address, relative to
 * __bpf_call_base as in insns, the program as the kernel translated it.
 */
bool cgroup_bpf_calls(const void *insns, size_t size, int32_t call);

#endif /* BT_ENRICH_CGROUP_BPF_H */
