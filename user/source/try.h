/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Single attempts: a program of a few instructions is loaded, and attached for a moment where loading does not
 * tell. Each is 0 when it works, else -errno; nothing is left behind.
 */
#ifndef BT_TRY_H
#define BT_TRY_H

struct types;

/* fexit of a kernel function; a kprobe.multi link to one */
int try_fexit(const struct types *types);
int try_kprobe_multi(void);
/* A tracepoint by its type: tp_btf/inet_sock_set_state. */
int try_state(const struct types *types);
/* bpf_probe_read_kernel() */
int try_read_kernel(const struct types *types);
/* iter/task_file */
int try_iterator(const struct types *types);
/* bpf_get_socket_cookie() in tracing programs */
int try_cookie(const struct types *types);

/* The end of bind(2): by kprobe.multi, with the registers of the task; by fexit; by tp_btf/sys_exit. */
int try_call_multi(void);
int try_call_fexit(const struct types *types);
int try_sys_exit(const struct types *types);
/* cgroup/bind4 at the root */
int try_cgroup_bind(void);
/* iter/tcp */
int try_tables(const struct types *types);
/* bpf_sock_from_file() in iter/task_file */
int try_files(const struct types *types);
/* bpf_get_current_task_btf() */
int try_task(const struct types *types);
/* ... and bpf_rdonly_cast() of what that gives. */
int try_cast(const struct types *types);

#endif /* BT_TRY_H */
