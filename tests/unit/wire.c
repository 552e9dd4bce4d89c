// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "wire.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

void wire_same(char *got, const char *wanted)
{
	struct json_object *a = json_tokener_parse(got), *b = json_tokener_parse(wanted);

	assert_non_null(b);
	if (!json_object_equal(a, b))
		fail_msg("%s\ninstead of\n%s", got, wanted);
	json_object_put(a);
	json_object_put(b);
	free(got);
}

void wire_attributes(FILE *out, const struct attribute *a)
{
	fputs("{\"attributes\":[", out);
	for (const char *between = ""; a->key; a++, between = ",") {
		const char *quote = !strcmp(a->kind, TEXT) || !strcmp(a->kind, INT) ? "\"" : "";

		fprintf(out, "%s{\"key\":\"%s\",\"value\":{\"%s\":%s%s%s}}", between, a->key,
			a->kind, quote, a->value, quote);
	}
	fputs("]", out);
}
