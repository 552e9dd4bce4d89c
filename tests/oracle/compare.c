/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One bind() or listen(): what the kernel answered against what bindtrace says. */

#include <stdarg.h>
#include <sys/stat.h>

#include "bpf/rule.h"
#include "oracle.h"

/* The claims of one event that matter here. */
struct claims {
	uint64_t total, blocking;	   /* of the whole port */
	size_t listed, blockers, culprits; /* of holders[] */
	bool culprit_blocks, whole;	   /* whole: the walk came to its end */
	bool grouped; /* one blocks because the new socket is said to be in a group */
	bool order_unseen; /* of several in the way none is the culprit: an iterator has no order */
};

bool is_true(struct json_object *o, const char *key)
{
	return json_object_get_boolean(member(o, key));
}

const char *word(struct json_object *o, const char *key)
{
	const char *text = json_object_get_string(member(o, key));

	return text ? text : "";
}

void disagree(const struct round *round, const struct party *party, struct json_object *event,
	      const char *fmt, ...)
{
	char text[160];
	va_list args;

	tally.disagreements++;
	printf("DISAGREEMENT %lu: ", tally.disagreements);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n  call by %s\n", describe(&party->spec, text));
	print_round(round);
	printf("  event %s\n",
	       event ? json_object_to_json_string_ext(event, JSON_C_TO_STRING_PLAIN) : "none");
	fflush(stdout);
}

static struct claims claims_of(struct json_object *event)
{
	struct json_object *holders = member(event, "holders");
	struct claims c = {
		.total = json_object_get_uint64(member(event, "holder_totals.total")),
		.blocking = json_object_get_uint64(member(event, "holder_totals.blocking")),
		.listed = holders ? json_object_array_length(holders) : 0,
		.whole = holders && !is_true(event, "holder_totals.truncated") &&
			 !is_true(event, "holder_totals.stale"),
	};

	c.order_unseen = c.blocking > 1 && !strcmp(word(event, "coverage.holders"), "iterator");
	for (size_t i = 0; i < c.listed; i++) {
		struct json_object *holder = json_object_array_get_idx(holders, i);

		c.blockers += is_true(holder, "blocks");
		c.culprits += is_true(holder, "culprit");
		c.grouped |= is_true(holder, "blocks") &&
			     !strcmp(word(holder, "reuseport_refused"), "new_grouped");
		c.culprit_blocks |= is_true(holder, "culprit") && is_true(holder, "blocks");
	}
	return c;
}

/* Sockets on the port that are not the party's own. */
static unsigned others(const struct round *round, const struct party *party)
{
	unsigned n = 0;

	for (unsigned i = 0; i < round->n; i++)
		if (&round->parties[i] != party)
			n += round->parties[i].sockets;
	return n;
}

static const char *wrong_refusal(struct json_object *event, const struct claims *c, int error)
{
	const char *reason = word(event, "reason");

	if (strcmp(word(event, "kind"), "failure"))
		return "the kernel refused, the event says it succeeded";
	if (json_object_get_int(member(event, "errno_number")) != error)
		return "the event has another errno";
	if (error != EADDRINUSE)
		return NULL;
	if (!c->blockers)
		return "the kernel refused, no holder blocks";
	if (c->order_unseen && c->culprits)
		return "a culprit among several, though their order was not seen";
	if (!c->order_unseen && (c->culprits != 1 || !c->culprit_blocks))
		return "not exactly one culprit, which blocks";
	if (!strcmp(reason, "holder_gone") || !strcmp(reason, "other"))
		return "no reason is given";
	if (c->blocking <= BT_QUOTA_BOUND ? c->blockers != c->blocking
					  : c->blockers < BT_QUOTA_BOUND)
		return "totals.blocking is not the number of blocking holders";
	return NULL;
}

static const char *wrong_success(struct json_object *event, const struct claims *c)
{
	if (strcmp(word(event, "kind"), "bound"))
		return "the kernel said yes, the event says it was refused";
	if (c->blocking || c->blockers || c->culprits)
		return "the kernel said yes, a holder blocks";
	return NULL;
}

/* Is it the socket that asked, for what it asked? V6ONLY is left out: bind() itself sets it. */
static bool is_asker(struct json_object *event, const struct spec *spec)
{
	return !strcmp(word(event, "address"), spec->address) &&
	       is_true(event, "socket.reuse_address") == !!(spec->options & RA) &&
	       is_true(event, "socket.reuse_port") == !!(spec->options & RP) &&
	       json_object_get_int64(member(event, "socket.uid")) == spec->uid &&
	       json_object_get_int(member(event, "socket.bound_device")) == spec->ifindex;
}

/*
 * Linux 6.1 looks sockets up by the address of their bucket, not by their own: one on 0.0.0.0 joins the
 * bucket that one on ::ffff:0.0.0.0 has made (inet_bind2_bucket_addr_match), and a mapped address looks
 * past that one (inet_bind2_bucket_match_addr_any). A walk of sockets cannot see whose bucket it is.
 */
static bool hidden_by_bucket(const struct round *round, const struct party *party,
			     struct json_object *event)
{
	struct bt_sock s = as_bt_sock(&party->spec);
	struct json_object *holders = member(event, "holders"), *holder;
	bool made = false;

