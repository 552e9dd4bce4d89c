/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Messages for the person who started the program: one sentence on stderr, after "bindtrace: ". For
 * cmd and main only; library code returns -errno and says nothing.
 */
#ifndef BT_BASE_LOG_H
#define BT_BASE_LOG_H

enum log_level {
	LOG_LEVEL_ERROR = -1, /* -q */
	LOG_LEVEL_WARNING,    /* unless told otherwise */
	LOG_LEVEL_INFO,	      /* -v */
	LOG_LEVEL_DEBUG,      /* -vv */
};

/* Messages up to this level are printed from now on. */
void log_set_level(enum log_level level);
enum log_level log_get_level(void);

/*
 * A line that stays until the next one takes its place, a message comes, or with NULL: for a terminal, where standard
 * error has to be one. It is cut to the width of it.
 */
void log_status(const char *line);

/* Takes it back, as a signal handler may. */
void log_status_erase(void);

/*
 * One message, without the newline at its end. It is escaped as a whole, so it may quote anything;
 * there is room for the longest path and a sentence about it, what is over that is cut.
 */
__attribute__((format(printf, 1, 2))) void log_error(const char *format, ...);
__attribute__((format(printf, 1, 2))) void log_warning(const char *format, ...);
__attribute__((format(printf, 1, 2))) void log_info(const char *format, ...);

#endif /* BT_BASE_LOG_H */
