/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Functions of the kernel by name. Where system calls enter it fexit and kprobe.multi can stand, too. */
#ifndef BT_CALLS_H
#define BT_CALLS_H

#ifdef __aarch64__
#define CALL_OF(name) "__arm64_sys_" name
#else
#define CALL_OF(name) "__x64_sys_" name
#endif
#define CALL_BIND   CALL_OF("bind")
#define CALL_LISTEN CALL_OF("listen")

/* What inet_bind_sk() and inet6_bind_sk() come to when the length is one, and no program of a control group says no. */
#define BIND4_WITHIN "__inet_bind"
#define BIND6_WITHIN "__inet6_bind"

#endif /* BT_CALLS_H */
