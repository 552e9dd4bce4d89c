// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "base/log.h"

#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"

static enum log_level threshold = LOG_LEVEL_WARNING;

void log_set_level(enum log_level level)
{
	threshold = level;
}

enum log_level log_get_level(void)
{
	return threshold;
}

static volatile sig_atomic_t shown; /* whether a status line stands */

void log_status(const char *line)
{
	char shows[1024], bytes[sizeof(shows) + 16];
	struct winsize size;
	struct text t;

	if (!line && !shown)
		return;
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		size.ws_col = 80;
	/* one that fills the last column would go on in the next row, and stay there */
	text_init(&t, shows, size.ws_col < sizeof(shows) ? size.ws_col : sizeof(shows));
	if (line)
		text_escape(&t, line, strlen(line));
	shown = line != NULL;
	text_init(&t, bytes, sizeof(bytes));
	text_printf(&t, "\r%s\033[K", shows);
	(void)write_all(STDERR_FILENO, t.buf, t.len);
}

void log_status_erase(void)
{
	static const char erase[] = "\r\033[K";

	if (shown && write(STDERR_FILENO, erase, sizeof(erase) - 1) > 0)
		shown = false;
}

/* A path may be as long as PATH_MAX, and what is wrong with it stands behind it. */
enum { LONGEST = PATH_MAX + 1024 };

static void put(enum log_level level, const char *format, va_list args)
{
	char raw[LONGEST], line[4 * sizeof(raw) + 32];
	struct text t;

	if (level > threshold)
		return;
	log_status(NULL);
	vsnprintf(raw, sizeof(raw), format, args);
	text_init(&t, line, sizeof(line));
	text_add(&t, "bindtrace: ");
	text_escape(&t, raw, strlen(raw));
	text_add(&t, "\n");
	/* nowhere is left to complain when stderr is gone */
	(void)write_all(STDERR_FILENO, t.buf, t.len);
}

#define LOG_FUNCTION(name, level)                                                                  \
	void name(const char *format, ...)                                                         \
	{                                                                                          \
		va_list args;                                                                      \
                                                                                                   \
		va_start(args, format);                                                            \
		put(level, format, args);                                                          \
		va_end(args);                                                                      \
	}

LOG_FUNCTION(log_error, LOG_LEVEL_ERROR)
LOG_FUNCTION(log_warning, LOG_LEVEL_WARNING)
LOG_FUNCTION(log_info, LOG_LEVEL_INFO)