	if (!bt_is_mapped(&s) || bt_is_any(&s))
		return false;
	for (unsigned i = 0; i < round->n; i++)
		made |= !strcmp(round->parties[i].spec.address, "::ffff:0.0.0.0");
	for (size_t i = 0; i < json_object_array_length(holders); i++) {
		holder = json_object_array_get_idx(holders, i);
		if (is_true(holder, "blocks") && strcmp(word(holder, "address"), "0.0.0.0"))
			return false;
	}
	return made;
}

/* The socket on which the kernel's own walk stopped is told by its inode. */
static bool is_culprit(struct json_object *event, const struct party *party)
{
	struct json_object *first = json_object_array_get_idx(member(event, "holders"), 0);
	struct stat st;

	must(!fstat(party->fd, &st), "fstat failed");
	return is_true(first, "culprit") &&
	       json_object_get_uint64(member(first, "inode")) == st.st_ino;
}

/* What UDP adds: everything about its rule is certain, but for the few lists that the kernel mixes up. */
static const char *wrong_udp(const struct party *party, struct json_object *event,
			     const struct claims *c, int error, const struct udp_answer *answer)
{
	if (!error && !answer->may_pass)
		return "passed, though kernel.md 2.5 says that a socket refuses it";
	if (error && answer->must_pass)
		return "refused, though kernel.md 2.5 says that it passes";
	if (c->blocking != answer->blocking && !(party->spec.grouped && !error))
		return "totals.blocking is not the number of sockets that fail the rule";
	if (error && answer->culprit && !c->order_unseen && !is_culprit(event, answer->culprit))
		return "the culprit is not the socket on which the kernel's walk stops";
	return strcmp(word(event, "protocol"), "udp") ? "the event's protocol is not UDP" : NULL;
}

static const char *wrong(const struct round *round, const struct party *party,
			 struct json_object *event, int error, const struct udp_answer *udp,
			 bool by_cache)
{
	struct claims c = claims_of(event);
	char text[160];
	const char *why = error ? wrong_refusal(event, &c, error) : wrong_success(event, &c);
	bool short_cut = round->udp ? udp->may_pass : by_cache;

	/* no excuse for what the event says wrongly of the new socket itself */
	if (!error && why && c.blocking && (short_cut || hidden_by_bucket(round, party, event)) &&
	    !(c.grouped && !party->spec.grouped)) {
		if (verbose)
			printf("note: passed by the %s, not by the rule: %s %s\n",
			       round->udp ? "list's order" : "bucket",
			       word(event, "operation"), describe(&party->spec, text));
		*(round->udp ? &tally.by_order : &tally.by_cache) += 1;
		why = NULL;
	}
	if (!why && error == EADDRINUSE && by_cache)
		why = "refused, though kernel.md 2.4 says that the bucket's cache passes it";
	if (!why && round->udp && (!error || error == EADDRINUSE))
		why = wrong_udp(party, event, &c, error, udp);
	if (!why && (!error || error == EADDRINUSE) && !c.whole)
		why = "the walk did not come to its end";
	if (!why && !is_asker(event, &party->spec))
		why = "the event's address or socket is not the one that asked";
	if (!why && c.whole && c.total != others(round, party))
		why = "totals.total is not the number of sockets on the port";
	return why;
}

int check_call(struct round *round, struct party *party, const char *operation,
	       struct json_object **event)
{
	bool listening = !strcmp(operation, "listen");
	bool by_cache = !round->udp && cache_passes(&round->cache, &party->spec, listening);
	struct udp_answer udp = { .may_pass = false };
	struct ep ep = at(party->spec.address, round->port);
	int error = 0;
	const char *why;

	if (round->udp)
		udp = udp_answer(round, &party->spec);
	if (listening ? listen(party->fd, 64) : bind(party->fd, &ep.sa, ep.len))
		error = errno;
	*event = next_event(operation, round->port);
	why = *event ? wrong(round, party, *event, error, &udp, by_cache) : "no event came";
	if (why)
		disagree(round, party, *event, "%s(), errno %d: %s", operation, error, why);
	if (error)
		tally.refusals++;
	else if (!round->udp)
		cache_took(&round->cache, &party->spec, listening,
			   !listening && !others(round, party));
	return error;
}

int ask(struct round *round, struct party *party, const char *operation)
{
	bool listening = !strcmp(operation, "listen");
	bool contested = others(round, party) && !round->crowding;
	unsigned long before = tally.disagreements;
	struct json_object *event;
	int error = check_call(round, party, operation, &event);

	if (!error) {
		party->bound = true;
		party->sockets = 1;
		party->state = listening ? LISTENING : BOUND;
		if (round->udp)
			udp_took(round, party);
	} else if (error == EADDRINUSE && event) {
		apply_advice(round, party, operation, event);
	}
	json_object_put(event);
	if (!contested && tally.disagreements == before)
		return error; /* nobody there to disagree about */
	tally.binds++;
	*(error ? &tally.refused : &tally.succeeded) += 1;
	*(tally.disagreements == before ? &tally.passed : &tally.failed) += 1;
	return error;
}
