// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A recorded refusal or success, back into an event. */
#include "source/replay.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "base/text.h"
#include "model/endpoint.h"
#include "model/words.h"
#include "source/replay_json.h"

/* What was asked for; without an address in the line, endpoint_asked() must say so. */
static void take_asked(struct replay *r, const struct value *o, struct bt_record *rec)
{
	struct bt_sock *s = &rec->sock;

	replay_socket(r, o, s);
	if (s->family == AF_UNIX)
		rec->path_len = replay_path(r, o, rec->path);
	rec->sa_family = s->family;
	rec->addr_len =
		s->family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
	rec->more_len = replay_bool(r, o, "several_addresses");
	if (s->protocol == IPPROTO_RAW)
		rec->bound_port = (uint16_t)replay_count(r, o, "ip_protocol", UINT16_MAX);
	if (replay_word(r, o, "address", NULL))
		return;
	rec->sa_family = (uint16_t)replay_count(r, o, "given_family", UINT16_MAX);
	rec->addr_len = (uint16_t)replay_count(r, o, "given_length", UINT16_MAX);
}

static void take_asker(struct replay *r, const struct value *o, struct event *e)
{
	replay_process(r, e, o, &e->asker);
	replay_text(r, o, "parent_comm", e->parent_comm, sizeof(e->parent_comm));
	e->rec.task.netns = (uint32_t)replay_count(r, o, "netns", UINT32_MAX);
	replay_text(r, o, "netns_name", e->netns_name, sizeof(e->netns_name));
	e->netns_foreign = replay_bool(r, o, "netns_foreign");
	e->rec.task.pid = e->asker.pid;
	e->rec.task.uid = e->asker.uid;
}

/* Whether there is a list at all says something: an empty one, that somebody looked. */
static void take_sharers(struct replay *r, const struct value *o, struct event *e, struct holder *h)
{
	const struct value *list = replay_list(r, o, "processes"), *item;

	h->first_process = (uint16_t)e->n_processes;
	h->more_processes = (uint16_t)replay_count(r, o, "more_processes", UINT16_MAX);
	if (list && !list->n)
		e->sharers_known = true;
	for (item = replay_first(r, list, "processes"); item;
	     item = replay_next(r, item, "processes")) {
		if (e->n_processes < EVENT_MAX_PROCESSES) {
			replay_process(r, e, item, &e->processes[e->n_processes++]);
			h->n_processes++;
		} else if (h->more_processes < UINT16_MAX) {
			h->more_processes++;
		}
	}
}

/* Who opened and who closed it. */
static void take_owners(struct replay *r, const struct value *o, struct event *e, struct holder *h)
{
	const struct value *opener = replay_object(r, o, "bound_by"), *closer;

	closer = replay_object(r, replay_object(r, o, "time_wait") ?: o, "closed_by");
	replay_process(r, e, opener ?: replay_object(r, o, "open_at_start"), &h->opener);
	replay_process(r, e, closer, &h->closer);
}

static void take_state(struct replay *r, const struct value *o, struct bt_sock *s)
{
	const struct value *mini = replay_object(r, o, "time_wait");

	s->state = word_state(replay_word(r, o, "state", NULL));
	if (!mini)
		return;
	s->flags |= BT_SOCK_MINI;
	s->state = BT_TCP_TIME_WAIT;
	s->substate = word_state(replay_word(r, mini, "substate", NULL));
	s->timer_left_ns = replay_seconds(r, mini, "timer_left_s");
	s->frees_in_ns = replay_seconds(r, mini, "frees_in_s");
}

static void take_holder(struct replay *r, const struct value *o, struct event *e, unsigned i)
{
	struct bt_sock *s = &e->rec.holders[i].sock;
	const struct bt_sock *asked = &e->rec.sock;
	struct holder *h = &e->holders[i];

	*h = (struct holder){ .n_processes = 0 };
	replay_socket(r, o, s);
	take_state(r, o, s);
	h->role = word_role(replay_word(r, o, "role", NULL));
	h->pair.blocks = replay_bool(r, o, "blocks");
	h->pair.overlap = word_overlap(replay_word(r, o, "overlap", NULL));
	h->pair.reuseaddr = word_reuseaddr(replay_word(r, o, "reuseaddr_refused", NULL));
	h->pair.reuseport = word_reuseport(replay_word(r, o, "reuseport_refused", NULL));
	h->pair.other_device = asked->ifindex && s->ifindex && asked->ifindex != s->ifindex &&
			       replay_maybe(r, o, "device_ignored") <= 0;
	h->more_addresses = (uint16_t)replay_count(r, o, "more_addresses", UINT16_MAX);
	take_sharers(r, o, e, h);
	take_owners(r, o, e, h);
	if (replay_bool(r, o, "culprit"))
		e->verdict.culprit = (int)i;
	if (replay_bool(r, o, "decisive"))
		e->verdict.decisive = (int)i;
}

