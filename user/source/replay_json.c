// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "source/replay_json.h"

#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/text.h"

#define LONGEST_S 9e9 /* what 63 bits of nanoseconds hold */

static void complain(struct replay *r, const char *key)
{
	if (!r->wrong)
		r->wrong = key;
}

/* NULL when it is absent or null. */
static const struct value *member(struct replay *r, const struct value *o, const char *key,
				  enum value_type type)
{
	const struct value *value = value_member(o, key);

	if (!value || value->type == VALUE_NULL)
		return NULL;
	if (value->type == type)
		return value;
	complain(r, key);
	return NULL;
}

void replay_begin(struct replay *r, const struct value *line, uint64_t *boottime_ns,
		  uint64_t *realtime_ns)
{
	const char *time;

	*r = (struct replay){ 0 };
	*boottime_ns = replay_count(r, line, "boottime_ns", INT64_MAX);
	*realtime_ns = 0;
	time = replay_word(r, line, "time", NULL);
	if (time && clock_parse_rfc3339(time, realtime_ns))
		complain(r, "time");
	r->wall_known = *boottime_ns && *realtime_ns;
	r->offset_ns = (int64_t)(*realtime_ns - *boottime_ns);
}

int replay_end(const struct replay *r, const char **wrong)
{
	*wrong = r->wrong;
	return r->wrong ? -EBADMSG : 0;
}

const struct value *replay_object(struct replay *r, const struct value *o, const char *key)
{
	return member(r, o, key, VALUE_OBJECT);
}

const struct value *replay_list(struct replay *r, const struct value *o, const char *key)
{
	return member(r, o, key, VALUE_LIST);
}

static const struct value *only_object(struct replay *r, const struct value *item, const char *key)
{
	if (!item || item->type == VALUE_OBJECT)
		return item;
	complain(r, key);
	return NULL;
}

const struct value *replay_first(struct replay *r, const struct value *list, const char *key)
{
	return only_object(r, list ? list->first : NULL, key);
}

const struct value *replay_next(struct replay *r, const struct value *item, const char *key)
{
	return only_object(r, item->next, key);
}

uint64_t replay_count(struct replay *r, const struct value *o, const char *key, uint64_t max)
{
	const struct value *value = member(r, o, key, VALUE_COUNT);

	if (!value || value->count <= max)
		return value ? value->count : 0;
	complain(r, key);
	return 0;
}

int64_t replay_adds(struct replay *r, const struct value *o)
{
	return member(r, o, "adds", VALUE_COUNT) ? (int64_t)replay_count(r, o, "adds", INT64_MAX)
						 : -1;
}

bool replay_bool(struct replay *r, const struct value *o, const char *key)
{
	const struct value *value = member(r, o, key, VALUE_BOOL);

	return value && value->count;
}

int8_t replay_maybe(struct replay *r, const struct value *o, const char *key)
{
	const struct value *value = member(r, o, key, VALUE_BOOL);

	return value ? (int8_t)value->count : -1;
}

const char *replay_word(struct replay *r, const struct value *o, const char *key, size_t *n)
{
	const struct value *value = member(r, o, key, VALUE_STRING);

	if (value && n)
		*n = value->n;
	return value ? value->text : NULL;
}

void replay_text(struct replay *r, const struct value *o, const char *key, char *out, size_t size)
{
	const char *word = replay_word(r, o, key, NULL);
	struct text t;

	text_init(&t, out, size);
	if (word)
		text_add(&t, word);
}

int64_t replay_seconds(struct replay *r, const struct value *o, const char *key)
{
	const struct value *value = value_member(o, key);
	double s = LONGEST_S;

	if (!value || value->type == VALUE_NULL)
		return 0;
	if (value->type == VALUE_REAL)
		s = value->real;
	else if (value->type == VALUE_COUNT)
		s = (double)value->count;
	if (s > -LONGEST_S && s < LONGEST_S)
		return llround(s * 1e9);
	complain(r, key);
	return 0;
}

uint64_t replay_time(struct replay *r, const struct value *o, const char *key)
{
	const char *word = replay_word(r, o, key, NULL);
	uint64_t realtime_ns;

	if (!word)
		return 0;
	if (!clock_parse_rfc3339(word, &realtime_ns))
		return r->wall_known ? realtime_ns - (uint64_t)r->offset_ns : 0;
	complain(r, key);
	return 0;
}

bool replay_address(struct replay *r, const struct value *o, const char *key, unsigned family,
		    uint8_t out[16])
{
	const char *word;

	if (family != AF_INET && family != AF_INET6)
		return false;
	word = replay_word(r, o, key, NULL);
	if (!word)
		return false;
	if (inet_pton((int)family, word, out) == 1)
		return true;
	complain(r, key);
	return false;
}
