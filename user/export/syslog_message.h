/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Messages of syslog: RFC 5424 for the network, and what syslog(3) writes for the socket of this machine. */
#ifndef BT_EXPORT_SYSLOG_MESSAGE_H
#define BT_EXPORT_SYSLOG_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "export/line.h"

struct syslog_style {
	bool local; /* "<27>Nov 23 09:41:07 bindtrace: ", which is what listens on /dev/log reads */
	bool counted; /* octet counting of RFC 6587: the length and a space before the message */
	bool json;    /* "@cee: " and the event, with the sentence as its "msg" */
};

/*
 * The message of a line that log_message_wanted(), facility daemon; the caller frees it. NULL: no memory.
 * There is no structured data: its names would need an enterprise number of ours.
 */
char *syslog_message(const struct export_line *line, const struct syslog_style *style, size_t *n);

#endif /* BT_EXPORT_SYSLOG_MESSAGE_H */
