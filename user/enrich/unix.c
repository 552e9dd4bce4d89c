// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define _GNU_SOURCE /* O_PATH */
#include "enrich/unix.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include "enrich/net_table.h"
#include "enrich/path.h"
#include "enrich/process.h"
#include "model/endpoint.h"

enum { UNCONNECTED = 1 };

/* ---- a path */

/*
 * Is a socket bound to the file? connect() of a datagram socket finds it by the file, in whatever network
 * namespace it is, and nobody gets a connection of it: a socket of another type says EPROTOTYPE, without
 * one it is ECONNREFUSED (unix_find_bsd).
 */
static int8_t is_served(int file)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), error;

	if (fd < 0)
		return -1;
	snprintf(name.sun_path, sizeof(name.sun_path), "/proc/self/fd/%d", file);
	error = connect(fd, (struct sockaddr *)&name, sizeof(name)) ? errno : 0;
	close(fd);
	if (!error || error == EPROTOTYPE ||
	    error == EPERM) /* EPERM: it talks to another already */
		return 1;
	return error == ECONNREFUSED ? 0 : -1;
}

void unix_look_at_path(struct unix_facts *facts, int root, int cwd, bool foreign, const char *path)
{
	bool absolute = path[0] == '/';
	struct stat st;
	int fd;

	if ((absolute ? root : cwd) < 0)
		return;
	/* where a relative path of another root ends above, nobody knows */
	fd = path_open(!absolute && foreign ? -1 : root, absolute ? root : cwd, path);
	if (fd == -ENOENT || fd == -ENOTDIR)
		facts->file = UNIX_FILE_NONE;
	if (fd < 0)
		return;
	if (!fstat(fd, &st)) {
		facts->file = S_ISSOCK(st.st_mode) ? UNIX_FILE_SOCKET : UNIX_FILE_OTHER;
		facts->inode = st.st_ino;
		facts->device = major(st.st_dev) << 20 | minor(st.st_dev);
	}
	if (facts->file == UNIX_FILE_SOCKET)
		facts->fd = fd;
	else
		close(fd);
}

static uint64_t inode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : st.st_ino;
}

/* Do the asker's absolute paths begin where ours do? Then they lead us to the same file, also when it is gone. */
static bool is_our_root(const struct bt_record *r)
{
	struct stat st;

	return r->mntns && r->mntns == inode_of("/proc/self/ns/mnt") && !stat("/", &st) &&
	       r->root_inode == st.st_ino &&
	       r->root_device == (major(st.st_dev) << 20 | minor(st.st_dev));
}

static void look_at_file(struct unix_facts *facts, const struct bt_record *r, int process,
			 const char *path)
{
	bool ours = is_our_root(r);
	int flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
	int root = ours ? open("/", flags) : process < 0 ? -1 : openat(process, "root", flags);
	int cwd = process < 0 ? -1 : openat(process, "cwd", flags);

	facts->ours = ours && path[0] == '/';
	unix_look_at_path(facts, root, cwd, !ours, path);
	if (root >= 0)
		close(root);
	if (cwd >= 0)
		close(cwd);
}

/* ---- an abstract name */

/*
 * May the table's last column be this name? It shows every NUL as '@', and a newline as it is: anybody can
 * make rows of his own. What is found here is only asked for, unix_add_holder() knows by the kernel's word.
 */
static bool is_same_name(const char *row, const char *name, size_t n)
{
	size_t i;

	for (i = 0; i < n && row[i] && row[i] != '\n'; i++)
		if (row[i] != (name[i] ? name[i] : '@'))
			return false;
	return i == n && (row[i] == '\n' || !row[i]);
}

/*
 * The socket that has the name: it listens, or is not connected; those that were accepted have the name of
 * their listener too. A datagram socket keeps its own also when it is connected. Two are no answer.
 */
