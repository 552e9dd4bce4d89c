// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What a refusal is about when it is no holder: programs that said no, an address, a range of ports. */
#include <string.h>

#include "sink/json_parts.h"

static struct json_object *program_list(struct json_line *l, const struct event *e)
{
	struct json_object *list = json_object_new_array();

	for (unsigned i = 0; i < e->n_programs; i++) {
		const struct cgroup_program *p = &e->programs[i];
		struct json_object *o = json_object_new_object();

		json_put_int(o, "id", p->id);
		json_put_text(l, o, "name", p->name);
		json_put_text(l, o, "tag", p->tag);
		json_put_name(o, "attach_type", attach_type_name(p->attach_type));
		json_put_text(l, o, "cgroup", p->cgroup);
		json_put_text(l, o, "unit", p->unit);
		json_put_maybe(o, "sets_errno", p->sets_error);
		json_object_array_add(list, o);
	}
	return list;
}

/* Who may have said no; where it is one, it did. */
static struct json_object *module_list(struct json_line *l, const struct event *e)
{
	struct json_object *list = json_object_new_array();

	for (unsigned i = 0; i < e->n_modules; i++) {
		const struct security_module *m = &e->modules[i];
		bool bpf = !strcmp(m->name, "bpf");
		struct json_object *o = json_object_new_object();

		json_put_text(l, o, "name", m->name);
		json_put_text(l, o, bpf ? "program_name" : "label", m->detail);
		if (m->program_id)
			json_put_count(o, "program_id", m->program_id);
		json_object_array_add(list, o);
	}
	return list;
}

static void put_address_facts(struct json_line *l, const struct address_facts *a)
{
	json_put_name(l->root, "address_state", address_state_name(a->state));
	json_put_text(l, l->root, "address_device", a->device);
	if (a->device[0])
		json_put_bool(l->root, "address_carrier", !a->no_carrier);
}

static struct json_object *user_list(struct json_line *l, const struct census *c)
{
	struct json_object *list = json_object_new_array();

	for (unsigned i = 0; i < c->n_users; i++) {
		struct json_object *o = json_process(l, &c->users[i].who);

		json_put_int(o, "ports", c->users[i].ports);
		json_object_array_add(list, o);
	}
	return list;
}

/* Of what nobody has counted only the ends are known. */
static struct json_object *port_range(struct json_line *l, const struct event *e)
{
	const struct census *c = &e->census;
	struct json_object *o = json_object_new_object();

	json_put_int(o, "first", e->rec.port_low);
	json_put_int(o, "last", e->rec.port_high);
	json_put_bool(o, "own", e->rec.narrowed);
	if (!c->known)
		return o;
	json_put_count(o, "reserved", c->reserved);
	json_put_count(o, "taken", c->taken);
	json_put_count(o, "time_wait", c->time_wait);
	if (e->rec.operation == BT_OP_CONNECT)
		json_put_count(o, "to_peer", c->to_peer);
	json_put(o, "users", user_list(l, c));
	if (c->more_users)
		json_put_count(o, "more_users", c->more_users);
	return o;
}

void json_put_facts(struct json_line *l, const struct event *e)
{
	if (e->verdict.reason == REASON_EPHEMERAL_EXHAUSTED && e->rec.port_low)
		json_put(l->root, "port_range", port_range(l, e));
	if (e->rec.rewritten) {
		json_put_address(l->root, "asked_address", e->rec.asked_addr, e->rec.sock.family);
		json_put_int(l->root, "asked_port", e->rec.asked_port);
	}
	put_address_facts(l, &e->address);
	if (e->modules_known)
		json_put(l->root, "security_modules", module_list(l, e));
	if (e->programs_known)
		json_put(l->root, "bpf_programs", program_list(l, e));
}
