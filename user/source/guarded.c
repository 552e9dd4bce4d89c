// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The holders where no program may walk the port table: looked up by iterators when records come, once for
 * all that wait. The look is later than every refusal it serves, so a holder that went meanwhile is missing;
 * one that came meanwhile is told by the time of its bind(2). The records say that it was late.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "bpf/tally.h"
#include "source/bpf_private.h"
#include "source/netns.h"

enum { MAX_FOUND = 1 << 17, MAX_NAMESPACES = BPF_SOURCE_BATCH };

struct guarded {
	struct bpf_link *tcp, *udp, *bound;
	struct bt_record records[BPF_SOURCE_BATCH];
	uint32_t lengths[BPF_SOURCE_BATCH];
	unsigned n;
	/* of the last look */
	uint64_t looked_ns;
	struct bt_found *found;
	size_t n_found, n_bound, room;
	bool truncated;
	uint32_t seen[MAX_NAMESPACES]; /* network namespaces whose tables were read */
	unsigned n_seen;
	int err;
};

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

static bool wants_look(const struct bt_record *r)
{
	return r->walk & BT_WALK_LATE;
}

static bool is_seen(const struct guarded *g, uint32_t netns)
{
	unsigned i;

	for (i = 0; i < g->n_seen; i++)
		if (g->seen[i] == netns)
			return true;
	return false;
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
	if (is_seen(g, netns))
		return;
	if (!(netns == netns_number(-1) ? look_at_tables(g) : look_elsewhere(g, netns)))
		g->seen[g->n_seen++] = netns;
}

static void mark(struct bpf_source *s, unsigned char yes)
{
	struct guarded *g = s->guarded;
	unsigned i;

	for (i = 0; i < g->n; i++)
		if (wants_look(&g->records[i]))
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
		any = any || wants_look(&g->records[i]);
	if (!any)
		return;
	mark(s, 1);
	g->looked_ns = clock_boottime_ns();
	if (g->bound)
		g->err = bpf_source_read_all(g->bound, sizeof(*g->found), add_bound, g);
	for (i = 0; i < g->n && !g->err; i++)
		if (wants_look(&g->records[i]))
			look_in(g, g->records[i].task.netns);
	mark(s, 0);
}

static bool same_table(const struct bt_sock *s, const struct bt_sock *h)
{
	return bt_is_udp(s) ? h->protocol == s->protocol : !bt_is_udp(h);
}

/* The kernel's own walk would meet it; the asking socket itself is no holder. */
static bool is_on_port(const struct bt_record *r, const struct bt_found *f)
{
	const struct bt_sock *s = &r->sock, *h = &f->sock;

	if (f->netns != r->task.netns || h->port != s->port || !same_table(s, h) ||
	    (s->sk && s->sk == h->sk) || (s->cookie && s->cookie == h->cookie))
		return false;
	/* a socket bound to no device is in no VRF: the buckets of VRFs are not its own */
	return bt_is_udp(s) || !f->l3mdev || s->ifindex;
}

/* It got its port by a call that began when the refusal had been spoken. */
static bool is_newer(struct bpf_source *s, const struct bt_record *r, const struct bt_sock *h)
{
	uint64_t time_ns;

	return h->cookie &&
	       !bpf_map_lookup_elem(bpf_map__fd(s->skeleton->maps.bound), &h->cookie, &time_ns) &&
	       time_ns > r->hdr.boottime_ns;
}

static void tell(struct bpf_source *s, struct bt_owner *to, const struct bpf_map *map, uint64_t key)
{
	struct bt_cmdline line;
	struct bt_deed deed;

	if (!key || bpf_map_lookup_elem(bpf_map__fd(map), &key, &deed))
		return;
	to->pid = deed.pid;
	to->uid = deed.uid;
	to->start_ns = deed.start_ns;
	to->time_ns = deed.time_ns;
	memcpy(to->comm, deed.comm, sizeof(to->comm));
	if (bpf_map_lookup_elem(bpf_map__fd(s->skeleton->maps.cmdlines), &deed.pid, &line) ||
	    line.start_ns != deed.start_ns)
		return;
	to->cmdline_len = (uint16_t)line.len;
	memcpy(to->cmdline, line.text, sizeof(to->cmdline));
}

static void describe(struct bpf_source *s, struct bt_record *r, const struct bt_found *f,
		     const struct bt_sock *sock)
{
	struct bt_holder *h = &r->holders[r->n_holders++];

	memset(h, 0, sizeof(*h));
	h->sock = *sock;
	tell(s, &h->opener, s->skeleton->maps.openers, f->opener_key);
	tell(s, &h->closer, s->skeleton->maps.closers, f->closer_key);
}

/* What the walk of bpf/holders.bpf.c does with a socket of the port. */
static void visit(struct bpf_source *s, struct bt_record *r, const struct bt_found *f,
		  unsigned described[4])
{
	const int64_t late_ns = (int64_t)(s->guarded->looked_ns - r->hdr.boottime_ns);
	struct bt_sock sock = f->sock;
	bool blocks;
	uint32_t class;

	if (sock.flags & BT_SOCK_MINI) {
		sock.timer_left_ns += late_ns;
		sock.frees_in_ns += late_ns;
	}
	if (!bt_is_udp(&sock))
		r->fastreuse = f->fastreuse;
	blocks = bt_pair_of(&r->sock, &sock, r->rule).blocks;
	bt_count(r, &sock, blocks);
	class = bt_class(r, &sock, blocks);
	if (described[class] >= bt_quota(class))
		return;
	described[class]++;
	describe(s, r, f, &sock);
}

/* In which order the kernel asks several is not known here; a single one it is. */
static void mark_culprit(struct bt_record *r)
{
	unsigned i;

	for (i = 0; i < r->n_holders && r->totals.blocking == 1; i++)
		if (bt_pair_of(&r->sock, &r->holders[i].sock, r->rule).blocks)
			r->holders[i].sock.flags |= BT_SOCK_CULPRIT;
}

/* Adds the holders to the record. Where not all could be seen, nothing is concluded from seeing none. */
static void complete(struct bpf_source *s, struct bt_record *r)
{
	struct guarded *g = s->guarded;
	unsigned described[4] = { 0 };
	size_t i;

	if (!wants_look(r) || g->err || !is_seen(g, r->task.netns)) {
		r->walk = 0;
		return;
	}
	for (i = 0; i < g->n_found; i++)
		if (is_on_port(r, &g->found[i]) && !is_newer(s, r, &g->found[i].sock))
			visit(s, r, &g->found[i], described);
	mark_culprit(r);
	if (g->truncated)
		r->walk |= BT_WALK_TRUNCATED;
	else if (g->bound || r->sock.protocol == BT_IPPROTO_UDP)
		r->walk |= BT_WALK_DONE;
	r->hdr.len = (uint32_t)(offsetof(struct bt_record, holders) +
				r->n_holders * sizeof(struct bt_holder));
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
			complete(s, &g->records[i]);
			g->lengths[i] = g->records[i].hdr.len;
		}
		err = fn(context, &g->records[i], g->lengths[i]);
	}
	return err ? err : (int)g->n;
}
