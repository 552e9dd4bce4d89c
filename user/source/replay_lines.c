// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The recorded lines that are about more than one event, or about none. */
#include <netinet/in.h>
#include <string.h>

#include "model/words.h"
#include "source/replay.h"
#include "source/replay_json.h"

int replay_line(struct replay_line *line, struct json_object *o, const char **wrong)
{
	struct replay r;

	replay_begin(&r, o, &line->boottime_ns, &line->realtime_ns);
	line->seq = replay_count(&r, o, "seq", UINT64_MAX);
	replay_text(&r, o, "kind", line->kind, sizeof(line->kind));
	replay_text(&r, o, "host", line->host, sizeof(line->host));
	return replay_end(&r, wrong);
}

int replay_coverage(struct coverage *c, struct json_object *o, const char **wrong)
{
	struct replay r = { 0 };
	struct json_object *coverage = replay_object(&r, o, "coverage");
	struct json_object *list = replay_list(&r, coverage, "missing"), *item;
	size_t n = list ? json_object_array_length(list) : 0;

	*c = (struct coverage){ .hook = word_hook(replay_word(&r, coverage, "hook", NULL)),
				.read = word_read(replay_word(&r, coverage, "holders", NULL)) };
	for (size_t i = 0; i < n; i++) {
		item = json_object_array_get_idx(list, i);
		if (json_object_is_type(item, json_type_string))
			c->missing |= word_missing(json_object_get_string(item));
	}
	return replay_end(&r, wrong);
}

int replay_resolved(struct resolution *story, struct process *who, struct json_object *o,
		    const char **wrong)
{
	uint64_t boottime_ns, realtime_ns;
	struct replay r;

	replay_begin(&r, o, &boottime_ns, &realtime_ns);
	*story = (struct resolution){
		.incident = replay_count(&r, o, "incident", UINT64_MAX),
		.operation = word_operation(replay_word(&r, o, "operation", NULL)),
		.netns = (uint32_t)replay_count(&r, o, "netns", UINT32_MAX),
		.refusals = replay_count(&r, o, "refusals", UINT64_MAX),
	};
	story->after_ns = (uint64_t)replay_seconds(&r, o, "after_s");
	replay_socket(&r, o, &story->asked);
	replay_process(&r, NULL, replay_object(&r, o, "process"), who);
	return replay_end(&r, wrong);
}

int replay_lost(uint64_t *count, struct json_object *o, const char **wrong)
{
	struct replay r = { 0 };

	*count = replay_count(&r, o, "count", UINT64_MAX);
	return replay_end(&r, wrong);
}

int replay_totals(struct totals *t, bool *goes_on, struct json_object *o, const char **wrong)
{
	struct replay r = { 0 };
	struct json_object *reasons = replay_object(&r, o, "by_reason");

	*t = (struct totals){
		.printed = replay_count(&r, o, "printed", UINT64_MAX),
		.folded = replay_count(&r, o, "folded", UINT64_MAX),
		.lost = replay_count(&r, o, "lost", UINT64_MAX),
		.states_missed = replay_count(&r, o, "states_missed", UINT64_MAX),
	};
	for (int i = 0; i < N_REASONS; i++)
		t->by_reason[i] = replay_count(&r, reasons, reason_name(i), UINT64_MAX);
	*goes_on = replay_bool(&r, o, "continued");
	return replay_end(&r, wrong);
}
