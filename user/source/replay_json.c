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
static struct json_object *member(struct replay *r, struct json_object *o, const char *key,
				  enum json_type type)
{
	struct json_object *value = NULL;

	if (!o || !json_object_object_get_ex(o, key, &value) || !value)
		return NULL;
	if (json_object_is_type(value, type))
		return value;
	complain(r, key);
	return NULL;
}

void replay_begin(struct replay *r, struct json_object *line, uint64_t *boottime_ns,
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

struct json_object *replay_object(struct replay *r, struct json_object *o, const char *key)
{
	return member(r, o, key, json_type_object);
}

struct json_object *replay_list(struct replay *r, struct json_object *o, const char *key)
{
	return member(r, o, key, json_type_array);
}

struct json_object *replay_item(struct replay *r, struct json_object *list, size_t i,
				const char *key)
{
	struct json_object *item;

	if (!list || i >= json_object_array_length(list))
		return NULL;
	item = json_object_array_get_idx(list, i);
	if (json_object_is_type(item, json_type_object))
		return item;
	complain(r, key);
	return NULL;
}

uint64_t replay_count(struct replay *r, struct json_object *o, const char *key, uint64_t max)
{
	struct json_object *value = member(r, o, key, json_type_int);
	uint64_t n = value ? json_object_get_uint64(value) : 0; /* a negative one as 0 */

	if (n <= max && (!value || n || !json_object_get_int64(value)))
		return n;
	complain(r, key);
	return 0;
}

int64_t replay_adds(struct replay *r, struct json_object *o)
{
	return member(r, o, "adds", json_type_int) ? (int64_t)replay_count(r, o, "adds", INT64_MAX)
						   : -1;
}

bool replay_bool(struct replay *r, struct json_object *o, const char *key)
{
	return json_object_get_boolean(member(r, o, key, json_type_boolean));
}

int8_t replay_maybe(struct replay *r, struct json_object *o, const char *key)
{
	struct json_object *value = member(r, o, key, json_type_boolean);

	return value ? (int8_t)json_object_get_boolean(value) : -1;
}

const char *replay_word(struct replay *r, struct json_object *o, const char *key, size_t *n)
{
	struct json_object *value = member(r, o, key, json_type_string);

	if (value && n)
		*n = (size_t)json_object_get_string_len(value);
	return value ? json_object_get_string(value) : NULL;
}

void replay_text(struct replay *r, struct json_object *o, const char *key, char *out, size_t size)
{
	const char *word = replay_word(r, o, key, NULL);
	struct text t;

	text_init(&t, out, size);
	if (word)
		text_add(&t, word);
}

int64_t replay_seconds(struct replay *r, struct json_object *o, const char *key)
{
	struct json_object *value = NULL;
	double s;

	if (!json_object_object_get_ex(o, key, &value) || !value)
		return 0;
	s = json_object_get_double(value);
	if ((json_object_is_type(value, json_type_double) ||
	     json_object_is_type(value, json_type_int)) &&
	    s > -LONGEST_S && s < LONGEST_S)
		return llround(s * 1e9);
	complain(r, key);
	return 0;
}

uint64_t replay_time(struct replay *r, struct json_object *o, const char *key)
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

bool replay_address(struct replay *r, struct json_object *o, const char *key, unsigned family,
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
