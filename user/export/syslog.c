// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Syslog: the socket of this machine, or a collector by UDP (RFC 5426) or TCP (RFC 6587, octet counting). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/log.h"
#include "export/exporter.h"
#include "export/log_message.h"
#include "export/options.h"
#include "export/sender.h"
#include "export/syslog_message.h"
#include "export/syslog_target.h"

struct exporter {
	struct syslog_target target;
	struct syslog_style style;
	struct sender *sender;
};

static bool syslog_wanted(const struct options *o)
{
	return o->syslog;
}

static int syslog_connect(const void *where, int stop_fd)
{
	return syslog_target_connect(where, stop_fd);
}

/* A collector never says anything, but its end may have come: what is sent after that is lost. */
static ssize_t syslog_send(int fd, const char *bytes, size_t n)
{
	char said[256];
	ssize_t heard, sent;

	do {
		heard = recv(fd, said, sizeof(said), MSG_DONTWAIT);
	} while (heard > 0);
	if (!heard)
		return -EPIPE;
	if (errno != EAGAIN)
		return -errno;
	sent = send(fd, bytes, n, MSG_NOSIGNAL);
	return sent < 0 ? -errno : sent;
}

static const struct sender_class syslog_sender = {
	.name = "syslog",
	.connect = syslog_connect,
	.send = syslog_send,
};

static int syslog_open(struct exporter **out, const struct options *o, struct metrics *m)
{
	struct exporter *e = calloc(1, sizeof(*e));
	int err = 0;

	*out = e;
	if (!e) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	if (!syslog_target_parse(&e->target, o->syslog)) {
		log_error("'%s' is no place for syslog; write unix:/dev/log, udp:HOST:PORT or "
			  "tcp:HOST:PORT",
			  o->syslog);
		return EXIT_USAGE;
	}
	e->style = (struct syslog_style){ .local = e->target.family == AF_UNIX,
					  .counted = e->target.type == SOCK_STREAM,
					  .json = o->syslog_json };
	e->sender = sender_new(&syslog_sender, &e->target, o->syslog, o->queue_bytes, m);
	if (!e->sender) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	/* a collector may be down, or its name not known yet; the socket of this machine should be there */
	if (e->target.family == AF_UNIX)
		err = sender_connect(e->sender);
	if (!err)
		return EXIT_OK;
	log_error("cannot reach syslog at %s: %s; does a syslog daemon run?", e->target.host,
		  strerror(-err));
	return EXIT_FAILED;
}

static int syslog_start(struct exporter *e)
{
	int err = sender_start(e->sender);

	if (err)
		log_error("cannot start a thread for syslog: %s", strerror(-err));
	return err ? EXIT_FAILED : EXIT_OK;
}

static void syslog_line(struct exporter *e, const struct export_line *line)
{
	size_t n = 0;
	char *message;

	if (!log_message_wanted(line))
		return;
	message = syslog_message(line, &e->style, &n);
	sender_put(e->sender, message, n, line->refusals);
}

static bool syslog_full(struct exporter *e)
{
	return sender_full(e->sender);
}

static uint64_t syslog_pending(struct exporter *e)
{
	return sender_pending(e->sender);
}

static void syslog_close(struct exporter *e, uint64_t patience_ns)
{
	if (e && sender_close(e->sender, patience_ns))
		free(e);
}

const struct exporter_class exporter_syslog = {
	.name = "syslog",
	.wanted = syslog_wanted,
	.open = syslog_open,
	.start = syslog_start,
	.line = syslog_line,
	.full = syslog_full,
	.pending = syslog_pending,
	.close = syslog_close,
};
