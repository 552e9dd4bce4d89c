// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A UNIX socket: each connection is a stream of its own, read in turn, a line of each. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "base/status.h"
#include "export/input_private.h"

enum { MOST_PEERS = 64, BACKLOG = 16 };

struct peer {
	int fd;
	struct reader reader;
	struct export_stream stream;
};

struct socket_input {
	struct input input;
	int fd;
	int epoll; /* of the socket and all peers */
	struct peer *peers[MOST_PEERS];
	unsigned n, turn;
	bool crowded; /* that has been said */
};

static int socket_fd(const struct input *in)
{
	return ((const struct socket_input *)in)->epoll;
}

static void drop(struct socket_input *s, unsigned i)
{
	close(s->peers[i]->fd);
	reader_free(&s->peers[i]->reader);
	free(s->peers[i]);
	s->peers[i] = s->peers[--s->n];
}

static bool watch(struct socket_input *s, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	return !epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &event);
}

static void welcome(struct socket_input *s, int fd)
{
	struct peer *peer = s->n < MOST_PEERS ? calloc(1, sizeof(*peer)) : NULL;

	if (!peer || !watch(s, fd)) {
		if (!s->crowded)
			log_warning("%s: there is no room for another connection beside %u; it is "
				    "closed",
				    s->input.name, s->n);
		s->crowded = true;
		free(peer);
		close(fd);
		return;
	}
	peer->fd = fd;
	reader_init(&peer->reader, fd);
	peer->reader.never_waits = true;
	s->peers[s->n++] = peer;
}

/* Whether there was somebody. */
static bool welcome_all(struct socket_input *s)
{
	bool any = false;
	int fd;

	while ((fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
		welcome(s, fd);
		any = true;
	}
	return any;
}

static int socket_next(struct input *in, struct input_line *out)
{
	struct socket_input *s = (struct socket_input *)in;
	unsigned dry = 0;
	int got;

	while (dry < s->n || welcome_all(s)) {
		if (s->turn >= s->n) {
			s->turn = 0;
			welcome_all(s);
		}
		if (!s->n)
			continue;
		got = reader_next(&s->peers[s->turn]->reader, &out->line);
		if (got == 1) {
			out->stream = &s->peers[s->turn++]->stream;
			out->before = false;
			return 1;
		}
		if (got == -EAGAIN) {
			s->turn++;
			dry++;
		} else {
			drop(s, s->turn);
			dry = 0;
		}
	}
	return 0;
}

static bool socket_waits(const struct input *in)
{
	(void)in;
	return false;
}

static void socket_close(struct input *in)
{
	struct socket_input *s = (struct socket_input *)in;

	while (s->n)
		drop(s, 0);
	if (s->epoll >= 0)
		close(s->epoll);
	if (s->fd >= 0)
		close(s->fd);
	free(s);
}

static const struct input_class socket_class = {
	.fd = socket_fd,
	.next = socket_next,
	.waits = socket_waits,
	.close = socket_close,
};

/* A file that a socket of an earlier run has left: nobody listens there. */
static bool left_over(const struct sockaddr_un *where)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool refused;
	struct stat st;

	if (lstat(where->sun_path, &st) || !S_ISSOCK(st.st_mode) || fd < 0)
		refused = false;
	else
		refused = connect(fd, (const struct sockaddr *)where, sizeof(*where)) &&
			  errno == ECONNREFUSED;
	if (fd >= 0)
		close(fd);
	return refused;
}

/* Whoever may write to the file may feed us: who started us, and root. 0 or -errno. */
static int listen_at(struct socket_input *s, const char *path)
{
	struct sockaddr_un where = { .sun_family = AF_UNIX };
	mode_t mask;
	int err;

	if (strlen(path) >= sizeof(where.sun_path))
		return -ENAMETOOLONG;
	strcpy(where.sun_path, path);
	s->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s->fd < 0)
		return -errno;
	mask = umask(0177);
	err = bind(s->fd, (struct sockaddr *)&where, sizeof(where)) ? -errno : 0;
	if (err == -EADDRINUSE && left_over(&where) && !unlink(path))
		err = bind(s->fd, (struct sockaddr *)&where, sizeof(where)) ? -errno : 0;
	umask(mask);
	if (err || listen(s->fd, BACKLOG))
		return err ? err : -errno;
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	return s->epoll < 0 || !watch(s, s->fd) ? -errno : 0;
}

int input_socket_open(struct input **out, const char *name, const char *path)
{
	struct socket_input *s = calloc(1, sizeof(*s));
	int err = -ENOMEM;

	if (s) {
		*out = &s->input;
		s->input = (struct input){ &socket_class, name };
		s->fd = s->epoll = -1;
		err = *path ? listen_at(s, path) : -EDESTADDRREQ;
	}
	if (err == -EDESTADDRREQ)
		log_error("unix: wants the path of the socket that is to be made behind it");
	else if (err == -EADDRINUSE)
		log_error("%s is taken: somebody listens there, or it is no socket; sudo bindtrace "
			  "check %s says who",
			  path, name);
	else if (err)
		log_error("cannot listen at %s: %s", name, strerror(-err));
	return err ? EXIT_FAILED : EXIT_OK;
}
