// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "enrich/security.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mount.h"
#include "enrich/proc.h"
#include "enrich/security_bpf.h"

/* The label of the asker, as its module calls it; empty: not known. */
static void read_label(const struct event *e, const char *file, char out[SECURITY_DETAIL])
{
	struct proc_stat s;
	int dir = proc_open(e->asker.pid);

	out[0] = '\0';
	if (dir < 0)
		return;
	/* after the start time was found to be the asker's, the directory is */
	if (!proc_stat_read(dir, &s) && proc_started_at(&s, e->asker.start_ns))
		proc_read(dir, file, out, SECURITY_DETAIL);
	close(dir);
	out[strcspn(out, "\n")] = '\0';
}

/* Where nobody has mounted it, who starts no services and no containers, it is there all the same. */
static bool read_active(char *out, size_t size)
{
	return proc_read(AT_FDCWD, "/sys/kernel/security/lsm", out, size) > 0 ||
	       !mount_read("securityfs", "lsm", out, size);
}

/* They are the same until the kernel is another. Empty: not known. */
static char active[1024];

bool security_prepare(void)
{
	if (!active[0] && !read_active(active, sizeof(active)))
		active[0] = '\0';
	return active[0];
}

/* Without its file system no policy was loaded; 0: it only logs. */
static bool selinux(const struct event *e, struct security_module *m)
{
	char enforcing[16];

	if (proc_read(AT_FDCWD, "/sys/fs/selinux/enforce", enforcing, sizeof(enforcing)) <= 0 ||
	    enforcing[0] == '0')
		return false;
	read_label(e, "attr/current", m->detail);
	return true;
}

static bool apparmor(const struct event *e, struct security_module *m)
{
	read_label(e, "attr/apparmor/current", m->detail);
	return strcmp(m->detail, "unconfined");
}

/* landlock_create_ruleset(2): which version; the network came with the fourth. */
static bool landlock(const struct event *e, struct security_module *m)
{
	enum { CREATE_RULESET = 444, VERSION = 1, WITH_NETWORK = 4 };

	(void)m;
	return e->rec.sock.family != AF_UNIX &&
	       syscall(CREATE_RULESET, NULL, 0, VERSION) >= WITH_NETWORK;
}

static bool any(const struct event *e, struct security_module *m)
{
	(void)e;
	(void)m;
	return true;
}

static bool bpf(const struct event *e, struct security_module *m)
{
	(void)e;
	return security_bpf_find(m);
}

/* The modules with a hook in security_socket_bind(), and what they say there (5.10 to 7.2). */
static const struct {
	const char *name;
	int errors[3]; /* empty: any */
	bool (*may)(const struct event *e, struct security_module *m);
} modules[] = {
	{ "selinux", { EACCES, EAFNOSUPPORT, EINVAL }, selinux },
	{ "smack", { EINVAL }, any },
	{ "tomoyo", { EPERM }, any },
	{ "apparmor", { EACCES }, apparmor },
	{ "landlock", { EACCES, EAFNOSUPPORT, EINVAL }, landlock },
	{ "bpf", { 0 }, bpf },
};

static bool says(const int errors[3], int error)
{
	return !errors[0] || errors[0] == error || errors[1] == error || errors[2] == error;
}

/* Is the word in the list that is separated by commas? */
static bool is_active(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (; list; list = strchr(list, ',')) {
		list += *list == ',';
		if (!strncmp(list, word, n) && (!list[n] || list[n] == ',' || list[n] == '\n'))
			return true;
	}
	return false;
}

/* Behind the system call it is what these errors are mostly about; the last of them a BPF program may make up. */
static bool may_be_theirs(const struct bt_record *r)
{
	if (r->who == BT_WHO_LSM)
		return true;
	if (r->who != BT_WHO_UNKNOWN || r->operation != BT_OP_BIND || !r->sock.sk)
		return false;
	return r->error == EACCES || r->error == EPERM ||
	       (r->error == EADDRINUSE && !r->totals.blocking);
}

void security_enrich(struct event *e)
{
	struct security_module m;

	if (!may_be_theirs(&e->rec) || !security_prepare())
		return;
	e->modules_known = true;
	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
		memset(&m, 0, sizeof(m));
		if (!is_active(active, modules[i].name) || !says(modules[i].errors, e->rec.error) ||
		    !modules[i].may(e, &m))
			continue;
		snprintf(m.name, sizeof(m.name), "%s", modules[i].name);
		if (e->n_modules < EVENT_MAX_MODULES)
			e->modules[e->n_modules++] = m;
	}
}
