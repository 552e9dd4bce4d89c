// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int file = -1;

int fuzz_file(const void *bytes, size_t n)
{
	if (file < 0)
		file = memfd_create("fuzz", MFD_CLOEXEC);
	fuzz_expect(file >= 0 && !fchmod(file, 0600) && !ftruncate(file, 0));
	fuzz_expect(pwrite(file, bytes, n, 0) == (ssize_t)n && !lseek(file, 0, SEEK_SET));
	return file;
}

const char *fuzz_path(void)
{
	static char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	return path;
}

char *fuzz_string(const uint8_t *data, size_t n)
{
	char *s = malloc(n + 1);

	fuzz_expect(s != NULL);
	memcpy(s, data, n);
	s[n] = '\0';
	return s;
}

void fuzz_expect(int holds)
{
	if (!holds)
		abort();
}
