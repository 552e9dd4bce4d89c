/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* BPF programs at the hooks of security modules (BPF LSM, 5.7). */
#ifndef BT_ENRICH_SECURITY_BPF_H
#define BT_ENRICH_SECURITY_BPF_H

#include <stdbool.h>

#include "model/event.h"

/*
 * Is there one that security_socket_bind() asks? Names it in m, where it is one. Of kernels before 6.0 it cannot
 * be told at which hook a program is: then any one may be.
 */
bool security_bpf_find(struct security_module *m);

#endif /* BT_ENRICH_SECURITY_BPF_H */
