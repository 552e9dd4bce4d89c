/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The JSON of OTLP as it has to be, for the unit tests. */
#ifndef BT_WIRE_H
#define BT_WIRE_H

#include <stdio.h>

#include "fixture.h"

/* An attribute as it has to come. */
struct attribute {
	const char *key, *kind, *value; /* of LIST and BOOL as JSON */
};

#define TEXT   "stringValue"
#define INT    "intValue"
#define DOUBLE "doubleValue"
#define BOOL   "boolValue"
#define LIST   "arrayValue"
#define APP    "{\"values\":[{\"stringValue\":\"python3\"},{\"stringValue\":\"app.py\"}]}"

/* Whatever the order of members; those of lists count as they come. got is freed. */
void wire_same(char *got, const char *wanted);

/* Writes {"attributes":[...], without the brace at the end. */
void wire_attributes(FILE *out, const struct attribute *a);

#endif /* BT_WIRE_H */
