// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What a recorded refusal is about when it is no holder: the way back of sink/json_facts.c. */
#include "model/words.h"
#include "source/replay_json.h"

static void take_program(struct replay *r, const struct value *o, struct cgroup_program *p)
{
	p->id = (uint32_t)replay_count(r, o, "id", UINT32_MAX);
	p->attach_type = word_attach_type(replay_word(r, o, "attach_type", NULL));
	p->sets_error = replay_maybe(r, o, "sets_errno");
	replay_text(r, o, "name", p->name, sizeof(p->name));
	replay_text(r, o, "tag", p->tag, sizeof(p->tag));
	replay_text(r, o, "cgroup", p->cgroup, sizeof(p->cgroup));
	replay_text(r, o, "unit", p->unit, sizeof(p->unit));
}

static void take_programs(struct replay *r, const struct value *o, struct event *e)
{
	const struct value *list = replay_list(r, o, "bpf_programs"), *item;

	e->programs_known = list != NULL;
	for (item = replay_first(r, list, "bpf_programs"); item;
	     item = replay_next(r, item, "bpf_programs")) {
		if (e->n_programs < EVENT_MAX_PROGRAMS)
			take_program(r, item, &e->programs[e->n_programs++]);
		else
			e->more_programs++;
	}
}

static void take_users(struct replay *r, const struct value *o, struct event *e)
{
	const struct value *list = replay_list(r, o, "users"), *item;
	struct census *c = &e->census;

	for (item = replay_first(r, list, "users"); item; item = replay_next(r, item, "users")) {
		if (c->n_users == CENSUS_USERS) {
			c->more_users++;
			continue;
		}
		replay_process(r, e, item, &c->users[c->n_users].who);
		c->users[c->n_users++].ports =
			(unsigned)replay_count(r, item, "ports", UINT16_MAX + 1);
	}
}

/* Whoever has counted the ports has also looked for their users. */
static void take_range(struct replay *r, const struct value *o, struct event *e)
{
	struct census *c = &e->census;

	e->rec.port_low = (uint16_t)replay_count(r, o, "first", UINT16_MAX);
	e->rec.port_high = (uint16_t)replay_count(r, o, "last", UINT16_MAX);
	e->rec.narrowed = replay_bool(r, o, "own");
	c->known = replay_list(r, o, "users") != NULL;
	c->first = e->rec.port_low;
	c->last = e->rec.port_high;
	c->reserved = (unsigned)replay_count(r, o, "reserved", UINT16_MAX + 1);
	c->taken = (unsigned)replay_count(r, o, "taken", UINT16_MAX + 1);
	c->time_wait = (unsigned)replay_count(r, o, "time_wait", UINT16_MAX + 1);
	c->to_peer = (unsigned)replay_count(r, o, "to_peer", UINT16_MAX + 1);
	c->more_users = (unsigned)replay_count(r, o, "more_users", UINT32_MAX);
	take_users(r, o, e);
}

static void take_address(struct replay *r, const struct value *o, struct event *e)
{
	struct address_facts *a = &e->address;

	e->rec.rewritten =
		replay_address(r, o, "asked_address", e->rec.sock.family, e->rec.asked_addr);
	e->rec.asked_port = (uint16_t)replay_count(r, o, "asked_port", UINT16_MAX);
	a->state = word_address_state(replay_word(r, o, "address_state", NULL));
	replay_text(r, o, "address_device", a->device, sizeof(a->device));
	a->no_carrier = replay_maybe(r, o, "address_carrier") == 0;
}

void replay_facts(struct replay *r, const struct value *o, struct event *e)
{
	const struct value *range = replay_object(r, o, "port_range");

	if (range)
		take_range(r, range, e);
	take_address(r, o, e);
	take_programs(r, o, e);
}
