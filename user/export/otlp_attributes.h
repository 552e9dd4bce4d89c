/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The attributes of a log record. They are taken from the line itself, by tables: what a key is called there, and what
 * the semantic conventions call it. What these have no word for is called bindtrace.*.
 */
#ifndef BT_OTLP_ATTRIBUTES_H
#define BT_OTLP_ATTRIBUTES_H

#include "export/line.h"

struct json_object;

/* Of a line that has a record (docs/export.md has the table of keys). The caller puts the list. */
struct json_object *otlp_attributes(const struct export_line *l);

#endif /* BT_OTLP_ATTRIBUTES_H */