/* The places of the first n of the list in the kernel's walk: "order" where all of them are usable, else as listed. */
static void find_places(const struct value *list, unsigned n, unsigned places[BT_MAX_HOLDERS])
{
	const struct value *item = list ? list->first : NULL;
	struct replay ignored = { 0 };
	uint32_t taken = 0;

	for (unsigned i = 0; item && i < n; i++, item = item->next) {
		places[i] = (unsigned)replay_count(&ignored, item, "order", BT_MAX_HOLDERS - 1);
		taken |= 1u << places[i];
	}
	for (unsigned i = 0; i < n && taken != (1u << n) - 1; i++)
		places[i] = i;
}

static void take_holders(struct replay *r, const struct value *o, struct event *e)
{
	const struct value *list = replay_list(r, o, "holders"), *item;
	unsigned n = 0, places[BT_MAX_HOLDERS] = { 0 };

	if (list)
		e->rec.walk |= BT_WALK_DONE;
	for (item = replay_first(r, list, "holders"); item && n < BT_MAX_HOLDERS; n++)
		item = replay_next(r, item, "holders");
	if (r->wrong)
		return;
	find_places(list, n, places);
	e->rec.n_holders = (uint16_t)n;
	item = list ? list->first : NULL;
	for (unsigned i = 0; item && i < n; i++, item = item->next)
		take_holder(r, item, e, places[i]);
	/* before there was "decisive", it was the culprit as far as anybody could tell */
	if (e->verdict.decisive < 0)
		e->verdict.decisive = e->verdict.culprit;
}

static void take_totals(struct replay *r, const struct value *o, struct bt_record *rec)
{
	rec->totals.total = (uint32_t)replay_count(r, o, "total", UINT32_MAX);
	rec->totals.blocking = (uint32_t)replay_count(r, o, "blocking", UINT32_MAX);
	rec->totals.blocking_lasting = (uint32_t)replay_count(r, o, "blocking_lasting", UINT32_MAX);
	for (unsigned state = 1; state < BT_N_STATES; state++)
		rec->totals.state[state] =
			(uint32_t)replay_count(r, o, state_name(state, 0), UINT32_MAX);
	if (replay_bool(r, o, "truncated"))
		rec->walk |= BT_WALK_TRUNCATED;
	if (replay_bool(r, o, "stale"))
		rec->walk |= BT_WALK_STALE;
}

static void take_advice(struct replay *r, const struct value *o, struct verdict *v)
{
	const struct value *item = replay_first(r, replay_list(r, o, "advice"), "advice");

	for (; item && v->n_advice < EVENT_MAX_ADVICE; item = replay_next(r, item, "advice")) {
		struct advice *a = &v->advice[v->n_advice];

		a->action = word_action(replay_word(r, item, "action", NULL));
		a->effective = word_effective(replay_word(r, item, "effective", NULL));
		replay_text(r, item, "text", a->text, sizeof(a->text));
		replay_text(r, item, "command", a->command, sizeof(a->command));
		v->n_advice++;
	}
}

static void take_verdict(struct replay *r, const struct value *o, struct verdict *v)
{
	const struct value *frees;

	v->culprit = v->decisive = -1;
	v->reason = word_reason(replay_word(r, o, "reason", NULL));
	v->layer = word_layer(replay_word(r, o, "layer", NULL));
	replay_text(r, o, "summary", v->summary, sizeof(v->summary));
	take_advice(r, o, v);
	frees = value_member(o, "frees_in_s");
	v->has_frees_in = frees && frees->type != VALUE_NULL;
	v->frees_in_ns = replay_seconds(r, o, "frees_in_s");
	v->frees_at_least = replay_bool(r, o, "frees_at_least");
}

/* How its holders were found where they are not in the kernel's tables: the rest is as in the header. */
static void take_coverage(struct replay *r, const struct value *o, struct event *e)
{
	const struct value *coverage = replay_object(r, o, "coverage");

	e->holders_from_files = word_read(replay_word(r, coverage, "holders", NULL)) == READ_FILES;
}

int replay_event(struct event *e, const struct value *o, const char **wrong)
{
	struct bt_record *rec = &e->rec;
	const char *kind, *via;
	struct replay r;
	uint64_t boottime;

	event_clear(e);
	replay_begin(&r, o, &boottime, &e->realtime_ns);
	rec->hdr.boottime_ns = boottime;
	kind = replay_word(&r, o, "kind", NULL);
	rec->hdr.kind = kind && !strcmp(kind, "bound") ? BT_KIND_BOUND : BT_KIND_REFUSAL;
	e->seq = replay_count(&r, o, "seq", UINT64_MAX);
	rec->operation = word_operation(replay_word(&r, o, "operation", NULL));
	rec->error = rec->hdr.kind == BT_KIND_BOUND ? 0 : replay_errno(&r, o);
	take_asked(&r, o, rec);
	take_asker(&r, replay_object(&r, o, "process"), e);
	via = replay_word(&r, o, "via", NULL);
	rec->uring = via && !strcmp(via, "io_uring");
	take_verdict(&r, o, &e->verdict);
	replay_facts(&r, o, e);
	take_coverage(&r, o, e);
	take_holders(&r, o, e);
	take_totals(&r, replay_object(&r, o, "holder_totals"), rec);
	replay_repeat(&r, o, &e->repeat);
	return replay_end(&r, wrong);
}
