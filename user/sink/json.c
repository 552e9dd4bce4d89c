// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "sink/json.h"

#include <errno.h>
#include <netinet/in.h>

#include "base/text.h"
#include "model/endpoint.h"
#include "sink/json_parts.h"

static struct json_object *own_socket(const struct bt_sock *s)
{
	struct json_object *o = json_object_new_object();

	json_put_options(o, s);
	if (s->family == AF_UNIX)
		return o;
	json_put_bool(o, "free_bind", s->flags & BT_SOCK_FREEBIND);
	json_put_bool(o, "transparent", s->flags & BT_SOCK_TRANSPARENT);
	return o;
}

/* Where nothing gives an UDP socket a type, not more is known of it than what it is. */
static bool knows_socket(const struct bt_sock *s, const struct coverage *c)
{
	return endpoint_protocol(s) && !(bt_is_udp(s) && (c->missing & MISSING_UDP));
}

static struct json_object *asker(struct json_line *l, const struct event *e)
{
	struct json_object *o = json_process(l, &e->asker);

	json_put_text(l, o, "parent_comm", e->parent_comm);
	if (e->rec.task.netns)
		json_put_count(o, "netns", e->rec.task.netns);
	json_put_text(l, o, "netns_name", e->netns_name);
	if (e->netns_foreign)
		json_put_bool(o, "netns_foreign", true);
	return o;
}

static struct json_object *advice_list(struct json_line *l, const struct verdict *v)
{
	struct json_object *list = json_object_new_array();

	for (unsigned i = 0; i < v->n_advice && i < EVENT_MAX_ADVICE; i++) {
		const struct advice *a = &v->advice[i];
		struct json_object *o = json_object_new_object();

		json_put(o, "action", json_object_new_string(action_name(a->action)));
		json_put_text(l, o, "text", a->text);
		json_put_text(l, o, "command", a->command);
		json_put(o, "effective", json_object_new_string(effective_name(a->effective)));
		json_object_array_add(list, o);
	}
	return list;
}

/* Every process that has the socket open now. */
static struct json_object *sharers(struct json_line *l, const struct event *e,
				   const struct holder *h)
{
	struct json_object *list = json_object_new_array();

	for (unsigned i = 0; i < h->n_processes; i++) {
		const struct process *p = &e->processes[h->first_process + i];
		struct json_object *o = json_process(l, p);

		if (p->fd >= 0)
			json_put_int(o, "fd", p->fd);
		json_put_maybe(o, "inherited", p->inherited);
		json_object_array_add(list, o);
	}
	return list;
}

static struct json_object *time_wait(struct json_line *l, const struct event *e,
				     const struct bt_sock *s, const struct process *closer)
{
	struct json_object *o = json_object_new_object();

	json_put(o, "substate", json_object_new_string(state_name(s->state, s->substate)));
	if (closer->pid)
		json_put(o, "closed_by", json_process(l, closer));
	json_put_seconds(o, "timer_left_s", s->timer_left_ns);
	json_put_seconds(o, "frees_in_s", s->frees_in_ns);
	json_put_time(l, o, "frees_at", e->rec.hdr.boottime_ns + (uint64_t)s->frees_in_ns);
	return o;
}

static void put_where(struct json_line *l, struct json_object *o, const struct bt_record *r,
		      const struct bt_sock *s)
{
	if (s->family == AF_UNIX) {
		json_put_unix_name(l, o, r->path, r->path_len);
		return;
	}
	json_put_address(o, "address", s->addr, s->family);
	if (s->protocol != IPPROTO_RAW)
		json_put_int(o, "port", s->port);
	if (s->peer_port) {
		json_put_address(o, "peer_address", s->peer, s->family);
		json_put_int(o, "peer_port", s->peer_port);
	}
}

/* What bind() was given where that is no address of the socket's family. */
static void put_given(struct json_object *o, const struct bt_record *r)
{
	json_put_int(o, "given_family", r->sa_family);
	json_put_int(o, "given_length", r->addr_len);
}

/* SCTP before 6.2 compares no devices. */
static bool device_ignored(const struct bt_sock *asked, const struct bt_sock *s,
			   const struct bt_pair *p)
{
	return asked->ifindex && s->ifindex && asked->ifindex != s->ifindex && !p->other_device;
}

static struct json_object *holder(struct json_line *l, const struct event *e, unsigned i)
{
	const struct bt_sock *s = &e->rec.holders[i].sock;
	const struct holder *h = &e->holders[i];
	struct json_object *o = json_object_new_object();

	json_put_int(o, "order", i);
	json_put_bool(o, "culprit", e->verdict.culprit == (int)i);
	json_put_bool(o, "decisive", e->verdict.decisive == (int)i);
	json_put_bool(o, "blocks", h->pair.blocks);
	if (device_ignored(&e->rec.sock, s, &h->pair))
		json_put_bool(o, "device_ignored", true);
	json_put_name(o, "role", role_name(h->role));
	json_put_name(o, "state", state_name(s->state, s->substate));
	json_put_name(o, "protocol", endpoint_protocol(s));
	json_put_name(o, "family", family_name(s->family));
	put_where(l, o, &e->rec, s);
	if (h->more_addresses)
		json_put_int(o, "more_addresses", h->more_addresses);
	json_put_options(o, s);
	json_put_name(o, "overlap", overlap_name(h->pair.overlap));
	json_put_name(o, "reuseaddr_refused", reuseaddr_name(h->pair.reuseaddr));
	json_put_name(o, "reuseport_refused", reuseport_name(h->pair.reuseport));
	if (e->sharers_known || h->n_processes)
		json_put(o, "processes", sharers(l, e, h));
	if (h->more_processes)
		json_put_int(o, "more_processes", h->more_processes);
	if (h->opener.pid) /* of one that was there before us nobody knows who bound it */
		json_put(o, h->opener.time_ns ? "bound_by" : "open_at_start",
			 json_process(l, &h->opener));
	if (s->flags & BT_SOCK_MINI)
		json_put(o, "time_wait", time_wait(l, e, s, &h->closer));
	else if (h->closer.pid)
		json_put(o, "closed_by", json_process(l, &h->closer));
	return o;
}

