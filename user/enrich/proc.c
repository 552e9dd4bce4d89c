// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "enrich/proc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NS_PER_S 1000000000ull

static bool ignored;

void proc_ignore(bool ignore)
{
	ignored = ignore;
}

bool proc_is_ignored(void)
{
	return ignored;
}

int proc_open(uint32_t pid)
{
	char path[32];
	int dir;

	if (ignored)
		return -EXDEV;
	snprintf(path, sizeof(path), "/proc/%u", pid);
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return dir < 0 ? -errno : dir;
}

bool proc_is_hidden(void)
{
	return access("/proc/1", F_OK) != 0;
}

ssize_t proc_read(int dir, const char *name, char *out, size_t size)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	out[0] = '\0';
	if (fd < 0)
		return -errno;
	/* the kernel makes the whole text at the first read (single_open, get_mm_cmdline) and cuts it to size */
	n = read(fd, out, size - 1);
	if (n < 0)
		n = -errno;
	close(fd);
	out[n > 0 ? n : 0] = '\0';
	return n;
}

int proc_stat_read(int dir, struct proc_stat *s)
{
	char buf[1024], *comm, *comm_end;
	unsigned long long start;
	ssize_t n = proc_read(dir, "stat", buf, sizeof(buf));
	int tty;

	if (n < 0)
		return (int)n;
	/* the name may hold anything, also ") R 1" */
	comm = strchr(buf, '(');
	comm_end = strrchr(buf, ')');
	if (!comm || !comm_end || comm_end < comm ||
	    sscanf(comm_end + 1,
		   " %c %u %u %u %d %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %ld %*s %llu",
		   &s->state, &s->ppid, &s->group, &s->session, &tty, &s->threads, &start) != 7)
		return -EBADMSG;
	s->tty = (uint32_t)tty;
	s->start_ticks = start;
	n = comm_end - comm - 1;
	if (n > BT_COMM_LEN)
		n = BT_COMM_LEN;
	memcpy(s->comm, comm + 1, (size_t)n);
	s->comm[n] = '\0';
	return 0;
}

/* The kernel prints nsec_to_clock_t(start_boottime). */
static uint64_t ticks(uint64_t boottime_ns)
{
	long ticks_per_s = sysconf(_SC_CLK_TCK);

	return ticks_per_s > 0 ? boottime_ns / (NS_PER_S / (uint64_t)ticks_per_s) : 0;
}

bool proc_started_at(const struct proc_stat *s, uint64_t start_ns)
{
	return s->start_ticks == ticks(start_ns);
}

bool proc_started_before(const struct proc_stat *s, uint64_t boottime_ns)
{
	return s->start_ticks < ticks(boottime_ns);
}

int proc_live_thread(int dir)
{
	int tasks = openat(dir, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC), found = -ESRCH;
	DIR *list = tasks < 0 ? NULL : fdopendir(tasks);
	struct dirent *entry;
	struct proc_stat s;
	int thread;

	if (!list) {
		found = -errno;
		if (tasks >= 0)
			close(tasks);
		return found;
	}
	while (found < 0 && (entry = readdir(list))) {
		if (entry->d_name[0] == '.')
			continue;
		thread = openat(tasks, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (thread < 0)
			continue;
		if (!proc_stat_read(thread, &s) && s.state != 'Z' && s.state != 'X')
			found = thread;
		else
			close(thread);
	}
	closedir(list);
	return found;
}

uint64_t proc_namespace(int dir, const char *name)
{
	struct stat st;

	return fstatat(dir, name, &st, 0) ? 0 : st.st_ino;
}
