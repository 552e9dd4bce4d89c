// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "replayed.h"

#include <stdlib.h>
#include <unistd.h>

static const struct coverage full = { .hook = BT_HOOK_FEXIT, .read = READ_SNAPSHOT };
const struct host_facts replayed_host = { .host = "web1" };
const struct text_options replayed_styles[REPLAYED_STYLES] = {
	{ 0 },
	{ .verbose = 1 },
	{ .wide = true, .timestamps = true },
	{ .verbose = 1, .wide = true, .color = true },
};

char *replayed_text(const struct event *e, const struct text_options *o)
{
	int fd = fixture_open();
	char *text;

	assert_int_equal(text_event(fd, o, e), 0);
	text = fixture_read(fd);
	close(fd);
	return text;
}

char *replayed_line(const struct event *e)
{
	int fd = fixture_open();
	char *line;

	assert_int_equal(json_event(fd, e, &replayed_host, &full), 0);
	line = fixture_read(fd);
	close(fd);
	return line;
}

struct event *replayed_event(const char *line)
{
	struct value_tree tree = { 0 };
	const struct value *o = value_parse(&tree, line, strlen(line));
	struct event *e = malloc(sizeof(*e));
	const char *wrong;

	assert_non_null(o);
	assert_non_null(e);
	if (replay_event(e, o, &wrong))
		fail_msg("%s is wrong in %s", wrong, line);
	value_free(&tree);
	return e;
}

void replayed_same(const struct event *e)
{
	char *line = replayed_line(e), *again, *live, *later;
	struct event *copy = replayed_event(line);
	size_t i;

	for (i = 0; i < REPLAYED_STYLES; i++) {
		live = replayed_text(e, &replayed_styles[i]);
		later = replayed_text(copy, &replayed_styles[i]);
		assert_string_equal(later, live);
		free(live);
		free(later);
	}
	again = replayed_line(copy);
	assert_string_equal(again, line);
	free(again);
	free(line);
	free(copy);
}
