/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "enrich/process.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "enrich/cgroup.h"

#define NS_PER_S 1000000000ull
#define N_USERS	 64

/* The fields of /proc/PID/stat that matter here. */
struct stat_fields {
	char state;
	uint32_t ppid;
	long threads;
	uint64_t start_ticks;
};

/* Up to size - 1 bytes of a file of the process; NUL-terminated. The number of bytes or -errno. */
static ssize_t read_at(int dir, const char *name, char *out, size_t size)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	ssize_t n, total = 0;

	out[0] = '\0';
	if (fd < 0)
		return -errno;
	while ((size_t)total < size - 1) {
		n = read(fd, out + total, size - 1 - (size_t)total);
		if (n < 0)
			total = -errno;
		if (n <= 0)
			break;
		total += n;
	}
	close(fd);
	out[total > 0 ? total : 0] = '\0';
	return total;
}

static int read_stat(int dir, struct stat_fields *s)
{
	unsigned long long start;
	char buf[1024], *comm_end;
	ssize_t n = read_at(dir, "stat", buf, sizeof(buf));

	if (n < 0)
		return (int)n;
	/* the name before it may hold anything, also ") R 1" */
	comm_end = strrchr(buf, ')');
	if (!comm_end || sscanf(comm_end + 1,
				" %c %u %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
				"%*s %ld %*s %llu",
				&s->state, &s->ppid, &s->threads, &start) != 4)
		return -EBADMSG;
	s->start_ticks = start;
	return 0;
}

/*
 * 1: the directory is that of the process that started at start_ns, and it lives; 0: it does not
 * live; -1: cannot be told.
 */
static int check(int dir, uint64_t start_ns, struct stat_fields *s)
{
	long ticks_per_s = sysconf(_SC_CLK_TCK);
	int err;

	if (ticks_per_s <= 0)
		return -1;
	err = read_stat(dir, s);
	if (err)
		return err == -ESRCH ? 0 : -1;
	/* the kernel prints nsec_to_clock_t(start_boottime) */
	if (s->start_ticks != start_ns / (NS_PER_S / (uint64_t)ticks_per_s))
		return 0;
	/* a first thread may exit before the others: the process is gone when no other is left */
	return !((s->state == 'Z' || s->state == 'X') && s->threads <= 1);
}

static void fill_cmdline(int dir, struct process *p)
{
	char buf[sizeof(p->cmdline) + 1];
	ssize_t n = read_at(dir, "cmdline", buf, sizeof(buf));

	/* NULs at the end: the last argument's own, and what a new process title leaves */
	while (n > 0 && !buf[n - 1])
		n--;
	if (n <= 0)
		return;
	memcpy(p->cmdline, buf, (size_t)n);
	p->cmdline_len = (uint16_t)n;
}

static void fill_exe(int dir, struct process *p)
{
	char buf[sizeof(p->exe)];
	ssize_t n = readlinkat(dir, "exe", buf, sizeof(buf));

	/* half a path is another path; kernel threads have none */
	if (n <= 0 || (size_t)n >= sizeof(buf))
		return;
	memcpy(p->exe, buf, (size_t)n);
	p->exe[n] = '\0';
}

static void fill_cgroup(int dir, struct process *p)
{
	char buf[8192], path[4096];

	if (read_at(dir, "cgroup", buf, sizeof(buf)) <= 0 ||
	    cgroup_path_of(buf, path, sizeof(path)))
		return;
	cgroup_unit(path, p->unit, sizeof(p->unit));
	if (strlen(path) < sizeof(p->cgroup))
		strcpy(p->cgroup, path);
}

/* Who a uid is, remembered: the answer may come from a directory server. */
static const char *user_name(uint32_t uid)
{
	static struct {
		bool used;
		uint32_t uid;
		char name[sizeof(((struct process *)0)->user)];
	} users[N_USERS], *u;
	struct passwd pw, *found = NULL;
	char buf[4096];

	u = &users[uid % N_USERS];
	if (u->used && u->uid == uid)
		return u->name;
	u->used = true;
	u->uid = uid;
	u->name[0] = '\0';
	if (!getpwuid_r(uid, &pw, buf, sizeof(buf), &found) && found &&
	    strlen(pw.pw_name) < sizeof(u->name))
		strcpy(u->name, pw.pw_name);
	return u->name;
}

int process_open(uint32_t pid, uint64_t start_ns)
{
	struct stat_fields s;
	char path[32];
	int dir;

	if (!pid || !start_ns)
		return -ESRCH;
	snprintf(path, sizeof(path), "/proc/%u", pid);
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -ESRCH;
	if (check(dir, start_ns, &s) == 1)
		return dir;
	close(dir);
	return -ESRCH;
}

void process_enrich(struct process *p)
{
	struct stat_fields s;
	char path[32];
	int dir;

	if (!p->pid)
		return;
	if (!p->user[0])
		strcpy(p->user, user_name(p->uid));
	p->alive = -1;
	if (!p->start_ns)
		return;
	snprintf(path, sizeof(path), "/proc/%u", p->pid);
	/* stays with this process: once it has exited, every openat() below fails, whoever has the
	 * pid */
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0) {
		p->alive = errno == ENOENT ? 0 : -1;
		return;
	}
	p->alive = (int8_t)check(dir, p->start_ns, &s);
	if (p->alive == 1) {
		if (!p->cmdline_len)
			fill_cmdline(dir, p);
		if (!p->ppid)
			p->ppid = s.ppid;
		fill_exe(dir, p);
		fill_cgroup(dir, p);
	}
	close(dir);
}

void enrich_event(struct event *e)
{
	struct process *asker = &e->asker;
	char path[4096];

	process_enrich(asker);
	if (asker->pid && !asker->cgroup[0] && e->rec.task.cgroup_id &&
	    !cgroup_path_by_id(e->rec.task.cgroup_id, path, sizeof(path))) {
		if (!asker->unit[0])
			cgroup_unit(path, asker->unit, sizeof(asker->unit));
		if (strlen(path) < sizeof(asker->cgroup))
			strcpy(asker->cgroup, path);
	}
	for (unsigned i = 0; i < e->rec.n_holders; i++) {
		process_enrich(&e->holders[i].opener);
		process_enrich(&e->holders[i].closer);
	}
	for (unsigned i = 0; i < e->n_processes; i++)
		process_enrich(&e->processes[i]);
}
