/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The JSON of OTLP, as opentelemetry-proto's specification has it: keys in lowerCamelCase, numbers of 64 bits as
 * decimal strings, enums as integers, attributes as a list of {key, value}.
 */
#ifndef BT_OTLP_JSON_H
#define BT_OTLP_JSON_H

#include <json-c/json.h>
#include <stdint.h>

#include "base/value.h"

/* Of what others have written so much is passed on; nothing of bindtrace's own comes near it. */
enum { OTLP_MOST_TEXT = 4096, OTLP_MOST_ITEMS = 128 };

/* A value that was read as an AnyValue; NULL: it is NULL, null, or too deep in others. */
struct json_object *otlp_value(const struct value *v);

/* A list of AnyValues as one. */
struct json_object *otlp_list(struct json_object *list);

/* Adds a member; an AnyValue or other JSON of our own. NULL is left out. */
void otlp_put(struct json_object *o, const char *key, struct json_object *value);

/* Adds a member of 64 bits. */
void otlp_put_u64(struct json_object *o, const char *key, uint64_t value);

/* Adds an attribute. otlp_add() takes an AnyValue, and leaves out NULL; otlp_add_text() leaves out "". */
void otlp_add(struct json_object *attributes, const char *key, struct json_object *value);
void otlp_add_text(struct json_object *attributes, const char *key, const char *text);
void otlp_add_u64(struct json_object *attributes, const char *key, uint64_t value);

/* {"name":"bindtrace","version":...}: who has made the records. */
struct json_object *otlp_scope(void);

/* The JSON of an object, which is let go of; the caller frees it. NULL without memory. */
char *otlp_print(struct json_object *o, size_t *n);

#endif /* BT_OTLP_JSON_H */