/* The culprit first, then as the kernel walked. */
static struct json_object *holder_list(struct json_line *l, const struct event *e)
{
	struct json_object *list = json_object_new_array();
	unsigned n = e->rec.n_holders < BT_MAX_HOLDERS ? e->rec.n_holders : BT_MAX_HOLDERS;
	int culprit = e->verdict.culprit < (int)n ? e->verdict.culprit : -1;

	if (culprit >= 0)
		json_object_array_add(list, holder(l, e, (unsigned)culprit));
	for (unsigned i = 0; i < n; i++)
		if ((int)i != culprit)
			json_object_array_add(list, holder(l, e, i));
	return list;
}

static struct json_object *holder_totals(const struct bt_record *r)
{
	struct json_object *o = json_object_new_object();

	json_put_count(o, "total", r->totals.total);
	for (unsigned state = 1; state < BT_N_STATES; state++)
		json_put_count(o, state_name(state, 0), r->totals.state[state]);
	json_put_count(o, "blocking", r->totals.blocking);
	json_put_count(o, "blocking_lasting", r->totals.blocking_lasting);
	json_put_bool(o, "truncated", r->walk & BT_WALK_TRUNCATED);
	if (r->walk & BT_WALK_STALE)
		json_put_bool(o, "stale", true);
	return o;
}

static void put_frees(const struct json_line *l, const struct event *e)
{
	const struct verdict *v = &e->verdict;

	if (!v->has_frees_in) {
		json_put(l->root, "frees_in_s", NULL);
		json_put(l->root, "frees_at", NULL);
		return;
	}
	json_put_seconds(l->root, "frees_in_s", v->frees_in_ns);
	json_put_time(l, l->root, "frees_at", e->rec.hdr.boottime_ns + (uint64_t)v->frees_in_ns);
	if (v->frees_at_least)
		json_put_bool(l->root, "frees_at_least", true);
}

static void put_verdict(struct json_line *l, const struct event *e)
{
	const struct verdict *v = &e->verdict;

	if (v->layer < N_LAYERS)
		json_put_name(l->root, "layer", layer_name(v->layer));
	json_put_name(l->root, "reason", reason_name(v->reason));
	json_put_text(l, l->root, "summary", v->summary);
	json_put(l->root, "advice", advice_list(l, v));
	put_frees(l, e);
	json_put_facts(l, e);
}

/* There are holders, and nobody could look who has them open. */
static bool sharers_unknown(const struct event *e)
{
	for (unsigned i = 0; i < e->rec.n_holders; i++)
		if (e->holders[i].n_processes)
			return false;
	return e->rec.n_holders && !e->sharers_known;
}

int json_event(int fd, const struct event *e, const struct host_facts *h, const struct coverage *c)
{
	const struct bt_record *r = &e->rec;
	bool failure = r->hdr.kind != BT_KIND_BOUND;
	struct coverage seen = *c;
	struct json_line l;
	int err;

	err = json_begin(&l, failure ? "failure" : "bound", e->seq, r->hdr.boottime_ns,
			 e->realtime_ns, h->host);
	if (err)
		return err;
	l.event = e;
	json_put_name(l.root, "operation", operation_name(r->operation));
	if (failure) {
		json_put_name(l.root, "errno", errno_name(r->error));
		json_put_int(l.root, "errno_number", r->error);
	}
	json_put_name(l.root, "protocol", endpoint_protocol(&r->sock));
	if (r->sock.protocol == IPPROTO_RAW)
		json_put_int(l.root, "ip_protocol", r->bound_port);
	json_put_name(l.root, "family", r->sock.family ? family_name(r->sock.family) : NULL);
	if (endpoint_asked(r))
		put_where(&l, l.root, r, &r->sock);
	else
		put_given(l.root, r);
	if (r->more_len)
		json_put_bool(l.root, "several_addresses", true);
	json_put(l.root, "process", asker(&l, e));
	if (r->uring)
		json_put_name(l.root, "via", "io_uring");
	if (knows_socket(&r->sock, c))
		json_put(l.root, "socket", own_socket(&r->sock));
	if (failure)
		put_verdict(&l, e);
	/* an empty list says that nothing was there, so it needs somebody who looked */
	if (r->walk) {
		json_put(l.root, "holders", holder_list(&l, e));
		json_put(l.root, "holder_totals", holder_totals(r));
	}
	if (failure)
		json_put_repeat(&l, &e->repeat);
	if (e->holders_from_files)
		seen.read = READ_FILES;
	if (sharers_unknown(e))
		seen.missing |= MISSING_SHARERS;
	json_put(l.root, "coverage", json_coverage(&seen));
	return json_end(&l, fd);
}
