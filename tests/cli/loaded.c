// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What is loaded in the kernel: BPF programs, maps and links.
 *
 *   loaded             counts all of them
 *   loaded --of PID    names those a process has open, "prog 12", one a line
 *   loaded --gone      reads such names; exit status 0 when none of them is there any more, else 1 and
 *                      the names on stdout. The kernel frees them after the last user's end, not at once:
 *                      5 seconds are granted
 */
#include <ctype.h>
#include <dirent.h>
#include <linux/bpf.h>
#include <sys/syscall.h>

#include "kit.h"

enum { N_KINDS = 3, MAX_NAMES = 256, PATIENCE_MS = 5000 };

static const struct kind {
	const char *name;
	int next, open; /* commands of bpf(2); links have theirs since 5.8 */
} kinds[N_KINDS] = {
	{ "prog", BPF_PROG_GET_NEXT_ID, BPF_PROG_GET_FD_BY_ID },
	{ "map", BPF_MAP_GET_NEXT_ID, BPF_MAP_GET_FD_BY_ID },
	{ "link", BPF_LINK_GET_NEXT_ID, BPF_LINK_GET_FD_BY_ID },
};

struct name {
	unsigned kind, id;
};

static long bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static int count_all(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < N_KINDS; i++) {
		union bpf_attr attr = { .start_id = 0 };

		while (!bpf(kinds[i].next, &attr)) {
			attr.start_id = attr.next_id;
			n++;
		}
	}
	printf("%u\n", n);
	return 0;
}

/* fdinfo of a link names its program too; that one is named twice. */
static void list_descriptor(int dir, const char *fd)
{
	char path[300], line[256], key[32];
	unsigned id;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", dir, fd);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		for (unsigned i = 0; i < N_KINDS; i++) {
			snprintf(key, sizeof(key), "%s_id:", kinds[i].name);
			if (!strncmp(line, key, strlen(key)) &&
			    sscanf(line + strlen(key), "%u", &id) == 1)
				printf("%s %u\n", kinds[i].name, id);
		}
	if (f)
		fclose(f);
}

static int list_of(const char *pid)
{
	char path[64];
	struct dirent *d;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/fdinfo", pid);
	dir = opendir(path);
	must(dir, "there is no such process");
	while ((d = readdir(dir)))
		if (isdigit(d->d_name[0]))
			list_descriptor(dirfd(dir), d->d_name);
	closedir(dir);
	return 0;
}

static bool is_there(const struct name *name)
{
	union bpf_attr attr = { .prog_id = name->id }; /* the ids are one union */
	long fd = bpf(kinds[name->kind].open, &attr);

	if (fd >= 0)
		close((int)fd);
	return fd >= 0;
}

static int await_gone_all(void)
{
	struct name names[MAX_NAMES];
	unsigned n = 0, left = 1;
	char word[16];

	while (n < MAX_NAMES && scanf("%15s %u", word, &names[n].id) == 2) {
		for (names[n].kind = 0; strcmp(kinds[names[n].kind].name, word);)
			must(++names[n].kind < N_KINDS, "a name of another kind");
		n++;
	}
	must(n, "no names to look for");
	for (int ms = 0; ms < PATIENCE_MS && left; ms += 10) {
		left = 0;
		for (unsigned i = 0; i < n; i++)
			left += is_there(&names[i]);
		if (left)
			nap_ms(10);
	}
	for (unsigned i = 0; i < n && left; i++)
		if (is_there(&names[i]))
			printf("%s %u\n", kinds[names[i].kind].name, names[i].id);
	return !!left;
}

int main(int argc, char **argv)
{
	if (argc == 1)
		return count_all();
	if (argc == 3 && !strcmp(argv[1], "--of"))
		return list_of(argv[2]);
	if (argc == 2 && !strcmp(argv[1], "--gone"))
		return await_gone_all();
	fprintf(stderr, "usage: loaded [--of PID | --gone]\n");
	return 2;
}
