// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "enrich/event.h"

#include <string.h>
#include <sys/socket.h>

#include "enrich/family.h"
#include "enrich/netns.h"
#include "enrich/proc.h"
#include "enrich/recent.h"

static uint64_t time_of(const struct event *e)
{
	return e->rec.hdr.boottime_ns;
}

/* Of an asker that has exited the kernel side still gave the group. */
static void enrich_asker(struct event *e)
{
	struct process *asker = &e->asker;

	recent_enrich(asker, time_of(e));
	if (asker->pid && asker->alive != 1 && e->rec.task.cgroup_id)
		recent_cgroup(asker, e->rec.task.cgroup_id, time_of(e));
}

/* The name of its container, unless it is there already. */
static void name_container(struct event *e, const struct process *p)
{
	if (!p->container.id[0] || event_container(e, p) || e->n_containers == EVENT_MAX_CONTAINERS)
		return;
	recent_names(&p->container, &e->containers[e->n_containers++], time_of(e));
}

/* For whom it may have a port open. */
static void enrich_port_holder(struct process *p, const struct bt_sock *socket, uint64_t when)
{
	char unit[sizeof(p->unit)];

	recent_forward(p, socket, when);
	if (p->pid != 1 || strcmp(p->comm, "systemd"))
		return;
	recent_socket_unit(socket, unit, sizeof(unit), when);
	if (unit[0])
		strcpy(p->unit, unit);
}

/* A process that has, or had, this socket. */
static void enrich_holder(struct event *e, struct process *p, const struct bt_sock *socket)
{
	recent_enrich(p, time_of(e));
	if (p->alive != 1)
		return;
	p->relation = family_relation(e, p);
	p->same_program = e->asker.pid && !family_is_asker(e, p) &&
			  recent_same_program(&e->asker, p, time_of(e));
	if (socket->family != AF_UNIX)
		enrich_port_holder(p, socket, time_of(e));
	name_container(e, p);
}

void enrich_event(struct event *e)
{
	static uint64_t home; /* where the tracer is and stays */

	if (!home)
		home = netns_own();
	e->foreign_pids = proc_is_ignored();
	if (e->foreign_pids) /* whoever has a holder open outside is not shown to us */
		e->sharers_known = false;
	enrich_asker(e);
	name_container(e, &e->asker);
	recent_netns_name(e->rec.task.netns, e->netns_name, sizeof(e->netns_name), time_of(e));
	e->netns_foreign = e->rec.task.netns && home && e->rec.task.netns != home;
	for (unsigned i = 0; i < e->rec.n_holders; i++) {
		const struct bt_sock *socket = &e->rec.holders[i].sock;
		struct holder *h = &e->holders[i];

		enrich_holder(e, &h->opener, socket);
		enrich_holder(e, &h->closer, socket);
		recent_family(&h->opener, time_of(e));
		for (unsigned j = 0; j < h->n_processes; j++)
			enrich_holder(e, &e->processes[h->first_process + j], socket);
		if (h->n_processes) /* the others of a server are its children */
			recent_family(&e->processes[h->first_process], time_of(e));
	}
}

/* The first of them comes from the record: the asker may have exited. */
static void parents_of_asker(struct event *e)
{
	struct process *asker = &e->asker, parent = { .pid = e->rec.task.ppid,
						      .start_ns = e->rec.task.parent_start_ns };

	asker->n_parents = 0;
	if (!asker->pid || !parent.pid)
		return;
	recent_parents(&parent, time_of(e));
	asker->parents[0].pid = parent.pid;
	memcpy(asker->parents[0].comm, e->parent_comm, sizeof(e->parent_comm));
	asker->n_parents = 1;
	for (unsigned i = 0; i < parent.n_parents && asker->n_parents < EVENT_MAX_PARENTS; i++)
		asker->parents[asker->n_parents++] = parent.parents[i];
}

void enrich_parents(struct event *e)
{
	parents_of_asker(e);
	for (unsigned i = 0; i < e->rec.n_holders; i++) {
		struct holder *h = &e->holders[i];

		recent_parents(&h->opener, time_of(e));
		if (h->n_processes) /* the others of a server are its children */
			recent_parents(&e->processes[h->first_process], time_of(e));
	}
}
