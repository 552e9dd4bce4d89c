// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "sink/json_parts.h"
#include "sink/ports.h"

static struct json_object *processes(struct json_line *l, const struct port_group *g,
				     const struct port_socket *s)
{
	struct json_object *list = json_object_new_array(), *o;
	unsigned i;

	for (i = 0; i < s->n_processes; i++) {
		const struct process *p = &g->processes[s->first_process + i];

		o = json_process(l, p);
		json_put_int(o, "fd", p->fd);
		json_object_array_add(list, o);
	}
	return list;
}

static void put_addresses(struct json_line *l, const struct bt_sock *s)
{
	json_put_endpoint(l->root, s);
	if (!s->peer_port)
		return;
	json_put_address(l->root, "peer_address", s->peer, s->family);
	json_put_int(l->root, "peer_port", s->peer_port);
}

static struct json_object *time_wait(const struct json_line *l, const struct port_group *g,
				     const struct bt_sock *s)
{
	struct json_object *o = json_object_new_object();

	json_put(o, "substate", json_object_new_string(state_name(s->state, s->substate)));
	json_put_seconds(o, "timer_left_s", s->timer_left_ns);
	json_put_seconds(o, "frees_in_s", s->frees_in_ns);
	json_put_time(l, o, "frees_at", g->boottime_ns + (uint64_t)s->frees_in_ns);
	return o;
}

int json_port(int fd, const struct json_moment *m, const struct host_facts *h,
	      const struct port_group *g, const struct port_socket *s)
{
	const struct bt_sock *sock = &s->sock;
	struct json_line l;
	int err;

	err = json_begin(&l, "socket", m->seq, m->boottime_ns, m->realtime_ns, h->host);
	if (err)
		return err;
	put_addresses(&l, sock);
	if (s->more_addresses)
		json_put_int(l.root, "more_addresses", s->more_addresses);
	if (s->role < N_ROLES)
		json_put(l.root, "role", json_object_new_string(role_name(s->role)));
	json_put(l.root, "state", json_object_new_string(state_name(sock->state, sock->substate)));
	json_put_options(l.root, sock);
	json_put_count(l.root, "netns", g->netns);
	json_put_text(&l, l.root, "netns_name", g->netns_name);
	if (s->n_processes || !g->partial)
		json_put(l.root, "processes", processes(&l, g, s));
	if (sock->flags & BT_SOCK_MINI)
		json_put(l.root, "time_wait", time_wait(&l, g, sock));
	return json_end(&l, fd);
}
