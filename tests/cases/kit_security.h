/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Security modules that say no to the case alone. Each function skips where the kernel has no such module. */
#ifndef CASES_KIT_SECURITY_H
#define CASES_KIT_SECURITY_H

#include "kit.h"

/* A BPF LSM program of this name refuses this process each bind() with the error; its id. Ends with the case. */
int bpf_lsm_forbid(const char *name, int error);

/* Loads an AppArmor profile of this name, which allows no use of sockets; it is removed at the end. */
void apparmor_profile(const char *name);

/* From here on the calling process is confined by it. */
void apparmor_enter(const char *name);

#endif /* CASES_KIT_SECURITY_H */
