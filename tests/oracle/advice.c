/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Advice that a machine can follow: the same socket once more, with the option that is advised. */

#include "oracle.h"

static bool advised_now(struct json_object *event, const char *action)
{
	struct json_object *list = member(event, "advice");

	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct json_object *advice = json_object_array_get_idx(list, i);

		if (!strcmp(word(advice, "action"), action) &&
		    !strcmp(word(advice, "effective"), "now"))
			return true;
	}
	return false;
}

/* A refused listen() leaves its socket bound: the new one takes its place. */
static void retire(struct party *party)
{
	close(party->fd);
	party->fd = -1;
	party->bound = false;
	party->sockets = 0;
}

/* The errno of the same call by a new socket, made like this; 0: it helps. */
static int try_with(struct round *round, struct party *party, const char *operation,
		    const struct spec *spec)
{
	struct party again = { .spec = *spec };
	struct json_object *event;
	int error;

	if (party->sockets)
		retire(party);
	again.fd = open_socket(&again.spec);
	error = check_call(round, &again, "bind", &event);
	json_object_put(event);
	if (!error && strcmp(operation, "bind")) {
		error = check_call(round, &again, operation, &event);
		json_object_put(event);
	}
	close(again.fd);
	return error;
}

/* Does every holder in the way have it and not listen, by what the event itself says? */
static bool reuseaddr_clears(struct json_object *event)
{
	struct json_object *holders = member(event, "holders");
	uint64_t blockers = 0;

	for (size_t i = 0; i < json_object_array_length(holders); i++) {
		struct json_object *holder = json_object_array_get_idx(holders, i);

		if (!is_true(holder, "blocks"))
			continue;
		blockers++;
		if (!is_true(holder, "reuse_address") || !strcmp(word(holder, "state"), "listen"))
			return false;
	}
	return blockers == json_object_get_uint64(member(event, "holder_totals.blocking"));
}

/* It was not advised: then it must not help, unless by the bucket's cache. */
static void try_unadvised_reuseaddr(struct round *round, struct party *party, const char *operation,
				    struct json_object *event)
{
	struct spec spec = party->spec;

	spec.options |= RA;
	if (try_with(round, party, operation, &spec))
		return;
	tally.unadvised++;
	if (reuseaddr_clears(event)) {
		disagree(round, party, event, "SO_REUSEADDR is not advised, but helps at once");
		return;
	}
	printf("note: SO_REUSEADDR helps by the %s, not by the rule: %s(), reason %s\n",
	       round->udp ? "list's order" : "bucket's cache", operation, word(event, "reason"));
}

/* ---- what each action changes; false: nothing that a machine can do */

static bool set_reuseaddr(struct spec *spec, struct json_object *event)
{
	(void)event;
	spec->options |= RA;
	return true;
}

static bool set_reuseport(struct spec *spec, struct json_object *event)
{
	(void)event;
	spec->options |= RP;
	return true;
}

static bool set_v6only(struct spec *spec, struct json_object *event)
{
	(void)event;
	spec->options |= V6ONLY;
	return true;
}

/* The culprit comes first. */
static bool same_user(struct spec *spec, struct json_object *event)
{
	struct json_object *culprit = json_object_array_get_idx(member(event, "holders"), 0);
	struct json_object *uid = member(culprit, "uid");

	if (!uid)
		return false;
	spec->uid = (uid_t)json_object_get_int64(uid);
	return true;
}

/* One that no holder ever asks for; the IPv6 one is there on lo only. */
static bool use_other_address(struct spec *spec, struct json_object *event)
{
	(void)event;
	if (!strchr(spec->address, ':'))
		spec->address = "127.0.0.9";
	else if (!strcmp(spec->address, "::"))
		spec->address = FREE_ADDRESS6;
	else
		spec->address = "::ffff:127.0.0.9";
	return spec->ifindex <= 1 || strcmp(spec->address, FREE_ADDRESS6);
}

void apply_advice(struct round *round, struct party *party, const char *operation,
		  struct json_object *event)
{
	static const struct {
		const char *action;
		bool (*apply)(struct spec *spec, struct json_object *event);
	} actions[] = {
		{ "set_reuseaddr", set_reuseaddr },
		{ "set_reuseport", set_reuseport },
		{ "set_v6only", set_v6only },
		{ "same_user", same_user },
		{ "use_other_address", use_other_address },
	};
	int error;

	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++) {
		struct spec spec = party->spec;

		if (!advised_now(event, actions[i].action) || !actions[i].apply(&spec, event))
			continue;
		tally.advices++;
		error = try_with(round, party, operation, &spec);
		if (error)
			disagree(round, party, event, "%s is advised, but does not help: errno %d",
				 actions[i].action, error);
	}
	if (!(party->spec.options & RA) && !advised_now(event, "set_reuseaddr"))
		try_unadvised_reuseaddr(round, party, operation, event);
}
