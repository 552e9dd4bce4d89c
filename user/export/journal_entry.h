/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * An entry of the journal of systemd in its native protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL): fields as
 * "NAME=value\n", or, where the value has a newline, as "NAME\n", its length in 64 bits of little endian, the value
 * and "\n".
 */
#ifndef BT_EXPORT_JOURNAL_ENTRY_H
#define BT_EXPORT_JOURNAL_ENTRY_H

#include <stddef.h>

#include "export/line.h"

/* What journalctl MESSAGE_ID=... finds, and docs/export.md lists: one for each kind of line. */
#define JOURNAL_ID_HEADER   "c7ab28c61d274442b5f5e56d5aa1fe96"
#define JOURNAL_ID_FAILURE  "6d18b6b797ad4a39909bb3f39c398068"
#define JOURNAL_ID_FOLDED   "02503a15f2704138bb357f8634d71193"
#define JOURNAL_ID_RESOLVED "51faf40cdd7441e8898f7cd97849a5ef"
#define JOURNAL_ID_LOST	    "f83a83e6c3bc4f7d8aa82871b1bc3f72"
#define JOURNAL_ID_CLOCK    "26f2e4ca4c6449a381dbc178da3010d5"
#define JOURNAL_ID_FOOTER   "2e5324591ff64868a1338af7c5352222"

/* The entry of a line that log_message_wanted(); the caller frees it. NULL: no memory. */
char *journal_entry(const struct export_line *line, size_t *n);

#endif /* BT_EXPORT_JOURNAL_ENTRY_H */
