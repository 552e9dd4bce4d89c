// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The journal of systemd, by its native protocol: a datagram an entry, and a sealed memory file for a large one. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "export/exporter.h"
#include "export/journal_entry.h"
#include "export/log_message.h"
#include "export/options.h"
#include "export/sender.h"

#define JOURNAL "/run/systemd/journal/socket"

/* As libsystemd does; the kernel gives what it allows. */
enum { SEND_BUFFER = 8 << 20 };

struct exporter {
	struct sender *sender;
};

static bool journal_wanted(const struct options *o)
{
	return o->journal;
}

static int journal_connect(const void *where, int stop_fd)
{
	const struct sockaddr_un address = { AF_UNIX, JOURNAL };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int size = SEND_BUFFER, err;

	(void)where;
	(void)stop_fd;
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	if (!connect(fd, (const struct sockaddr *)&address, sizeof(address)))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

/* The receiver maps it, and so it must not change any more. */
static int sealed_file(const char *bytes, size_t n)
{
	int fd = memfd_create("journal-entry", MFD_CLOEXEC | MFD_ALLOW_SEALING), err;

	if (fd < 0)
		return -errno;
	err = write_all(fd, bytes, n);
	if (!err &&
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE))
		err = -errno;
	if (!err)
		return fd;
	close(fd);
	return err;
}

/* A datagram of nothing but the file. */
static ssize_t send_file(int fd, const char *bytes, size_t n)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct msghdr message = { .msg_control = &control, .msg_controllen = sizeof(control) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&message);
	int file = sealed_file(bytes, n);
	ssize_t sent;

	if (file < 0)
		return file;
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &file, sizeof(int));
	sent = sendmsg(fd, &message, MSG_NOSIGNAL) < 0 ? -errno : (ssize_t)n;
	close(file);
	return sent;
}

static ssize_t journal_send(int fd, const char *bytes, size_t n)
{
	ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);

	if (sent < 0 && (errno == EMSGSIZE || errno == ENOBUFS))
		return send_file(fd, bytes, n);
	return sent < 0 ? -errno : sent;
}

static const struct sender_class journal_sender = {
	.name = "journal",
	.connect = journal_connect,
	.send = journal_send,
};

static int journal_open(struct exporter **out, const struct options *o, struct metrics *m)
{
	struct exporter *e = calloc(1, sizeof(*e));
	int err;

	*out = e;
	if (e)
		e->sender = sender_new(&journal_sender, NULL, JOURNAL, o->queue_bytes, m);
	if (!e || !e->sender) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	err = sender_connect(e->sender);
	if (!err)
		return EXIT_OK;
	log_error("cannot reach the journal at " JOURNAL ": %s; does systemd-journald run?",
		  strerror(-err));
	return EXIT_FAILED;
}

static int journal_start(struct exporter *e)
{
	int err = sender_start(e->sender);

	if (err)
		log_error("cannot start a thread for the journal: %s", strerror(-err));
	return err ? EXIT_FAILED : EXIT_OK;
}

static void journal_line(struct exporter *e, const struct export_line *line)
{
	size_t n = 0;
	char *entry;

	if (!log_message_wanted(line))
		return;
	entry = journal_entry(line, &n);
	sender_put(e->sender, entry, n, line->refusals);
}

static bool journal_full(struct exporter *e)
{
	return sender_full(e->sender);
}

static uint64_t journal_pending(struct exporter *e)
{
	return sender_pending(e->sender);
}

static void journal_close(struct exporter *e, uint64_t patience_ns)
{
	if (e && sender_close(e->sender, patience_ns))
		free(e);
}

const struct exporter_class exporter_journal = {
	.name = "journal",
	.wanted = journal_wanted,
	.open = journal_open,
	.start = journal_start,
	.line = journal_line,
	.full = journal_full,
	.pending = journal_pending,
	.close = journal_close,
};
