/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* System calls as a 32-bit program makes them: by int $0x80, with arguments below 4 GiB. */
#include <sys/mman.h>
#include <sys/wait.h>

#include "kit.h"
#include "kit_compat.h"

enum { GETPID = 20, SOCKETCALL = 102, BIND = 361, LISTEN = 363, SOCKETCALL_BIND = 2 };

#ifdef __x86_64__

#define WHY_NOT "this kernel runs no 32-bit programs"

/* 0 or more, or a negative errno, as the kernel answers. */
static int call(unsigned nr, uintptr_t a, uintptr_t b, uintptr_t c)
{
	long result = nr;

	/* the kernels before 4.17 do not keep r8 to r11 */
	__asm__ volatile("int $0x80"
			 : "+a"(result)
			 : "b"(a), "c"(b), "d"(c)
			 : "memory", "cc", "r8", "r9", "r10", "r11");
	return (int)result;
}

#else

#define WHY_NOT	  "a 64-bit program cannot make a 32-bit call here"
#define MAP_32BIT 0

static int call(unsigned nr, uintptr_t a, uintptr_t b, uintptr_t c)
{
	(void)nr, (void)a, (void)b, (void)c;
	return -ENOSYS;
}

#endif

/* What the arguments point to. */
struct low {
	struct ep ep;
	uint32_t args[3];
};

static struct low *low_memory(void)
{
	void *at = mmap(NULL, sizeof(struct low), PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	must(at != MAP_FAILED, "no memory below 4 GiB");
	return at;
}

/* A kernel without them ends who tries, with SIGSEGV. */
void need_compat(void)
{
	pid_t pid = fork();
	int status;

	must(pid >= 0, "fork failed");
	if (pid == 0)
		_exit(call(GETPID, 0, 0, 0) == getpid() ? 0 : 1);
	must(waitpid(pid, &status, 0) == pid, "waitpid failed");
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		skip(WHY_NOT);
}

int compat_bind(int fd, struct ep ep)
{
	struct low *low = low_memory();
	int r;

	low->ep = ep;
	r = call(BIND, (unsigned)fd, (uintptr_t)&low->ep, ep.len);
	munmap(low, sizeof(*low));
	return r;
}

int compat_socketcall_bind(int fd, struct ep ep)
{
	struct low *low = low_memory();
	int r;

	low->ep = ep;
	low->args[0] = (uint32_t)fd;
	low->args[1] = (uint32_t)(uintptr_t)&low->ep;
	low->args[2] = ep.len;
	r = call(SOCKETCALL, SOCKETCALL_BIND, (uintptr_t)low->args, 0);
	munmap(low, sizeof(*low));
	return r;
}

int compat_listen(int fd)
{
	return call(LISTEN, (unsigned)fd, 8, 0);
}
