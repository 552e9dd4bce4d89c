// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The metrics as a file for node_exporter's textfile collector: always whole, as it takes the place of the one before
 * it, and at most one a second. A thread of its own writes it, as disks may be slow.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "export/every.h"
#include "export/exporter.h"
#include "export/options.h"
#include "export/prometheus_text.h"

enum { NAME_SIZE = 256 };

struct exporter {
	struct metrics *metrics;
	const char *path;
	char name[NAME_SIZE], new[NAME_SIZE + 4]; /* in the folder; only *.prom is collected */
	int folder;
	char *page; /* what the file holds */
	bool failing;
	struct every every;
};

static bool textfile_wanted(const struct options *o)
{
	return o->textfile;
}

static int textfile_folder(const struct exporter *e)
{
	return e->folder;
}

static int textfile_open(struct exporter **out, const struct options *o, struct metrics *m)
{
	const char *slash = strrchr(o->textfile, '/'), *name = slash ? slash + 1 : o->textfile;
	struct exporter *e = calloc(1, sizeof(*e));
	char *folder = e ? strdup(o->textfile) : NULL;

	*out = e;
	if (!folder) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	e->metrics = m;
	e->path = o->textfile;
	snprintf(e->name, sizeof(e->name), "%s", name);
	snprintf(e->new, sizeof(e->new), "%s.new", e->name);
	e->folder = open(dirname(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(folder);
	if (e->folder >= 0)
		return EXIT_OK;
	log_error("cannot write %s: %s", e->path, strerror(errno));
	return EXIT_FAILED;
}

/* The flags are those that privilege_confine() lets through. */
static int write_page(const struct exporter *e, const char *page)
{
	int fd = openat(e->folder, e->new, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
			0644);
	int err;

	if (fd < 0)
		return -errno;
	err = fchmod(fd, 0644) ? -errno : write_all(fd, page, strlen(page));
	/* some file systems say only now that there was no room */
	if (close(fd) && !err)
		err = -errno;
	if (!err && renameat(e->folder, e->new, e->folder, e->name))
		err = -errno;
	if (err)
		unlinkat(e->folder, e->new, 0);
	return err;
}

/* 0, also when the file would be as it is; -errno. */
static int refresh(struct exporter *e, uint64_t realtime_ns)
{
	char *page = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&page, &n);
	int err = out ? prometheus_text(out, e->metrics, realtime_ns, PROMETHEUS_FILE) : -ENOMEM;

	if (out && fclose(out) && !err)
		err = -ENOMEM;
	if (!err && e->page && !strcmp(page, e->page)) {
		free(page);
		return 0;
	}
	if (!err)
		err = write_page(e, page);
	if (err) {
		free(page);
		return err;
	}
	free(e->page);
	e->page = page;
	return 0;
}

/* Counted each time, said once. */
static void refresh_or_count(struct exporter *e, uint64_t realtime_ns)
{
	int err = refresh(e, realtime_ns);

	if (err)
		metrics_export_errors(e->metrics, "textfile", 1);
	if (err && !e->failing)
		log_warning("cannot write %s: %s; it stays as it is until that works again",
			    e->path, strerror(-err));
	e->failing = err;
}

static uint64_t now_ns(void)
{
	return clock_realtime_ns(clock_boottime_ns(), clock_offset_ns());
}

static void keep_fresh(void *context)
{
	refresh_or_count(context, now_ns());
}

static int textfile_start(struct exporter *e)
{
	int err;

	metrics_export_errors(e->metrics, "textfile", 0);
	err = refresh(e, now_ns());
	if (err == -EACCES || err == -EPERM)
		log_error("cannot write %s as user %u: %s; its folder must be that user's", e->path,
			  geteuid(), strerror(-err));
	else if (err)
		log_error("cannot write %s: %s", e->path, strerror(-err));
	if (err)
		return EXIT_FAILED;
	err = every_start(&e->every, 1, keep_fresh, e);
	if (err)
		log_error("cannot start a thread: %s", strerror(-err));
	return err ? EXIT_FAILED : EXIT_OK;
}

/* What it tells of is counted before any exporter is asked. */
static void textfile_line(struct exporter *e, const struct export_line *line)
{
	(void)e;
	(void)line;
}

/* The last page has no port that will free: nobody would take it away then. */
static void textfile_close(struct exporter *e, uint64_t patience_ns)
{
	(void)patience_ns;
	if (e->every.running) {
		every_stop(&e->every);
		refresh_or_count(e, UINT64_MAX);
	}
	if (e->folder >= 0)
		close(e->folder);
	free(e->page);
	free(e);
}

const struct exporter_class exporter_textfile = {
	.name = "textfile",
	.wanted = textfile_wanted,
	.open = textfile_open,
	.folder = textfile_folder,
	.start = textfile_start,
	.line = textfile_line,
	.close = textfile_close,
};
