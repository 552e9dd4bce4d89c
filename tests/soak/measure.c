// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What a tracer has: memory of its own and in the kernel, descriptors, programs, maps and links. */
#include <bpf/bpf.h>
#include <ctype.h>
#include <dirent.h>

#include "soak.h"

/* Calls fn for each line of /proc/PID/fdinfo/N, all N. Returns how many descriptors there are. */
static unsigned each_fd_line(pid_t pid, void (*fn)(const char *line, void *arg), void *arg)
{
	char path[300], line[256];
	struct dirent *d;
	unsigned n = 0;
	FILE *f;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo", (int)pid);
	dir = opendir(path);
	while (dir && (d = readdir(dir))) {
		if (!isdigit(d->d_name[0]))
			continue;
		n++;
		snprintf(path, sizeof(path), "/proc/%d/fdinfo/%s", (int)pid, d->d_name);
		f = fopen(path, "re");
		while (f && fgets(line, sizeof(line), f))
			fn(line, arg);
		if (f)
			fclose(f);
	}
	if (dir)
		closedir(dir);
	return n;
}

static void add_line(const char *line, void *arg)
{
	struct sample *s = arg;
	unsigned long long bytes;

	if (sscanf(line, "memlock: %llu", &bytes) == 1)
		s->kernel_kb += bytes / 1024;
	else if (!strncmp(line, "map_id:", 7) || !strncmp(line, "prog_tag:", 9) ||
		 !strncmp(line, "link_id:", 8))
		s->objects++;
}

struct sample measure(pid_t pid)
{
	struct sample s = { 0 };
	char path[64], line[128];
	FILE *f;

	s.fds = each_fd_line(pid, add_line, &s);
	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f)) {
		unsigned long long kb;

		if (sscanf(line, "VmRSS: %llu", &kb) == 1)
			s.rss_kb = kb;
	}
	if (f)
		fclose(f);
	return s;
}

static long value_of(const struct sample *s, enum figure figure)
{
	switch (figure) {
	case OWN_KB:
		return (long)s->rss_kb;
	case KERNEL_KB:
		return (long)s->kernel_kb;
	case DESCRIPTORS:
		return (long)s->fds;
	default:
		return (long)s->objects;
	}
}

static long extreme(unsigned tracer, enum figure figure, unsigned from, unsigned to)
{
	long found = value_of(&shared->samples[from][tracer], figure);

	for (unsigned i = from; i < to; i++) {
		long value = value_of(&shared->samples[i][tracer], figure);

		if (figure == OWN_KB ? value > found : value < found)
			found = value;
	}
	return found;
}

long growth(unsigned tracer, enum figure figure)
{
	unsigned n = shared->n_samples, from = figure == OWN_KB ? shared->warm : 0;
	unsigned third = n - from < 3 ? 1 : (n - from) / 3;

	return extreme(tracer, figure, n - third, n) - extreme(tracer, figure, from, from + third);
}

static void note_map(const char *line, void *arg)
{
	unsigned *ids = arg, id;

	if (sscanf(line, "map_id: %u", &id) != 1)
		return;
	while (*ids)
		ids++;
	*ids = id;
}

/* The map of that name which the process has open, -1: none. */
static int map_of(pid_t pid, const char *name, struct bpf_map_info *info)
{
	unsigned ids[256] = { 0 };

	each_fd_line(pid, note_map, ids);
	for (unsigned i = 0; ids[i]; i++) {
		unsigned size = sizeof(*info);
		int fd = bpf_map_get_fd_by_id(ids[i]);

		*info = (struct bpf_map_info){ 0 };
		if (fd >= 0 && !bpf_obj_get_info_by_fd(fd, info, &size) &&
		    !strcmp(info->name, name))
			return fd;
		close(fd);
	}
	return -1;
}

enum { LEFT_OVER_HIGH = 0x70000000 }; /* half of its key: no process has such a number */

long unfinished_calls(pid_t pid)
{
	struct bpf_map_info info;
	int fd = map_of(pid, "calls", &info);
	uint64_t key, *last = NULL;
	long n = 0;

	while (!bpf_map_get_next_key(fd, last, &key)) {
		n += key >> 32 < LEFT_OVER_HIGH;
		last = &key;
	}
	close(fd);
	return n;
}

void age_calls(pid_t pid, bool old)
{
	struct bpf_map_info info;
	int fd = map_of(pid, "calls", &info);
	static char value[4096];

	must(fd >= 0 && info.value_size <= sizeof(value), "the tracer has no map of calls");
	for (uint64_t i = 0; i < info.max_entries; i++) {
		uint64_t key = (LEFT_OVER_HIGH + i) << 32;

		if (!old)
			bpf_map_delete_elem(fd, &key); /* unless it had to go already */
		else
			must(!bpf_map_update_elem(fd, &key, value, BPF_ANY),
			     "the map of calls cannot be filled");
	}
	close(fd);
}