void unix_look_in_table(struct unix_facts *facts, const char *table, const char *name, size_t n,
			unsigned type)
{
	unsigned found = 0;

	for (const char *line = strchr(table, '\n'); line && line[1]; line = strchr(line, '\n')) {
		unsigned sk_type, state;
		unsigned long inode;
		int end = 0;

		line++;
		if (sscanf(line, "%*[^:]: %*x %*x %*x %x %x %lu%n", &sk_type, &state, &inode,
			   &end) != 3 ||
		    line[end] != ' ' || sk_type != type || !is_same_name(line + end + 1, name, n))
			continue;
		if (state != UNCONNECTED && sk_type != SOCK_DGRAM)
			continue;
		found++;
		facts->socket = inode;
	}
	if (found > 1)
		facts->socket = 0;
}

static void look_at_table(struct unix_facts *facts, const struct bt_record *r, const char *name,
			  size_t n)
{
	char *table = net_table_read(r, "unix");

	if (table)
		unix_look_in_table(facts, table, name, n, r->sk_type);
	free(table);
}

/* ---- both */

void unix_look(struct unix_facts *facts, const struct bt_record *r)
{
	char name[BT_PATH_LEN + 1];
	size_t n;
	int process;

	memset(facts, 0, sizeof(*facts));
	facts->served = -1;
	facts->fd = -1;
	if (r->sock.family != AF_UNIX || r->operation != BT_OP_BIND || !r->error || !r->path_len)
		return;
	n = endpoint_unix_name(r->path, r->path_len, name);
	name[n] = '\0';
	if (!r->path[0]) {
		if (r->error == EADDRINUSE)
			look_at_table(facts, r, name, n);
		return;
	}
	process = process_open(r->task.pid, r->task.start_ns);
	look_at_file(facts, r, process, name);
	if (process >= 0)
		close(process);
}

uint64_t unix_wanted(const struct unix_facts *facts)
{
	if (facts->socket)
		return facts->socket;
	return facts->file == UNIX_FILE_SOCKET ? facts->inode : 0;
}

/* Is it the one? Those that a listener accepted are bound to its file too. */
static bool holds(const struct unix_facts *facts, const struct bt_record *r,
		  const struct bt_sharer *s)
{
	if (s->family != AF_UNIX)
		return false;
	if (facts->socket)
		return s->inode == facts->socket && s->netns == r->task.netns &&
		       s->type == r->sk_type &&
		       !memcmp(s->name_hash, r->kind.addr, sizeof(r->kind.addr));
	return facts->inode && s->file_inode == facts->inode && s->file_device == facts->device &&
	       (s->state != BT_TCP_ESTABLISHED || s->type == SOCK_DGRAM);
}

static const struct bt_sharer *find_holder(const struct unix_facts *facts,
					   const struct bt_record *r,
					   const struct bt_sharer *sharers, int n)
{
	for (int i = 0; i < n; i++)
		if (holds(facts, r, &sharers[i]))
			return &sharers[i];
	return NULL;
}

void unix_settle(struct unix_facts *facts, const struct bt_record *r,
		 const struct bt_sharer *sharers, int n)
{
	if (facts->fd < 0)
		return;
	facts->served = find_holder(facts, r, sharers, n) ? 1 : is_served(facts->fd);
	close(facts->fd);
	facts->fd = -1;
}

void unix_add_holder(struct event *e, const struct unix_facts *facts,
		     const struct bt_sharer *sharers, int n)
{
	struct bt_sock *sock = &e->rec.holders[0].sock;
	const struct bt_sharer *found;

	e->name = *facts;
	if (e->rec.sock.family != AF_UNIX || e->rec.error != EADDRINUSE)
		return;
	found = find_holder(facts, &e->rec, sharers, n);
	/* an empty list says that nobody has it */
	e->rec.walk = found || !facts->served ? BT_WALK_DONE : 0;
	if (!found)
		return;
	memset(&e->rec.holders[0], 0, sizeof(e->rec.holders[0]));
	sock->family = AF_UNIX;
	sock->inode = found->inode;
	sock->sk = found->sk;
	sock->state = found->state;
	sock->flags = BT_SOCK_CULPRIT;
	e->rec.n_holders = 1;
	e->rec.totals.total = e->rec.totals.blocking = e->rec.totals.blocking_lasting = 1;
	e->rec.totals.state[sock->state < BT_N_STATES ? sock->state : 0] = 1;
}
