// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "source/compat.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __x86_64__

enum { IA32_GETPID = 20, REFUSED = 1 };

/* The gate is closed: the processor does not let a program through it. */
static void on_fault(int signal)
{
	(void)signal;
	_exit(REFUSED);
}

static void call(void)
{
	long nr = IA32_GETPID;

	__asm__ volatile("int $0x80" : "+a"(nr) : : "memory", "cc", "r8", "r9", "r10", "r11");
}

int compat_probe(void)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		return -errno;
	if (pid == 0) {
		signal(SIGSEGV, on_fault);
		call();
		_exit(0);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	/* killed otherwise: a seccomp filter of ours, which others need not have */
	return WIFEXITED(status) && WEXITSTATUS(status) == REFUSED ? -ENOSYS : 0;
}

#else

int compat_probe(void)
{
	return -EOPNOTSUPP;
}

#endif
