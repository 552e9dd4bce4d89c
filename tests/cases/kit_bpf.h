/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A control group of the case's own, with BPF programs that refuse bind(). It ends with the case. */
#ifndef CASES_KIT_BPF_H
#define CASES_KIT_BPF_H

#include "kit.h"

/* Makes the group, which nobody is in yet; its path, as /proc/PID/cgroup would show it. */
const char *cgroup_make(void);

/* Makes one more in it, which is entered in its place: the programs of the first count for both. */
void cgroup_make_inner(void);

/* Removes it, and with it what is attached; nobody may be in it any more. */
void cgroup_remove(void);

/* The sockets a process makes from then on are of the group it is in. */
void cgroup_enter(void);
void cgroup_return(void);

/*
 * Attaches a program of this name that always says no, with this error, or 0: the kernel's own, EPERM.
 * where is one of enum bpf_attach_type. The program's id; it stays as long as the group.
 */
int cgroup_forbid(unsigned where, const char *name, int error);

/* Attaches a program that sends what asks for any port to this one. */
int cgroup_redirect(unsigned where, const char *name, unsigned port);

/* Says which programs and by whom: for the next expectation of a case with one program. */
void expect_program(int error, int id, const char *type, const char *name, const char *group);

/* Detaches it again. */
void cgroup_allow(unsigned where, int id);

#endif /* CASES_KIT_BPF_H */
