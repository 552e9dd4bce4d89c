// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "enrich/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "enrich/cgroup.h"
#include "enrich/container.h"
#include "enrich/proc.h"

#define N_USERS 256

static void fill_cmdline(int dir, struct process *p)
{
	char buf[sizeof(p->cmdline) + 1];
	ssize_t n = proc_read(dir, "cmdline", buf, sizeof(buf));

	if (n <= 0)
		return;
	p->cmdline_len = (uint16_t)text_command_length(buf, (size_t)n);
	memcpy(p->cmdline, buf, p->cmdline_len);
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

	if (proc_read(dir, "cgroup", buf, sizeof(buf)) <= 0)
		return;
	container_of_process(buf, &p->container);
	if (cgroup_path_of(buf, path, sizeof(path)))
		return;
	cgroup_unit(path, p->unit, sizeof(p->unit));
	if (strlen(path) < sizeof(p->cgroup))
		strcpy(p->cgroup, path);
}

static uint64_t own_pid_namespace(void)
{
	static uint64_t own;
	struct stat st;

	if (!own && !stat("/proc/self/ns/pid", &st))
		own = st.st_ino;
	return own;
}

/* "NSpid:	4242	7": the pid in the tracer's namespace first, in the process's own last. */
static void fill_inner_pid(int dir, struct process *p)
{
	char buf[8192], *line;
	ssize_t n;

	/* mostly it is in ours; the text of status takes the kernel long to make */
	if (own_pid_namespace() && proc_namespace(dir, "ns/pid") == own_pid_namespace())
		return;
	n = proc_read(dir, "status", buf, sizeof(buf));
	line = n > 0 ? strstr(buf, "\nNSpid:") : NULL;
	if (!line)
		return;
	line++;
	line[strcspn(line, "\n")] = '\0';
	line = strrchr(line, '\t');
	/* only one number: the tab is the one behind the colon */
	if (line && line[-1] != ':')
		p->pid_in_namespace = (uint32_t)strtoul(line + 1, NULL, 10);
}

/* From the process that is known to be the one; s is what its stat file says. */
static void fill(int dir, struct process *p, const struct proc_stat *s)
{
	/* what has exited first has no memory and no program any more, the others do */
	int thread = s->state == 'Z' ? proc_live_thread(dir) : -1, from = thread < 0 ? dir : thread;
	struct proc_stat live = *s;

	if (thread >= 0)
		proc_stat_read(thread, &live);
	p->stopped = live.state == 'T';
	if (!p->ppid)
		p->ppid = s->ppid;
	if (!p->cmdline_len)
		fill_cmdline(from, p);
	fill_exe(from, p);
	fill_cgroup(from, p);
	fill_inner_pid(dir, p);
	if (thread >= 0)
		close(thread);
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

void process_prepare(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	struct stat st;

	while (proc && (entry = readdir(proc)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
		    !fstatat(dirfd(proc), entry->d_name, &st, 0))
			user_name(st.st_uid);
	if (proc)
		closedir(proc);
}

/* 1: the process that started at start_ns, and it lives; 0: it does not live; -1: cannot be told. */
static int check(int dir, uint64_t start_ns, struct proc_stat *s)
{
	int err = proc_stat_read(dir, s);

	if (err)
		return err == -ESRCH ? 0 : -1;
	if (!proc_started_at(s, start_ns))
		return 0;
	/* a first thread may exit before the others: the process is gone when no other is left */
	return !((s->state == 'Z' || s->state == 'X') && s->threads <= 1);
}

int process_open(uint32_t pid, uint64_t start_ns)
{
	struct proc_stat s;
	int dir;

	if (!pid || !start_ns)
		return -ESRCH;
	dir = proc_open(pid);
	if (dir < 0)
		return -ESRCH;
	if (check(dir, start_ns, &s) == 1)
		return dir;
	close(dir);
	return -ESRCH;
}

void process_name_user(struct process *p)
{
	if (p->pid && !p->user[0])
		strcpy(p->user, user_name(p->uid));
}

void process_read(struct process *p)
{
	struct proc_stat s;
	int dir;

	if (!p->pid)
		return;
	p->alive = p->stopped = -1;
	if (!p->start_ns)
		return;
	dir = proc_open(p->pid);
	if (dir < 0) {
		p->alive = dir == -ENOENT && !proc_is_hidden() ? 0 : -1;
		return;
	}
	p->alive = (int8_t)check(dir, p->start_ns, &s);
	if (p->alive == 1)
		fill(dir, p, &s);
	close(dir);
}

void process_enrich(struct process *p)
{
	process_name_user(p);
	process_read(p);
}
