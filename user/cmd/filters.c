// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/filters.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/log.h"
#include "base/number.h"
#include "source/netns.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* Calls add() for each part of "a,b,c". */
static int each_part(struct options *o, const char *list,
		     int (*add)(struct options *o, const char *part))
{
	char *copy = strdup(list), *rest = copy, *part;
	int err = copy ? 0 : ENOMEM;

	while (!err && (part = strsep(&rest, ",")))
		err = add(o, part);
	free(copy);
	return err;
}

static int add_number(uint32_t *list, uint32_t *n, uint32_t value, const char *what)
{
	if (*n == 16) {
		log_error("more than 16 %s; leave the filter out and select afterwards", what);
		return E2BIG;
	}
	list[(*n)++] = value;
	return 0;
}

static int add_pid(struct options *o, const char *part)
{
	uint32_t pid;

	if (number_u32(part, &pid) || !pid) {
		log_error("'%s' is not a process id; give a number such as 4242", part);
		return EINVAL;
	}
	return add_number(o->source.filter.pids, &o->source.filter.n_pids, pid, "process ids");
}

int filter_pids(struct options *o, const char *arg)
{
	return each_part(o, arg, add_pid);
}

static int add_ports(uint16_t first, uint16_t last, void *context)
{
	struct options *o = context;
	unsigned port;

	for (port = first; port <= last; port++)
		o->source.ports[port / 64] |= 1ull << (port % 64);
	return 0;
}

int filter_ports(struct options *o, const char *arg)
{
	if (number_ports(arg, add_ports, o)) {
		log_error("'%s' is not a list of ports; write 80,443 or 8000-8100 (0 to 65535)",
			  arg);
		return EINVAL;
	}
	o->source.filter.by_port = true;
	return 0;
}

int filter_comm(struct options *o, const char *arg)
{
	struct bt_config *f = &o->source.filter;

	if (!*arg || f->n_comms == LENGTH(f->comms)) {
		log_error(*arg ? "more than 8 names for -c; leave the filter out and select "
				 "afterwards"
			       : "-c needs the name of a command, as ps -o comm shows it");
		return EINVAL;
	}
	/* the kernel keeps 15 bytes of a name: compare no more */
	strncpy(f->comms[f->n_comms++], arg, BT_COMM_LEN - 1);
	return 0;
}

static int add_user(struct options *o, const char *part)
{
	struct passwd *pw;
	uint32_t uid;

	if (number_u32(part, &uid)) {
		pw = getpwnam(part);
		if (!pw) {
			log_error("there is no user '%s'; give a name or a number", part);
			return EINVAL;
		}
		uid = pw->pw_uid;
	}
	return add_number(o->source.filter.uids, &o->source.filter.n_uids, uid, "users");
}

int filter_users(struct options *o, const char *arg)
{
	return each_part(o, arg, add_user);
}

static int add_errno(struct options *o, const char *part)
{
	int error = errno_number(part);

	if (error <= 0) {
		log_error("'%s' is not an error; write EADDRINUSE or 98", part);
		return EINVAL;
	}
	return add_number(o->source.filter.errors, &o->source.filter.n_errors, (uint32_t)error,
			  "errors");
}

int filter_errors(struct options *o, const char *arg)
{
	return each_part(o, arg, add_errno);
}

static bool is_cgroup2(int fd)
{
	struct statfs fs;

	return !fstatfs(fd, &fs) && fs.f_type == CGROUP2_SUPER_MAGIC;
}

int filter_cgroup(struct options *o, const char *arg)
{
	static const char *const roots[] = { "", "/sys/fs/cgroup", "/sys/fs/cgroup/unified" };
	char path[4096];
	size_t i;
	int fd;

	for (i = 0; i < LENGTH(roots); i++) {
		snprintf(path, sizeof(path), "%s%s%s", roots[i],
			 *roots[i] && *arg != '/' ? "/" : "", arg);
		fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (!is_cgroup2(fd)) {
			close(fd);
			continue;
		}
		/* the last -g counts */
		if (o->source.filter.by_cgroup)
			close(o->source.cgroup_fd);
		o->source.cgroup_fd = fd;
		o->source.filter.by_cgroup = true;
		return 0;
	}
	log_error("there is no cgroup (version 2) '%s'; give its path as in /proc/PID/cgroup, or "
		  "its directory",
		  arg);
	return EINVAL;
}

/* A name of `ip netns`, a path such as /proc/PID/ns/net, or the inode number that lsns prints. */
static int add_netns(struct options *o, const char *part)
{
	struct bt_config *f = &o->source.filter;
	int fd = netns_find(part), err;
	uint32_t inode;

	if (fd >= 0) {
		inode = netns_number(fd);
	} else if (number_u32(part, &inode)) {
		log_error("there is no network namespace '%s'; give a name of ip netns, a path, or "
			  "the number of lsns",
			  part);
		return EINVAL;
	}
	err = add_number(f->netns, &f->n_netns, inode, "network namespaces");
	if (fd < 0)
		return err;
	if (!err)
		f->netns_cookies[f->n_netns - 1] = netns_cookie(fd);
	close(fd);
	return err;
}

int filter_netns(struct options *o, const char *arg)
{
	return each_part(o, arg, add_netns);
}
