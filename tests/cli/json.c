// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * json PATH...: reads JSON objects, one a line, and prints the members at the paths ("process.pid"), a
 * line for each object, "-" for those it has not. Exit status 1: a line was no JSON object. Whole lines of the schema are
 * appended to the file that BINDTRACE_SEEN names, to be held against the schema (tests/install/schema.py).
 */
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/storm/tracer.h"

int main(int argc, char **argv)
{
	const char *name = getenv("BINDTRACE_SEEN");
	int seen = name ? open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644) : -1;
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	int status = 0;

	while ((len = getline(&line, &size, stdin)) > 0) {
		struct json_object *o = json_tokener_parse(line);

		if (!json_object_is_type(o, json_type_object)) {
			fprintf(stderr, "no JSON object: %s", line);
			status = 1;
		} else if (seen >= 0 && json_member(o, "schema") && strchr(line, '\n') &&
			   write(seen, line, (size_t)len) !=
				   len) { /* at once: others append, too */
			perror(name);
			status = 1;
		}
		for (int i = 1; i < argc && o; i++) {
			struct json_object *member = json_member(o, argv[i]);

			printf("%s%s", i > 1 ? " " : "",
			       member ? json_object_get_string(member) : "-");
		}
		printf("\n");
		json_object_put(o);
	}
	free(line);
	if (seen >= 0)
		close(seen);
	return status;
}
