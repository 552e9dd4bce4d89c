// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Which of the sockets that a look found were in the way, by the kernel's own rule (bpf/rule.h, bpf/tally.h). */
#include <bpf/bpf.h>
#include <stddef.h>
#include <string.h>

#include "bpf/tally.h"
#include "source/guarded.h"

static bool same_table(const struct bt_sock *s, const struct bt_sock *h)
{
	return bt_is_udp(s) ? h->protocol == s->protocol : !bt_is_udp(h);
}

/* On the port, in the namespace and the table, of whatever VRF; the asking socket itself is not meant. */
static bool is_on_port(const struct bt_record *r, const struct bt_found *f)
{
	const struct bt_sock *s = &r->sock, *h = &f->sock;

	return f->netns == r->task.netns && h->port == s->port && same_table(s, h) &&
	       !(s->sk && s->sk == h->sk) && !(s->cookie && s->cookie == h->cookie);
}

/*
 * Each VRF has buckets of its own, and a socket bound to no device is in none. Of another one the VRF is
 * told by who is bound to the same device, or to the VRF's; by there being only one bucket. false: by nothing.
 */
static bool find_vrf(const struct guarded *g, const struct bt_record *r, uint32_t *vrf)
{
	bool seen = false, several = false;
	size_t i;

	*vrf = 0;
	for (i = 0; i < g->n_found && r->sock.ifindex && !bt_is_udp(&r->sock); i++) {
		const struct bt_found *f = &g->found[i];

		if (!is_on_port(r, f))
			continue;
		if (f->sock.ifindex == r->sock.ifindex || f->l3mdev == r->sock.ifindex) {
			*vrf = f->l3mdev;
			return true;
		}
		several = several || (seen && f->l3mdev != *vrf);
		*vrf = f->l3mdev;
		seen = true;
	}
	return !several;
}

/* It got its port by a call that began when the refusal had been spoken. */
static bool is_newer(struct bpf_source *s, const struct bt_record *r, const struct bt_sock *h)
{
	uint64_t time_ns;

	return h->cookie &&
	       !bpf_map_lookup_elem(bpf_map__fd(s->skeleton->maps.bound), &h->cookie, &time_ns) &&
	       time_ns > r->hdr.boottime_ns;
}

/* recent_deed() and opener_of() of bpf/deed.bpf.h. */
static bool find_recent(const struct bpf_map *map, uint64_t key, struct bt_deed *deed)
{
	uint32_t at = BT_RECENT_AT(key);
	struct bt_recent recent;

	if (!key || bpf_map_lookup_elem(bpf_map__fd(map), &at, &recent) || recent.key != key ||
	    recent.check != bt_recent_check(key, &recent.deed))
		return false;
	*deed = recent.deed;
	return true;
}

static bool find_opener(const struct bpf_source *s, uint64_t key, struct bt_deed *deed)
{
	return find_recent(s->skeleton->maps.connectors, key, deed) ||
	       (key && !bpf_map_lookup_elem(bpf_map__fd(s->skeleton->maps.openers), &key, deed));
}

static void tell(struct bpf_source *s, struct bt_owner *to, const struct bt_deed *deed)
{
	struct bt_cmdline line;

	to->pid = deed->pid;
	to->uid = deed->uid;
	to->start_ns = deed->start_ns;
	to->time_ns = deed->time_ns;
	memcpy(to->comm, deed->comm, sizeof(to->comm));
	if (bpf_map_lookup_elem(bpf_map__fd(s->skeleton->maps.cmdlines), &deed->pid, &line) ||
	    line.start_ns != deed->start_ns)
		return;
	to->cmdline_len = (uint16_t)line.len;
	memcpy(to->cmdline, line.text, sizeof(to->cmdline));
}

static void describe(struct bpf_source *s, struct bt_record *r, const struct bt_found *f,
		     const struct bt_sock *sock)
{
	struct bt_holder *h = &r->holders[r->n_holders++];
	struct bt_deed deed;

	memset(h, 0, sizeof(*h));
	h->sock = *sock;
	if (find_opener(s, f->opener_key, &deed))
		tell(s, &h->opener, &deed);
	if (find_recent(s->skeleton->maps.closers, f->closer_key, &deed))
		tell(s, &h->closer, &deed);
}

/* What the walk of bpf/walk.bpf.c does with a socket of the port. */
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

void guarded_complete(struct bpf_source *s, struct bt_record *r)
{
	struct guarded *g = s->guarded;
	unsigned described[4] = { 0 };
	uint32_t vrf;
	size_t i;

	if (!guarded_wants_look(r) || g->err || !guarded_is_seen(g, r->task.netns) ||
	    !find_vrf(g, r, &vrf)) {
		r->walk = 0;
		return;
	}
	for (i = 0; i < g->n_found; i++)
		if (is_on_port(r, &g->found[i]) && g->found[i].l3mdev == vrf &&
		    !is_newer(s, r, &g->found[i].sock))
			visit(s, r, &g->found[i], described);
	mark_culprit(r);
	if (g->truncated)
		r->walk |= BT_WALK_TRUNCATED;
	else if (g->bound || r->sock.protocol == BT_IPPROTO_UDP)
		r->walk |= BT_WALK_DONE;
	r->hdr.len = (uint32_t)(offsetof(struct bt_record, holders) +
				r->n_holders * sizeof(struct bt_holder));
}
