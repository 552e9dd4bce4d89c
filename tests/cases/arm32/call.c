/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 *   arm32 NUMBER FD LENGTH BYTES
 *
 * A program of the 32-bit ARM, which a kernel for arm64 may run: makes the system call NUMBER with the descriptor FD
 * and, unless BYTES is empty, the address of these bytes (in hexadecimal) before LENGTH. Its exit status is the
 * error, 0: none. There is no C library for it here, and it needs none.
 */

enum { EXIT = 1, ROOM = 128 };

static long call(long number, long a, long b, long c)
{
	register long nr __asm__("r7") = number;
	register long r0 __asm__("r0") = a;
	register long r1 __asm__("r1") = b;
	register long r2 __asm__("r2") = c;

	__asm__ volatile("svc 0" : "+r"(r0) : "r"(nr), "r"(r1), "r"(r2) : "memory");
	return r0;
}

static long number(const char *text)
{
	long n = 0;

	while (*text)
		n = n * 10 + (*text++ - '0');
	return n;
}

static unsigned digit(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

__attribute__((used)) void begin(char **args)
{
	unsigned char bytes[ROOM];
	const char *hex = args[4];
	long length = number(args[3]), result;
	int n;

	for (n = 0; n < ROOM && hex[2 * n]; n++)
		bytes[n] = (unsigned char)(digit(hex[2 * n]) << 4 | digit(hex[2 * n + 1]));
	if (n)
		result = call(number(args[1]), number(args[2]), (long)bytes, length);
	else
		result = call(number(args[1]), number(args[2]), length, 0);
	call(EXIT, result < 0 ? -result : 0, 0, 0);
}

/* What the kernel leaves on the stack: the count of the arguments, then they. */
__asm__(".globl _start\n"
	"_start: add r0, sp, #4\n"
	"	b begin\n");
