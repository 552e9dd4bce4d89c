/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Lines as log records of OpenTelemetry (docs/export.md has the table of keys). */
#ifndef BT_OTLP_LOGS_H
#define BT_OTLP_LOGS_H

#include "export/line.h"

/* No record is longer: one that would be is made by nobody's bindtrace. */
enum { OTLP_MOST_RECORD = 256 << 10 };

/*
 * The LogRecord of a line as JSON, which the caller frees; NULL for a line that tells of nothing that happened (a
 * header, a footer). observed_ns: when it was read, wall time. 0, -ENOMEM, or -EMSGSIZE.
 */
int otlp_log_record(char **record, size_t *n, const struct export_line *line, uint64_t observed_ns);

#endif /* BT_OTLP_LOGS_H */
