/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What differs between processors: the numbers of system calls, and where a task's registers have their arguments. */
#ifndef BT_ARCH_BPF_H
#define BT_ARCH_BPF_H

#include "vmlinux.h"

#ifdef __TARGET_ARCH_arm64

/* include/uapi/asm-generic/unistd.h */
enum bt_syscall {
	SYS_BIND = 200,
	SYS_LISTEN = 201,
	SYS_CONNECT = 203,
	SYS_SENDTO = 206,
	SYS_SETSOCKOPT = 208,
	SYS_SENDMSG = 211,
	SYS_SENDMMSG = 269,
	SYS_IO_URING_ENTER = 426,
};

/* The first argument is where what the call returns goes: the kernel keeps a copy (arch/arm64/kernel/syscall.c). */
#define REGS_NR	  syscallno
#define REGS_ANSWER regs[0]
#define REGS_ARG0 orig_x0
#define REGS_ARG1 regs[1]
#define REGS_ARG2 regs[2]
#define REGS_ARG3 regs[3]
#define REGS_ARG4 regs[4]

#else

/* arch/x86/entry/syscalls/syscall_64.tbl */
enum bt_syscall {
	SYS_CONNECT = 42,
	SYS_SENDTO = 44,
	SYS_SENDMSG = 46,
	SYS_BIND = 49,
	SYS_LISTEN = 50,
	SYS_SETSOCKOPT = 54,
	SYS_SENDMMSG = 307,
	SYS_IO_URING_ENTER = 426,
};

#define REGS_NR	  orig_ax
#define REGS_ANSWER ax
#define REGS_ARG0 di
#define REGS_ARG1 si
#define REGS_ARG2 dx
#define REGS_ARG3 r10
#define REGS_ARG4 r8

#endif

#endif /* BT_ARCH_BPF_H */
