// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The holders where no program may walk the port table: looked up by iterators when records come, once for
 * all that wait. The look is later than every refusal it serves, so a holder that went meanwhile is missing;
 * one that came meanwhile is told by the time of its bind(2). The records say that it was late.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "source/guarded.h"
#include "source/netns.h"

int guarded_open(struct bpf_source *s)
{
	struct bindtrace_bpf *k = s->skeleton;
	struct guarded *g = s->guarded = calloc(1, sizeof(*g));

	if (!g)
		return -ENOMEM;
	g->tcp = bpf_program__attach_iter(k->progs.find_tcp, NULL);
	g->udp = bpf_program__attach_iter(k->progs.find_udp, NULL);
	if (!g->tcp || !g->udp)
		return -errno;
	if (s->caps->files)
		return 0;
	g->bound = bpf_program__attach_iter(k->progs.find_bound, NULL);
	return g->bound ? 0 : -errno;
}

void guarded_close(struct bpf_source *s)
{
	struct guarded *g = s->guarded;

	if (!g)
		return;
	bpf_link__destroy(g->tcp);
	bpf_link__destroy(g->udp);
	bpf_link__destroy(g->bound);
	free(g->found);
	free(g);
	s->guarded = NULL;
}

static bool make_room(struct guarded *g)
{
	size_t room = g->room ? 2 * g->room : 256;
	struct bt_found *more;

	if (g->n_found < g->room)
		return true;
	more = g->n_found < MAX_FOUND ? realloc(g->found, room * sizeof(*more)) : NULL;
	if (!more)
		return false;
	g->found = more;
	g->room = room;
	return true;
}

/* A socket that was found bound before may be found listening now, or open by one more process. */
static void add_found(void *context, const void *row)
{
	const struct bt_found *found = row;
	struct guarded *g = context;
	size_t i;

	for (i = 0; i < g->n_bound; i++) {
		if (g->found[i].sock.sk != found->sock.sk)
			continue;
		g->found[i] = *found;
		return;
	}
	if (make_room(g))
		g->found[g->n_found++] = *found;
	else
		g->truncated = true;
}

static void add_bound(void *context, const void *row)
{
	struct guarded *g = context;

	add_found(g, row);
	g->n_bound = g->n_found;
}

/* The tables of the namespace we are in. */
static int look_at_tables(struct guarded *g)
{
	int err = bpf_source_read_all(g->tcp, sizeof(*g->found), add_found, g);

	return err ? err : bpf_source_read_all(g->udp, sizeof(*g->found), add_found, g);
}

/* An iterator shows the namespace of the task that opens it: we go there and come back. */
static int look_elsewhere(struct guarded *g, uint32_t netns)
{
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC),
	    there = netns_open_number(netns);
	int err = home < 0 || there < 0 || setns(there, CLONE_NEWNET) ? -ENOENT : 0;

	if (!err) {
		err = look_at_tables(g);
		if (setns(home, CLONE_NEWNET))
			err = -errno;
	}
	if (home >= 0)
		close(home);
	if (there >= 0)
		close(there);
	return err;
}

static void look_in(struct guarded *g, uint32_t netns)
{
	if (guarded_is_seen(g, netns))
		return;
	if (!(netns == netns_number(-1) ? look_at_tables(g) : look_elsewhere(g, netns)))
		g->seen[g->n_seen++] = netns;
}

static void mark(struct bpf_source *s, unsigned char yes)
{
	struct guarded *g = s->guarded;
	unsigned i;

	for (i = 0; i < g->n; i++)
		if (guarded_wants_look(&g->records[i]))
			__atomic_store_n(&s->skeleton->bss->looked_ports[g->records[i].sock.port],
					 yes, __ATOMIC_RELAXED);
}

/* Bound sockets first: one that begins to listen between the two looks is seen by the second. */
static void look(struct bpf_source *s)
{
	struct guarded *g = s->guarded;
	bool any = false;
	unsigned i;

	g->n_found = g->n_bound = g->n_seen = 0;
	g->truncated = false;
	g->err = 0;
	for (i = 0; i < g->n; i++)
		any = any || guarded_wants_look(&g->records[i]);
	if (!any)
		return;
	mark(s, 1);
	g->looked_ns = clock_boottime_ns();
	if (g->bound)
		g->err = bpf_source_read_all(g->bound, sizeof(*g->found), add_bound, g);
	for (i = 0; i < g->n && !g->err; i++)
		if (guarded_wants_look(&g->records[i]))
			look_in(g, g->records[i].task.netns);
	mark(s, 0);
}

static int queue(void *context, const struct bt_record *record, uint32_t len)
{
	struct guarded *g = context;

	if (len > sizeof(*record))
		len = sizeof(*record);
	memcpy(&g->records[g->n], record, len);
	g->lengths[g->n++] = len;
	return g->n == BPF_SOURCE_BATCH;
}

int guarded_read(struct bpf_source *s, bpf_record_fn fn, void *context)
{
	struct guarded *g = s->guarded;
	unsigned i;
	int err = 0;

	g->n = 0;
	s->fn = queue;
	s->context = g;
	s->stopped = 0;
	ring_buffer__consume(s->ring);
	look(s);
	for (i = 0; i < g->n && !err; i++) {
		if (g->lengths[i] >= offsetof(struct bt_record, holders)) {
			guarded_complete(s, &g->records[i]);
			g->lengths[i] = g->records[i].hdr.len;
		}
		err = fn(context, &g->records[i], g->lengths[i]);
	}
	return err ? err : (int)g->n;
}
