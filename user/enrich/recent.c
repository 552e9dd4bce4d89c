// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "enrich/recent.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "enrich/cgroup.h"
#include "enrich/container.h"
#include "enrich/family.h"
#include "enrich/forward.h"
#include "enrich/netns.h"
#include "enrich/process.h"
#include "enrich/runtime.h"
#include "enrich/socket_unit.h"

/* Places of processes by their pid: the workers of a server have numbers in a row. */
enum { N_PROCESSES = 128, N_NAMES = 8 };

/* Each part is read when it is first asked for, which is after read_ns. */
struct reading {
	struct process process; /* nothing of it but pid and start_ns comes from an event */
	uint64_t read_ns;
	bool has_facts, has_family, has_parents;
	uint64_t cgroup_id;    /* process has the cgroup with this id; 0: its own */
	uint32_t compared_pid; /* the asker with which it was compared; 0: none */
	uint64_t compared_start_ns;
	bool same_program;
	uint16_t forward_port,
		forward_protocol; /* the socket for which it was asked; 0: for none */
	struct process forward;	  /* as forward_find() left it */
};

static struct reading readings[N_PROCESSES];

/* Where what is known of the process is kept: nothing at first, and whenever that is too old. */
static struct reading *reading_of(const struct process *p, uint64_t event_ns)
{
	struct reading *r = &readings[p->pid % N_PROCESSES];
	const struct process *known = &r->process;
	uint64_t now = clock_boottime_ns();

	if (known->pid == p->pid && known->start_ns == p->start_ns &&
	    ((r->has_facts && known->alive == 0) || recent_serves(r->read_ns, event_ns, now)))
		return r;
	memset(r, 0, sizeof(*r));
	r->read_ns = now;
	r->process.pid = p->pid;
	r->process.start_ns = p->start_ns;
	return r;
}

static const struct process *facts_of(const struct process *p, uint64_t event_ns)
{
	struct reading *r = reading_of(p, event_ns);

	if (!r->has_facts)
		process_read(&r->process);
	r->has_facts = true;
	return &r->process;
}

static void copy_cgroup(struct process *p, const struct process *from)
{
	memcpy(p->cgroup, from->cgroup, sizeof(p->cgroup));
	memcpy(p->unit, from->unit, sizeof(p->unit));
	p->container = from->container;
}

void recent_enrich(struct process *p, uint64_t event_ns)
{
	const struct process *known;

	process_name_user(p);
	if (!p->pid || !p->start_ns) {
		process_read(p);
		return;
	}
	known = facts_of(p, event_ns);
	p->alive = known->alive;
	p->stopped = known->stopped;
	if (p->alive != 1)
		return;
	if (!p->ppid)
		p->ppid = known->ppid;
	if (!p->cmdline_len) {
		memcpy(p->cmdline, known->cmdline, sizeof(p->cmdline));
		p->cmdline_len = known->cmdline_len;
	}
	memcpy(p->exe, known->exe, sizeof(p->exe));
	p->pid_in_namespace = known->pid_in_namespace;
	copy_cgroup(p, known);
}

void recent_cgroup(struct process *asker, uint64_t cgroup_id, uint64_t event_ns)
{
	struct reading *r = reading_of(asker, event_ns);
	struct process *p = &r->process;
	char path[4096];

	if (r->cgroup_id != cgroup_id) {
		r->cgroup_id = cgroup_id;
		p->cgroup[0] = p->unit[0] = '\0';
		memset(&p->container, 0, sizeof(p->container));
		if (!cgroup_path_by_id(cgroup_id, path, sizeof(path))) {
			cgroup_unit(path, p->unit, sizeof(p->unit));
			container_of_path(path, &p->container);
			if (strlen(path) < sizeof(p->cgroup))
				strcpy(p->cgroup, path);
		}
	}
	copy_cgroup(asker, p);
}

void recent_family(struct process *p, uint64_t event_ns)
{
	struct reading *r = reading_of(p, event_ns);

	facts_of(p, event_ns); /* whether it is stopped */
	if (!r->has_family)
		family_of(&r->process);
	r->has_family = true;
	p->orphaned = r->process.orphaned;
	p->shell = r->process.shell;
	memcpy(p->tty, r->process.tty, sizeof(p->tty));
}

void recent_parents(struct process *p, uint64_t event_ns)
{
	struct reading *r = reading_of(p, event_ns);

	if (!r->has_parents)
		family_parents(&r->process);
	r->has_parents = true;
	p->n_parents = r->process.n_parents;
	memcpy(p->parents, r->process.parents, sizeof(p->parents));
}

bool recent_same_program(const struct process *asker, const struct process *p, uint64_t event_ns)
{
	struct reading *r = reading_of(p, event_ns);

	if (r->compared_pid != asker->pid || r->compared_start_ns != asker->start_ns) {
		r->compared_pid = asker->pid;
		r->compared_start_ns = asker->start_ns;
		r->same_program = family_same_program(asker, p);
	}
	return r->same_program;
}

void recent_forward(struct process *p, const struct bt_sock *socket, uint64_t event_ns)
{
	struct reading *r = reading_of(p, event_ns);
	const struct process *f = &r->forward;

	if (r->forward_port != socket->port || r->forward_protocol != socket->protocol ||
	    f->uid != p->uid) {
		r->forward_port = socket->port;
		r->forward_protocol = socket->protocol;
		r->forward = *facts_of(p, event_ns);
		r->forward.uid = p->uid;
		forward_find(&r->forward, socket);
	}
	p->forwards = f->forwards;
	p->container = f->container;
	p->to_family = f->to_family;
	p->to_port = f->to_port;
	memcpy(p->to_addr, f->to_addr, sizeof(p->to_addr));
}

void recent_names(const struct container *c, struct container_names *names, uint64_t event_ns)
{
	static struct {
		struct container_names names;
		uint64_t read_ns;
	} known[N_NAMES];
	static unsigned next;
	uint64_t now = clock_boottime_ns();
	unsigned i;

	for (i = 0; i < N_NAMES; i++)
		if (!strcmp(known[i].names.id, c->id) &&
		    recent_serves(known[i].read_ns, event_ns, now))
			break;
	if (i == N_NAMES) {
		i = next++ % N_NAMES;
		known[i].read_ns = now;
		runtime_names(c, &known[i].names);
	}
	*names = known[i].names;
}

void recent_netns_name(uint64_t netns, char *out, size_t size, uint64_t event_ns)
{
	static uint64_t read_ns, of;
	static char name[sizeof(((struct event *)0)->netns_name)];
	uint64_t now = clock_boottime_ns();

	if (of != netns || !recent_serves(read_ns, event_ns, now)) {
		read_ns = now;
		of = netns;
		netns_name(netns, name, sizeof(name));
	}
	snprintf(out, size, "%s", name);
}

void recent_socket_unit(const struct bt_sock *s, char *out, size_t size, uint64_t event_ns)
{
	static char unit[sizeof(((struct process *)0)->unit)];
	static struct bt_sock of;
	static uint64_t read_ns;
	uint64_t now = clock_boottime_ns();

	if (of.sk != s->sk || of.inode != s->inode || of.port != s->port ||
	    !recent_serves(read_ns, event_ns, now)) {
		read_ns = now;
		of = *s;
		socket_unit_find(s, unit, sizeof(unit));
	}
	snprintf(out, size, "%s", unit);
}
