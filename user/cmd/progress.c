// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/progress.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

#define SECOND 1000000000ull

/* Ends as it would have without a handler, which has been reset. */
static void on_end(int number)
{
	log_status_erase();
	raise(number);
}

/* Who is ended from the keyboard leaves no half line to the shell. What is ignored (nohup) stays so. */
static void watch_for_end(void)
{
	static const int numbers[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP };
	const struct sigaction ours = { .sa_handler = on_end, .sa_flags = (int)SA_RESETHAND };
	struct sigaction before;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (!sigaction(numbers[i], NULL, &before) && before.sa_handler == SIG_DFL)
			sigaction(numbers[i], &ours, NULL);
}

void progress_begin(struct progress *p)
{
	const char *term = getenv("TERM");

	*p = (struct progress){ .on = isatty(STDERR_FILENO) && !(term && !strcmp(term, "dumb")) &&
				      log_get_level() > LOG_LEVEL_ERROR,
				.shared = isatty(STDOUT_FILENO) };
	if (p->on)
		watch_for_end();
}

void progress_add(struct progress *p, const char *path, int fd)
{
	struct stat st;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		p->on = false;
		return;
	}
	p->size += (uint64_t)st.st_size;
	p->path = path;
	p->files++;
}

/* 1234567 as 1,234,567 */
static void add_grouped(struct text *t, uint64_t n)
{
	if (n >= 1000)
		add_grouped(t, n / 1000);
	text_printf(t, n >= 1000 ? ",%03u" : "%u", (unsigned)(n % 1000));
}

static void show(const struct progress *p)
{
	uint64_t percent = p->bytes < p->size ? 100 * p->bytes / p->size : 100;
	const char *slash = strrchr(p->path, '/');
	char line[512];
	struct text t;

	text_init(&t, line, sizeof(line));
	if (p->files > 1)
		text_printf(&t, "reading %u files: ", p->files);
	else
		text_printf(&t, "reading %.255s: ", slash ? slash + 1 : p->path);
	text_printf(&t, "%" PRIu64 " %%, ", percent);
	add_grouped(&t, p->lines);
	text_add(&t, p->lines == 1 ? " line" : " lines");
	log_status(line);
}

void progress_read(struct progress *p, size_t bytes, uint64_t lines, uint64_t now_ns)
{
	p->bytes += bytes;
	p->lines += lines;
	if (!p->on)
		return;
	if (p->spoke || !p->quiet_ns)
		p->quiet_ns = now_ns;
	p->spoke = false;
	if (now_ns - p->quiet_ns < SECOND || now_ns < p->next_ns)
		return;
	p->next_ns = now_ns + SECOND / 4;
	show(p);
}

void progress_on_read(void *progress, size_t bytes, uint64_t lines)
{
	progress_read(progress, bytes, lines, clock_boottime_ns());
}

void progress_make_way(struct progress *p)
{
	if (!p->on || !p->shared)
		return;
	p->spoke = true;
	log_status(NULL);
}

void progress_end(struct progress *p)
{
	p->on = false;
	log_status(NULL);
}
