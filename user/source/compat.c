// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "source/compat.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REFUSED = 1 }; /* by try(), which is the child's; else 0 */

#ifdef __x86_64__

enum { IA32_GETPID = 20 };

/* The gate is closed: the processor does not let a program through it. */
static void on_fault(int signal)
{
	(void)signal;
	_exit(REFUSED);
}

static int try(void)
{
	long nr = IA32_GETPID;

	signal(SIGSEGV, on_fault);
	__asm__ volatile("int $0x80" : "+a"(nr) : : "memory", "cc", "r8", "r9", "r10", "r11");
	return 0;
}

#else /* arm64 */

/*
 * No 64-bit program can make such a call. A processor that has no 32-bit programs refuses the personality
 * (sys_arm64_personality()), and a kernel that was made for none has no other name of the machine for them
 * (override_architecture()).
 */
static int try(void)
{
	struct utsname uts;

	if (personality(PER_LINUX32) < 0)
		return errno == EINVAL ? REFUSED : 0;
	return !uname(&uts) && !strcmp(uts.machine, "aarch64") ? REFUSED : 0;
}

#endif

int compat_probe(void)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		return -errno;
	if (pid == 0)
		_exit(try());
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	/* killed otherwise: a seccomp filter of ours, which others need not have */
	return WIFEXITED(status) && WEXITSTATUS(status) == REFUSED ? -ENOSYS : 0;
}
