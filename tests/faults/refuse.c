// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* LD_PRELOAD: the kernel lets nobody read an iterator. */
#include <errno.h>

int bpf_iter_create(int link);

int bpf_iter_create(int link)
{
	(void)link;
	errno = EPERM;
	return -EPERM;
}
