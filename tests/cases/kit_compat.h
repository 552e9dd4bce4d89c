/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Calls of 32-bit programs. They return 0 or a negative errno. */
#ifndef CASES_KIT_COMPAT_H
#define CASES_KIT_COMPAT_H

#include "kit.h"

void need_compat(void); /* ends the case as skipped where the kernel runs no 32-bit programs */
int compat_bind(int fd, struct ep ep);
int compat_socketcall_bind(int fd, struct ep ep); /* as the C library of 2015 did it */
int compat_listen(int fd);

/* remember(), of such a call. */
void compat_remember(const char *operation, int fd, struct ep ep, int error);

#endif /* CASES_KIT_COMPAT_H */
