/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Does an event say what a case expects? The expectation is a subset of the event:
 *   object   every member given must match the event's member of that name
 *   array    every element given must match some element; [] must be empty
 *   null     the member is absent or null
 *   {"min": a, "max": b}   a number within these bounds, either may be left out
 * and, at the top only,
 *   culprit_holder    matches the element of holders[] whose culprit is true
 *   order_unseen      where several are in the way and none is the culprit, it is one of them
 *   no_other_pids, allowed_pids   the holders name no process but these
 *   not_advised       actions that advice[] must not have
 *   not_advised_now   actions that advice[] must not have with effective "now"
 */
#ifndef CASES_MATCH_H
#define CASES_MATCH_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

/* where it failed, as "holders[0].role: want "listener", have "bound"" */
struct why {
	char text[512];
};

bool match_subset(struct json_object *want, struct json_object *have, const char *path,
		  struct why *why);
bool match_event(struct json_object *want, struct json_object *event, struct why *why);

/* NULL when there is no such member; path is a name or names joined by '.'. */
struct json_object *member(struct json_object *object, const char *path);

#endif /* CASES_MATCH_H */
