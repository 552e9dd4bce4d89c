/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What this kernel allows, found by trying: small programs are loaded and attached and dropped again.
 * Never by kernel version.
 */
#ifndef BT_PROBE_H
#define BT_PROBE_H

#include <stdbool.h>
#include <stdint.h>

struct types;

/* Each int is 0 when it works, else -errno of the attempt. */
struct capabilities {
	int btf;   /* the kernel describes its types (/sys/kernel/btf/vmlinux) */
	int fexit; /* BPF trampolines */
	int kprobe_multi;
	int tracepoint;	 /* syscalls:sys_exit_bind */
	int state;	 /* tp_btf/inet_sock_set_state */
	int read_kernel; /* bpf_probe_read_kernel */
	int iterator;	 /* iter/task_file */
	int cookie;	 /* bpf_get_socket_cookie in tracing programs */
	int call_multi;	 /* kretprobe.multi at the end of bind(2), registers of the task included */
	int call_fexit;	 /* fexit there */
	int sys_exit;	 /* tp_btf/sys_exit */
	int cgroup_bind; /* cgroup/bind4 at the root */
	int tables;	 /* iter/tcp */
	int files;	 /* bpf_sock_from_file in iter/task_file */
	int task;	 /* bpf_get_current_task_btf (5.11) */
	int cast;	 /* bpf_rdonly_cast of the current task (6.2) */
	int compat;	 /* the kernel runs 32-bit programs */
	int kernel_context; /* bpf_cast_to_kern_ctx (6.2) */
	bool preemptible;   /* programs can be preempted: fexit may skip calls then */
	bool bind_sk;	    /* inet_bind_sk and inet6_bind_sk exist (6.7) */
	bool bind_within;   /* __inet_bind and __inet6_bind exist, with four arguments */
	bool bind_socket;   /* __sys_bind_socket exists, which io_uring calls (6.11) */
	bool deed_calls;    /* tcp_send_fin and tcp_connect are functions of their own */
	unsigned listen_args;
	unsigned seccomp_args; /* of __secure_computing: none since 6.16 */
	uint32_t rule;	       /* enum bt_rule_flags */
	int best_hook;	       /* enum bt_hook, or -errno: none works */
};

#define PROBE_ALL_HOOKS BT_N_HOOKS

/*
 * Fills *caps for a rung (enum bt_hook), for the best one (-1) or for all. What only the last rung needs takes
 * longer to try, and is -ENODATA where another one was found. Needs root. Leaves nothing loaded.
 */
void probe_capabilities(struct capabilities *caps, const struct types *types, int hook);

/* The same for all rungs; caps->btf and best_hook say why when the kernel does not describe its types. */
void probe_all(struct capabilities *caps);

/* -errno of trying the rung; 0: it works. */
int probe_hook(const struct capabilities *caps, int hook);

#endif /* BT_PROBE_H */
