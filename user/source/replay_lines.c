// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The recorded lines that are about more than one event, or about none. */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "model/words.h"
#include "source/replay.h"
#include "source/replay_json.h"

int replay_line(struct replay_line *line, const struct value *o, const char **wrong)
{
	struct replay r;

	replay_begin(&r, o, &line->boottime_ns, &line->realtime_ns);
	line->seq = replay_count(&r, o, "seq", UINT64_MAX);
	replay_text(&r, o, "kind", line->kind, sizeof(line->kind));
	replay_text(&r, o, "host", line->host, sizeof(line->host));
	return replay_end(&r, wrong);
}

int replay_coverage(struct coverage *c, const struct value *o, const char **wrong)
{
	struct replay r = { 0 };
	const struct value *coverage = replay_object(&r, o, "coverage");
	const struct value *list = replay_list(&r, coverage, "missing"), *item;

	*c = (struct coverage){ .hook = word_hook(replay_word(&r, coverage, "hook", NULL)),
				.read = word_read(replay_word(&r, coverage, "holders", NULL)) };
	for (item = list ? list->first : NULL; item; item = item->next)
		if (item->type == VALUE_STRING)
			c->missing |= word_missing(item->text);
	return replay_end(&r, wrong);
}

int replay_origin(struct story_origin *from, const struct value *o, const char **wrong)
{
	struct replay r = { 0 };

	*from = (struct story_origin){ 0 };
	replay_text(&r, o, "kernel", from->kernel, sizeof(from->kernel));
	replay_text(&r, o, "machine", from->machine, sizeof(from->machine));
	replay_text(&r, o, "version", from->version, sizeof(from->version));
	return replay_end(&r, wrong);
}

uint16_t replay_errno(struct replay *r, const struct value *o)
{
	uint16_t number = (uint16_t)replay_count(r, o, "errno_number", 4095);
	const char *name = replay_word(r, o, "errno", NULL);
	int here;

	if (name && !strcmp(name, errno_name(number)))
		return number;
	here = name ? errno_number(name) : -1;
	return here > 0 ? (uint16_t)here : number;
}

uint16_t replay_path(struct replay *r, const struct value *o, char path[BT_PATH_LEN])
{
	size_t n = 0;
	const char *name = replay_word(r, o, "address", &n);

	if (!name)
		return 0;
	n = n < BT_PATH_LEN ? n : BT_PATH_LEN;
	memcpy(path, name, n);
	if (n && path[0] == '@')
		path[0] = '\0';
	return (uint16_t)n;
}

void replay_repeat(struct replay *r, const struct value *line, struct repeat *repeat)
{
	const struct value *o = replay_object(r, line, "repeat");

	repeat->count = replay_count(r, o, "count", UINT64_MAX);
	repeat->first_ns = replay_time(r, o, "first_time");
	repeat->incident = replay_count(r, o, "incident", UINT64_MAX);
	repeat->adds = replay_adds(r, o);
	repeat->since_ns = (uint64_t)replay_seconds(r, o, "since_s");
}

int replay_folded(struct folded *of, struct repeat *repeat, const struct value *o,
		  const char **wrong)
{
	uint64_t boottime_ns, realtime_ns;
	const struct value *who;
	struct bt_sock s = { 0 };
	struct replay r;

	*of = (struct folded){ 0 };
	replay_begin(&r, o, &boottime_ns, &realtime_ns);
	replay_socket(&r, o, &s);
	who = replay_object(&r, o, "process");
	of->key = (struct bt_fold_key){
		.pid = (uint32_t)replay_count(&r, who, "pid", UINT32_MAX),
		.netns = (uint32_t)replay_count(&r, o, "netns", UINT32_MAX),
		.port = s.port,
		.protocol = s.protocol,
		.error = replay_errno(&r, o),
		.operation = word_operation(replay_word(&r, o, "operation", NULL)),
		.ifindex = s.ifindex,
		.family = (uint8_t)s.family,
	};
	memcpy(of->key.addr, s.addr, sizeof(of->key.addr));
	replay_text(&r, who, "comm", of->comm, sizeof(of->comm));
	of->named = replay_word(&r, o, "address", NULL) != NULL;
	if (s.family == AF_UNIX)
		of->path_len = replay_path(&r, o, of->path);
	replay_repeat(&r, o, repeat);
	return replay_end(&r, wrong);
}

int replay_resolved(struct resolution *story, struct process *who, const struct value *o,
		    const char **wrong)
{
	uint64_t boottime_ns, realtime_ns;
	const char *how;
	struct replay r;

	replay_begin(&r, o, &boottime_ns, &realtime_ns);
	*story = (struct resolution){
		.incident = replay_count(&r, o, "incident", UINT64_MAX),
		.operation = word_operation(replay_word(&r, o, "operation", NULL)),
		.netns = (uint32_t)replay_count(&r, o, "netns", UINT32_MAX),
		.refusals = replay_count(&r, o, "refusals", UINT64_MAX),
	};
	story->adds = replay_adds(&r, o);
	story->after_ns = (uint64_t)replay_seconds(&r, o, "after_s");
	/* of another end than this one we could only say what is not so */
	how = replay_word(&r, o, "how", NULL);
	if (how && strcmp(how, "bound") != 0)
		r.wrong = "how";
	replay_socket(&r, o, &story->asked);
	replay_process(&r, NULL, replay_object(&r, o, "process"), who);
	return replay_end(&r, wrong);
}

int replay_lost(uint64_t *count, bool *unwritten, const struct value *o, const char **wrong)
{
	struct replay r = { 0 };
	const char *stage = replay_word(&r, o, "stage", NULL);

	*count = replay_count(&r, o, "count", UINT64_MAX);
	*unwritten = stage && !strcmp(stage, "recording");
	return replay_end(&r, wrong);
}

int replay_clock(struct clock_change *change, const struct value *o, const char **wrong)
{
	struct replay r = { 0 };
	int64_t slept_ns = replay_seconds(&r, o, "slept_s");

	*change = (struct clock_change){ .set_ns = replay_seconds(&r, o, "set_by_s"),
					 .slept_ns = slept_ns > 0 ? (uint64_t)slept_ns : 0 };
	return replay_end(&r, wrong);
}

int replay_totals(struct totals *t, bool *goes_on, const struct value *o, const char **wrong)
{
	struct replay r = { 0 };
	const struct value *reasons = replay_object(&r, o, "by_reason");

	*t = (struct totals){
		.printed = replay_count(&r, o, "printed", UINT64_MAX),
		.folded = replay_count(&r, o, "folded", UINT64_MAX),
		.lost = replay_count(&r, o, "lost", UINT64_MAX),
		.states_missed = replay_count(&r, o, "states_missed", UINT64_MAX),
		.filters_missed = replay_count(&r, o, "filters_missed", UINT64_MAX),
		.ends_missed = replay_count(&r, o, "ends_missed", UINT64_MAX),
	};
	for (int i = 0; i < N_REASONS; i++)
		t->by_reason[i] = replay_count(&r, reasons, reason_name(i), UINT64_MAX);
	*goes_on = replay_bool(&r, o, "continued");
	return replay_end(&r, wrong);
}
