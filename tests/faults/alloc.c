// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * LD_PRELOAD: memory runs out. FAIL_AT=N: the Nth allocation fails; FAIL_FROM=N: all from there on. COUNT=FILE: how
 * many there were is written there at the end.
 */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);

void *malloc(size_t size);
void *calloc(size_t n, size_t size);
void *realloc(void *old, size_t size);

static unsigned long count, at, from;

__attribute__((constructor)) static void begin(void)
{
	const char *word = getenv("FAIL_AT");

	at = word ? strtoul(word, NULL, 10) : 0;
	word = getenv("FAIL_FROM");
	from = word ? strtoul(word, NULL, 10) : 0;
	count = 0; /* what came before is the loader's */
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("COUNT");
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;

	if (fd >= 0) {
		dprintf(fd, "%lu\n", count);
		close(fd);
	}
}

static int fails(void)
{
	unsigned long n = __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED);

	if (n != at && (!from || n < from))
		return 0;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}
