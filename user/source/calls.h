/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where system calls enter the kernel; fexit and kprobe.multi can stand there, too. */
#ifndef BT_CALLS_H
#define BT_CALLS_H

#ifdef __aarch64__
#define CALL_OF(name) "__arm64_sys_" name
#else
#define CALL_OF(name) "__x64_sys_" name
#endif
#define CALL_BIND   CALL_OF("bind")
#define CALL_LISTEN CALL_OF("listen")

#endif /* BT_CALLS_H */
