// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "scratch.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixture.h"

int scratch_begin(void **state)
{
	char *folder = strdup("/tmp/bindtrace-unit-XXXXXX");

	if (!mkdtemp(folder) || chdir(folder))
		return -1;
	*state = folder;
	return 0;
}

int scratch_end(void **state)
{
	char command[80];

	snprintf(command, sizeof(command), "rm -r %s", (char *)*state);
	free(*state);
	return chdir("/") || system(command);
}

void scratch_append(const char *name, const char *format, ...)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	va_list args;

	assert_true(fd >= 0);
	va_start(args, format);
	assert_true(vdprintf(fd, format, args) >= 0);
	va_end(args);
	close(fd);
}
