/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "match.h"

enum { PATH_MAX_LEN = 200 };

struct json_object *member(struct json_object *object, const char *path)
{
	char name[64];

	while (*path) {
		size_t len = strcspn(path, ".");

		if (len >= sizeof(name) || !json_object_is_type(object, json_type_object))
			return NULL;
		memcpy(name, path, len);
		name[len] = '\0';
		if (!json_object_object_get_ex(object, name, &object))
			return NULL;
		path += len + (path[len] == '.');
	}
	return object;
}

__attribute__((format(printf, 2, 3))) static bool differs(struct why *why, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(why->text, sizeof(why->text), fmt, args);
	va_end(args);
	return false;
}

static bool differs_at(struct why *why, const char *path, struct json_object *want,
		       struct json_object *have)
{
	return differs(why, "%s: want %.150s, have %.150s", path,
		       json_object_to_json_string_ext(want, JSON_C_TO_STRING_PLAIN),
		       have ? json_object_to_json_string_ext(have, JSON_C_TO_STRING_PLAIN)
			    : "nothing");
}

static bool is_number(struct json_object *o)
{
	return json_object_is_type(o, json_type_int) || json_object_is_type(o, json_type_double);
}

/* An object with nothing but min and max, at least one of them. */
static bool is_range(struct json_object *o)
{
	int known = 0;

	if (!json_object_is_type(o, json_type_object))
		return false;
	known += is_number(member(o, "min"));
	known += is_number(member(o, "max"));
	return known > 0 && json_object_object_length(o) == known;
}

static bool in_range(struct json_object *range, struct json_object *have)
{
	struct json_object *min = member(range, "min"), *max = member(range, "max");

	return is_number(have) &&
	       (!min || json_object_get_double(have) >= json_object_get_double(min)) &&
	       (!max || json_object_get_double(have) <= json_object_get_double(max));
}

static bool same_scalar(struct json_object *want, struct json_object *have)
{
	if (json_object_is_type(want, json_type_int) && json_object_is_type(have, json_type_int))
		return json_object_equal(want, have);
	if (is_number(want) && is_number(have))
		return json_object_get_double(want) == json_object_get_double(have);
	return json_object_equal(want, have);
}

static bool match_object(struct json_object *want, struct json_object *have, const char *path,
			 struct why *why)
{
	char below[PATH_MAX_LEN];

	if (!json_object_is_type(have, json_type_object))
		return differs_at(why, path, want, have);
	json_object_object_foreach(want, name, value)
	{
		snprintf(below, sizeof(below), "%s%s%s", path, *path ? "." : "", name);
		if (!match_subset(value, member(have, name), below, why))
			return false;
	}
	return true;
}

static bool match_any(struct json_object *want, struct json_object *have, const char *path,
		      struct why *why)
{
	size_t n = json_object_array_length(have);

	for (size_t i = 0; i < n; i++)
		if (match_subset(want, json_object_array_get_idx(have, i), path, why))
			return true;
	if (n == 1)
		return false; /* the reason for that one says most */
	return differs_at(why, path, want, have);
}

static bool match_array(struct json_object *want, struct json_object *have, const char *path,
			struct why *why)
{
	char below[PATH_MAX_LEN];

	if (!json_object_is_type(have, json_type_array))
		return differs_at(why, path, want, have);
	if (!json_object_array_length(want))
		return !json_object_array_length(have) || differs_at(why, path, want, have);
	for (size_t i = 0; i < json_object_array_length(want); i++) {
		snprintf(below, sizeof(below), "%s[%zu]", path, i);
		if (!match_any(json_object_array_get_idx(want, i), have, below, why))
			return false;
	}
	return true;
}

bool match_subset(struct json_object *want, struct json_object *have, const char *path,
		  struct why *why)
{
	if (is_range(want))
		return in_range(want, have) || differs_at(why, path, want, have);
	if (json_object_is_type(want, json_type_object))
		return match_object(want, have, path, why);
	if (json_object_is_type(want, json_type_array))
		return match_array(want, have, path, why);
	return same_scalar(want, have) || differs_at(why, path, want, have);
}

static bool contains(struct json_object *array, struct json_object *value)
{
	if (!json_object_is_type(array, json_type_array))
		return false;
	for (size_t i = 0; i < json_object_array_length(array); i++)
		if (same_scalar(json_object_array_get_idx(array, i), value))
			return true;
	return false;
}

