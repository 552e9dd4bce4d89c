/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* System calls as a 32-bit program makes them. */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "kit.h"
#include "kit_compat.h"

#ifdef __x86_64__

/* By int $0x80, with arguments below 4 GiB. */
enum { GETPID = 20, SOCKETCALL = 102, BIND = 361, LISTEN = 363, SOCKETCALL_BIND = 2 };

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
		skip("this kernel runs no 32-bit programs");
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

void compat_remember(const char *operation, int fd, struct ep ep, int error)
{
	remember(operation, fd, ep, error);
}

#else /* arm64 */

/* By another program, tests/cases/arm32, for a 64-bit one cannot make them. */
enum { GETPID = 20, BIND = 282, LISTEN = 284, CANNOT_RUN = 127 };

static void exec_arm32(int nr, int fd, unsigned length, const char *hex)
{
	char path[512], number[12], descriptor[12], len[12];
	ssize_t n = readlink("/proc/self/exe", path, 256);

	path[n > 0 ? n : 0] = '\0';
	*strrchr(path, '/') = '\0';
	strcat(path, "/../arm32");
	snprintf(number, sizeof(number), "%d", nr);
	snprintf(descriptor, sizeof(descriptor), "%d", fd);
	snprintf(len, sizeof(len), "%u", length);
	/* all other sockets are closed by it */
	fcntl(fd, F_SETFD, 0);
	execl(path, program_invocation_short_name, number, descriptor, len, hex, (char *)NULL);
	_exit(CANNOT_RUN);
}

/* 0, or a negative errno. */
static int call(int nr, int fd, unsigned length, const struct ep *ep)
{
	char hex[2 * sizeof(struct ep) + 1] = "";
	int status;
	pid_t pid;

	for (unsigned i = 0; ep && i < length; i++)
		sprintf(hex + 2 * i, "%02x", ((const unsigned char *)ep)[i]);
	pid = fork();
	must(pid >= 0, "fork failed");
	if (pid == 0)
		exec_arm32(nr, fd, length, hex);
	must(waitpid(pid, &status, 0) == pid && WIFEXITED(status), "the 32-bit program failed");
	return -WEXITSTATUS(status);
}

void need_compat(void)
{
	if (call(GETPID, 0, 0, NULL) == -CANNOT_RUN)
		skip("this kernel runs no 32-bit programs");
}

int compat_bind(int fd, struct ep ep)
{
	return call(BIND, fd, ep.len, &ep);
}

int compat_listen(int fd)
{
	return call(LISTEN, fd, 8, NULL);
}

int compat_socketcall_bind(int fd, struct ep ep)
{
	(void)fd, (void)ep;
	skip("32-bit programs have no socketcall() here");
	return 0;
}

void compat_remember(const char *operation, int fd, struct ep ep, int error)
{
	remember(operation, fd, ep, error);
	refused_in_child();
}

#endif
