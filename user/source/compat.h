/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Programs of 32 bits, whose system calls the tracepoints of the 64-bit ones do not see. */
#ifndef BT_COMPAT_H
#define BT_COMPAT_H

/*
 * Does this kernel run them? 0 or -errno. Found by trying, in a child: CONFIG_IA32_EMULATION may be there and
 * switched off (ia32_emulation=0).
 */
int compat_probe(void);

#endif /* BT_COMPAT_H */
