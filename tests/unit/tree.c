/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#define _GNU_SOURCE /* nftw */
#include "tree.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "enrich/root.h"
#include "fixture.h"

static char dir[] = "/tmp/bindtrace-tree-XXXXXX";

int tree_make(void **state)
{
	(void)state;
	strcpy(strrchr(dir, '-'), "-XXXXXX");
	assert_non_null(mkdtemp(dir));
	root_set(dir);
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int tree_remove(void **state)
{
	(void)state;
	root_set("");
	return nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void full_path(const char *path, char out[512])
{
	char *slash;

	snprintf(out, 512, "%s%s", dir, path);
	for (slash = strchr(out + sizeof(dir), '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(out, 0700);
		*slash = '/';
	}
}

void tree_file(const char *path, const char *text)
{
	char full[512];
	FILE *f;

	full_path(path, full);
	f = fopen(full, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	fclose(f);
}

void tree_link(const char *path, const char *target)
{
	char full[512];

	full_path(path, full);
	assert_int_equal(symlink(target, full), 0);
}
