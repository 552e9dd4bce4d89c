// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* LD_PRELOAD: the kernel lets nobody read an iterator; with REFUSE=FILE, as long as there is that file. */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

int bpf_iter_create(int link);

int bpf_iter_create(int link)
{
	const char *file = getenv("REFUSE");
	int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "bpf_iter_create");

	if (real && file && access(file, F_OK))
		return real(link);
	errno = EPERM;
	return -EPERM;
}
