/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What logs that people read have in common: the sentence of a line, and how bad it is. */
#ifndef BT_EXPORT_LOG_MESSAGE_H
#define BT_EXPORT_LOG_MESSAGE_H

#include <stdbool.h>

#include "base/text.h"
#include "export/line.h"

/* Longer than any: an event's own texts, each byte of a task's escaped to \xNN. */
enum { LOG_MESSAGE_MAX = 4096 };

/* Whether it has a place in a log: every line of a stream that this bindtrace knows. */
bool log_message_wanted(const struct export_line *line);

/*
 * Adds what a line tells, in one line that needs no other to be understood, fit for any terminal:
 * "bind refused: tcp 127.0.0.1:8000 EADDRINUSE, python3[4242]; another socket listens there; held by nginx[812]".
 */
void log_message_add(struct text *t, const struct export_line *line);

/* A severity of RFC 5424 and <syslog.h>: LOG_ERR, LOG_WARNING, LOG_NOTICE or LOG_INFO. */
int log_message_severity(const struct export_line *line);

/* The process that was refused, or got the port. NULL: the line is about none that is known. */
const struct process *log_message_process(const struct export_line *line);

/* Who is in the way: whose command is pid and comm. NULL: nobody, or nobody knows. */
const struct process *log_message_holder(const struct export_line *line);

#endif /* BT_EXPORT_LOG_MESSAGE_H */
