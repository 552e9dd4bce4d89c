// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * bindtrace-export with one way out, that delivers at once and remembers: --textfile FILE.prom is where each line goes,
 * behind those that are there. So a test can tell what comes twice, or not at all.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/log.h"
#include "export/classes.h"
#include "export/options.h"

struct exporter {
	int fd;
};

static bool ledger_wanted(const struct options *o)
{
	return o->textfile;
}

/* What kill -9 has cut short was not delivered. */
static int cut_back(int fd)
{
	off_t end = lseek(fd, 0, SEEK_END);
	char byte;

	while (end > 0 && pread(fd, &byte, 1, end - 1) == 1 && byte != '\n')
		end--;
	return ftruncate(fd, end);
}

static int ledger_open(struct exporter **out, const struct options *o, struct metrics *m)
{
	struct exporter *e = calloc(1, sizeof(*e));

	(void)m;
	if (!e)
		return EXIT_FAILED;
	*out = e;
	e->fd = open(o->textfile, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	return e->fd < 0 || cut_back(e->fd) ? EXIT_FAILED : EXIT_OK;
}

static void ledger_line(struct exporter *e, const struct export_line *line)
{
	const struct iovec whole[] = { { (void *)line->bytes, line->n }, { (void *)"\n", 1 } };

	if (writev(e->fd, whole, 2) != (ssize_t)line->n + 1)
		log_error("cannot write the ledger: %s", strerror(errno));
}

static void ledger_close(struct exporter *e, uint64_t patience_ns)
{
	(void)patience_ns;
	close(e->fd);
	free(e);
}

static const struct exporter_class ledger = {
	.name = "ledger",
	.wanted = ledger_wanted,
	.open = ledger_open,
	.line = ledger_line,
	.close = ledger_close,
};

const struct exporter_class *const exporter_classes[] = { &ledger, NULL };
