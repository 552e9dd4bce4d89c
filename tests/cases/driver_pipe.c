/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Lines out of pipes, a list of objects, the clock. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "driver.h"

enum { CHUNK = 65536 };

uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

uint64_t in_s(uint64_t s)
{
	return now_ns() + s * 1000000000;
}

void add(struct list *list, struct json_object *object)
{
	if (list->n == list->size) {
		list->size = list->size ? list->size * 2 : 64;
		list->items = realloc(list->items, list->size * sizeof(*list->items));
		if (!list->items)
			die("out of memory");
	}
	list->items[list->n++] = object;
}

bool read_lines(struct lines *l, void (*take)(char *line, void *arg), void *arg)
{
	size_t start = 0;
	ssize_t n;
	char *end;

	if (l->size < l->len + CHUNK) {
		l->size = 2 * l->size + CHUNK;
		l->text = realloc(l->text, l->size);
		if (!l->text)
			die("out of memory");
	}
	n = read(l->fd, l->text + l->len, CHUNK);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (n <= 0)
		return false;
	l->len += (size_t)n;
	while ((end = memchr(l->text + start, '\n', l->len - start))) {
		*end = '\0';
		take(l->text + start, arg);
		start = (size_t)(end - l->text) + 1;
	}
	l->len -= start;
	memmove(l->text, l->text + start, l->len);
	return true;
}

const char *json(struct json_object *o)
{
	return json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN |
	                                                 JSON_C_TO_STRING_NOSLASHESCAPE);
}