/* Where the order in which the kernel asks is not seen: of several in the way, one is it. */
static bool match_blocking(struct json_object *want, struct json_object *holders, struct why *why)
{
	int blocking = 0;

	for (size_t i = 0; holders && i < json_object_array_length(holders); i++) {
		struct json_object *holder = json_object_array_get_idx(holders, i);

		if (!json_object_get_boolean(member(holder, "blocks")))
			continue;
		blocking++;
		if (match_subset(want, holder, "culprit_holder", why))
			return true;
	}
	return blocking > 1 ? false : differs(why, "holders: one is in the way, and no culprit");
}

static bool match_culprit(struct json_object *want, struct json_object *event, bool order_unseen,
			  struct why *why)
{
	struct json_object *holders = member(event, "holders");
	struct json_object *found = NULL;
	int culprits = 0;

	for (size_t i = 0; holders && i < json_object_array_length(holders); i++) {
		struct json_object *holder = json_object_array_get_idx(holders, i);

		if (json_object_get_boolean(member(holder, "culprit"))) {
			culprits++;
			found = holder;
		}
	}
	if (!culprits && order_unseen)
		return match_blocking(want, holders, why);
	if (culprits != 1)
		return differs(why, "holders: want one with culprit true, have %d", culprits);
	return match_subset(want, found, "culprit_holder", why);
}

enum { KTHREADD = 2 };

/* pid, when known (0 and null are not), is in allowed. */
static bool pid_allowed(struct json_object *process, struct json_object *allowed, const char *where,
			struct why *why)
{
	struct json_object *pid = member(process, "pid");

	if (!pid || !json_object_get_int64(pid) || contains(allowed, pid))
		return true;
	return differs(why, "%s names process %s, which has nothing to do with it", where,
		       json_object_get_string(pid));
}

static bool holder_allowed(struct json_object *holder, struct json_object *allowed, struct why *why)
{
	struct json_object *processes = member(holder, "processes");
	struct json_object *opener = member(holder, "bound_by");

	/* a socket of the kernel's own may have been opened by a thread of its own */
	if (json_object_get_boolean(member(holder, "kernel")) &&
	    json_object_get_int64(member(opener, "ppid")) == KTHREADD)
		opener = NULL;
	for (size_t i = 0; processes && i < json_object_array_length(processes); i++)
		if (!pid_allowed(json_object_array_get_idx(processes, i), allowed,
				 "a holder's processes[]", why))
			return false;
	return pid_allowed(opener, allowed, "a holder's bound_by", why) &&
	       pid_allowed(member(holder, "time_wait.closed_by"), allowed, "a holder's closed_by",
			   why);
}

static bool match_pids(struct json_object *allowed, struct json_object *event, struct why *why)
{
	struct json_object *holders = member(event, "holders");

	for (size_t i = 0; holders && i < json_object_array_length(holders); i++)
		if (!holder_allowed(json_object_array_get_idx(holders, i), allowed, why))
			return false;
	return true;
}

static bool match_not_advised(struct json_object *actions, struct json_object *event, bool only_now,
			      struct why *why)
{
	struct json_object *advice = member(event, "advice");

	for (size_t i = 0; advice && i < json_object_array_length(advice); i++) {
		struct json_object *one = json_object_array_get_idx(advice, i);
		const char *effective = json_object_get_string(member(one, "effective"));

		if (only_now && (!effective || strcmp(effective, "now")))
			continue;
		if (contains(actions, member(one, "action")))
			return differs(why, "advice: %s%s does not help here",
				       json_object_get_string(member(one, "action")),
				       only_now ? " with effect now" : "");
	}
	return true;
}

bool match_event(struct json_object *want, struct json_object *event, struct why *why)
{
	json_object_object_foreach(want, name, value)
	{
		bool ok;

		if (!strcmp(name, "culprit_holder"))
			ok = match_culprit(value, event,
					   json_object_get_boolean(member(want, "order_unseen")),
					   why);
		else if (!strcmp(name, "no_other_pids"))
			ok = !json_object_get_boolean(value) ||
			     match_pids(member(want, "allowed_pids"), event, why);
		else if (!strcmp(name, "allowed_pids") || !strcmp(name, "order_unseen"))
			ok = true;
		else if (!strncmp(name, "not_advised", strlen("not_advised")))
			ok = match_not_advised(value, event, !strcmp(name, "not_advised_now"), why);
		else
			ok = match_subset(value, member(event, name), name, why);
		if (!ok)
			return false;
	}
	return true;
}
