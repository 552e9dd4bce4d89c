// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/trier.h"

#include <errno.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/number.h"

/* linux/un.h, which does not go with sys/un.h: the file of a socket, as an O_PATH descriptor (4.14) */
enum { SIOCUNIXFILE = 0x89e0 };

const char *step_name(enum step step)
{
	static const char *const names[] = {
		[STEP_NETNS] = "setns",	      [STEP_USER] = "setuid", [STEP_SOCKET] = "socket",
		[STEP_OPTION] = "setsockopt", [STEP_BIND] = "bind",   [STEP_LISTEN] = "listen",
	};

	return step < N_STEPS ? names[step] : "?";
}

int identity_find(struct identity *id, const char *user)
{
	struct passwd *pw = getpwnam(user);
	uint32_t uid;

	id->set = true;
	if (!pw && !number_u32(user, &uid)) {
		pw = getpwuid(uid);
		id->uid = id->gid = uid;
	} else if (!pw) {
		log_error("there is no user '%s'; give a name or a number", user);
		return -1;
	}
	if (!pw)
		return 0;
	id->uid = pw->pw_uid;
	id->gid = pw->pw_gid;
	id->n_groups = MAX_GROUPS;
	if (getgrouplist(pw->pw_name, pw->pw_gid, id->groups, &id->n_groups) < 0)
		id->n_groups = MAX_GROUPS;
	return 0;
}

/* The capabilities go with the user id, since nobody asked the kernel to keep them. */
static int become(const struct identity *id, int netns, struct trial *out)
{
	out->step = STEP_NETNS;
	if (netns >= 0 && setns(netns, CLONE_NEWNET))
		return -1;
	out->step = STEP_USER;
	if (!id->set)
		return 0;
	return setgroups((size_t)id->n_groups, id->groups) ||
	       setresgid(id->gid, id->gid, id->gid) || setresuid(id->uid, id->uid, id->uid);
}

static int set_options(int fd, const struct bind_request *r)
{
	int yes = 1;

	if (r->reuseaddr && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)))
		return -1;
	if (r->reuseport && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof(yes)))
		return -1;
	return r->v6only && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof(yes));
}

static void try_port(const struct target *t, const struct bind_request *r, struct trial *out)
{
	int type = r->protocol == IPPROTO_UDP ? SOCK_DGRAM : SOCK_STREAM, fd, failed;

	out->step = STEP_SOCKET;
	fd = socket(t->any.sa_family, type | SOCK_CLOEXEC, r->protocol);
	failed = fd < 0;
	if (!failed) {
		out->step = STEP_OPTION;
		failed = set_options(fd, r);
	}
	if (!failed) {
		out->step = STEP_BIND;
		failed = bind(fd, &t->any, t->len);
	}
	if (!failed && r->listen) {
		out->step = STEP_LISTEN;
		failed = listen(fd, 0);
	}
	out->error = failed ? errno : 0;
	if (fd >= 0)
		close(fd);
}

/*
 * Who has the name? Nobody gets a connection by the question: connect() of a datagram socket finds a socket of
 * another type and says so (unix_find_bsd).
 */
static enum unix_holder look_at(const struct target *t)
{
	struct stat st;
	int fd, err;

	if (!t->un.sun_path[0])
		return UNIX_LIVE;
	if (!lstat(t->un.sun_path, &st) && !S_ISSOCK(st.st_mode))
		return UNIX_NO_SOCKET;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return UNIX_UNKNOWN;
	err = connect(fd, &t->any, t->len) ? errno : 0;
	close(fd);
	if (!err || err == EPROTOTYPE || err == EPERM) /* EPERM: it talks to another already */
		return UNIX_LIVE;
	return err == ECONNREFUSED ? UNIX_STALE : UNIX_UNKNOWN;
}

/* Is the file at the path still the one that our bind() made? */
static bool is_own(int fd, const char *path)
{
	struct stat made, there;
	int file = ioctl(fd, SIOCUNIXFILE);
	bool known = file >= 0 && !fstat(file, &made);

	if (file >= 0)
		close(file);
	if (lstat(path, &there) || !S_ISSOCK(there.st_mode))
		return false;
	if (known)
		return made.st_ino == there.st_ino && made.st_dev == there.st_dev;
	/* only the administrator of the network may ask which file it is */
	return there.st_uid == geteuid();
}

static void try_unix(const struct target *t, const struct bind_request *r, struct trial *out)
{
	int type = r->protocol == IPPROTO_UDP ? SOCK_DGRAM : SOCK_STREAM;
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	out->step = STEP_SOCKET;
	out->error = fd < 0 ? errno : 0;
	if (fd < 0)
		return;
	out->step = STEP_BIND;
	if (bind(fd, &t->any, t->len))
		out->error = errno;
	else if (t->un.sun_path[0] && is_own(fd, t->un.sun_path) && unlink(t->un.sun_path))
		out->left_behind = errno;
	close(fd);
	if (out->error == EADDRINUSE)
		out->holder = look_at(t);
}

__attribute__((noreturn)) static void work(int channel, const struct target *target,
					   const struct bind_request *request,
					   const struct identity *id, int netns)
{
	struct trial ready = { 0 }, trial;
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (become(id, netns, &ready))
		ready.error = errno;
	/* becoming another user forgets it */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read(channel, &byte, 1) == 1) {
		trial = ready;
		if (!trial.error && target->any.sa_family == AF_UNIX)
			try_unix(target, request, &trial);
		else if (!trial.error)
			try_port(target, request, &trial);
		if (write(channel, &trial, sizeof(trial)) != sizeof(trial))
			break;
	}
	_exit(0);
}

int trier_start(struct trier *t, const struct target *target, const struct bind_request *request,
		const struct identity *id, int netns)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return -errno;
	t->pid = fork();
	if (t->pid == 0) {
		close(ends[0]);
		work(ends[1], target, request, id, netns);
	}
	close(ends[1]);
	t->channel = ends[0];
	return t->pid < 0 ? -errno : 0;
}

int trier_try(const struct trier *t, struct trial *out)
{
	if (write(t->channel, "", 1) != 1)
		return -errno;
	return read(t->channel, out, sizeof(*out)) == sizeof(*out) ? 0 : -EPIPE;
}

void trier_end(struct trier *t)
{
	if (t->pid <= 0)
		return;
	close(t->channel);
	waitpid(t->pid, NULL, 0);
}
