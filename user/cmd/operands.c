// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/operands.h"

#include <stdbool.h>
#include <string.h>

/* Whether it is FILE, a dot and digits, as record numbers its files. */
static bool is_number_of(const char *path, const char *file)
{
	size_t n = strlen(file);

	if (strncmp(path, file, n) != 0 || path[n] != '.' || !path[n + 1])
		return false;
	path += n + 1;
	return path[strspn(path, "0123456789")] == '\0';
}

static int last_number_of(char **operands, int n, int file)
{
	int last = file;

	for (int i = file + 1; i < n; i++)
		if (is_number_of(operands[i], operands[file]))
			last = i;
	return last;
}

void operands_in_order(char **operands, int n)
{
	for (int i = 0; i < n;) {
		int last = last_number_of(operands, n, i);
		char *file = operands[i];

		if (last == i) {
			i++;
			continue;
		}
		memmove(operands + i, operands + i + 1, (size_t)(last - i) * sizeof(*operands));
		operands[last] = file;
	}
}
