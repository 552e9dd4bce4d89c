/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * UDP: rounds of random sockets on one port, and the answer that udp_lib_get_port() has to give (kernel.md
 * 2.5). The first socket in the list that does not pass by SO_REUSEADDR decides, so the order is part
 * of it: newest first, but IPv6 with SO_REUSEPORT last. Where more than ten sockets are in one list
 * the kernel asks those of the same address, then those on a wildcard, each in their own order.
 */
#include <arpa/inet.h>

#include "bpf/rule.h"
#include "oracle.h"

enum { CROWDED = 10 };

/* Before 2026 a wildcard looked there, too, and met no socket on a specific address. */
static bool blind;

/* ---- the rule */

/* __inet6_bind() makes a socket on a specific IPv6 address V6ONLY before it asks for the port. */
static struct bt_sock as_asker(const struct spec *spec)
{
	struct bt_sock s = as_bt_sock(spec);

	s.reuse = !!(spec->options & RA);
	s.reuseport = !!(spec->options & RP);
	s.ifindex = (uint32_t)spec->ifindex;
	s.flags = spec->grouped ? BT_SOCK_GROUPED : 0;
	if (s.family == AF_INET6 && !bt_is_any6(&s) && !bt_is_mapped(&s))
		s.v6only = 1;
	return s;
}

/* Do both have one key in the table of addresses? udp_v4_get_port(), udp_v6_get_port() */
static bool same_key(const struct bt_sock *a, const struct bt_sock *b)
{
	bool six_a = a->family == AF_INET6 && !bt_is_mapped(a) && !bt_is_any6(a);
	bool six_b = b->family == AF_INET6 && !bt_is_mapped(b) && !bt_is_any6(b);

	if (six_a || six_b)
		return six_a && six_b && !memcmp(a->addr, b->addr, 16);
	return bt_rcv_saddr(a) == bt_rcv_saddr(b);
}

/* udp_lib_lport_inuse(), udp_lib_lport_inuse2(): who refuses. like: only those with its key; NULL: all. */
static const struct party *first_refusing(const struct round *round, const struct bt_sock *s,
					  const unsigned *order, const struct bt_sock *like)
{
	for (unsigned i = 0; i < round->order.n; i++) {
		const struct party *p = &round->parties[order[i]];
		struct bt_pair pair = bt_udp_pair(s, &p->sock);

		if (like && !same_key(like, &p->sock))
			continue;
		if (!pair.overlap || pair.other_device || !pair.reuseaddr)
			continue;
		return pair.reuseport ? p : NULL;
	}
	return NULL;
}

struct udp_answer udp_answer(struct round *round, const struct spec *spec)
{
	static const struct bt_sock wildcard = { .family = AF_INET };
	const struct order *order = &round->order;
	struct bt_sock s = as_asker(spec);
	struct udp_answer answer = { .blocking = 0 };
	bool unseen = false, unsure;

	for (unsigned i = 0; i < order->n; i++) {
		const struct bt_sock *t = &round->parties[order->by_port[i]].sock;

		if (!bt_udp_pair(&s, t).blocks)
			continue;
		answer.blocking++;
		unseen |= !same_key(&s, t) && !same_key(&wildcard, t);
	}
	if (order->n <= CROWDED || (bt_is_any(&s) && !blind)) {
		answer.culprit = first_refusing(round, &s, order->by_port, NULL);
		unseen = false;
	} else {
		tally.crowded++;
		answer.culprit = first_refusing(round, &s, order->by_address, &s);
		if (!answer.culprit)
			answer.culprit = first_refusing(round, &s, order->by_address, &wildcard);
		tally.blind += unseen && !answer.culprit;
	}
	answer.may_pass = !answer.culprit;
	/* where it stands among others of its new address, the port's list does not say */
	unsure = order->rehashed && order->n > CROWDED;
	/* two addresses may share a list by chance: then the kernel sees what it else would not */
	answer.must_pass = answer.may_pass && !unseen;
	if (unseen || unsure)
		answer.culprit = NULL;
	return answer;
}

/* ---- the list */

static void put(unsigned *list, unsigned n, unsigned which, bool last)
{
	if (!last)
		memmove(list + 1, list, n * sizeof(*list));
	list[last ? n : 0] = which;
}

/* sk_add_node_rcu() */
void udp_took(struct round *round, struct party *party)
{
	struct order *o = &round->order;
	unsigned which = (unsigned)(party - round->parties);
	bool last;

	party->sock = as_asker(&party->spec);
	party->sock.sk = which + 1;
	party->sock.flags = 0;
	last = party->sock.family == AF_INET6 && party->sock.reuseport;
	put(o->by_port, o->n, which, last);
	put(o->by_address, o->n, which, last);
	o->n++;
}

/* udp_lib_rehash(): a wildcard has an address from now on, and comes first among those that share it. */
static void rehash(struct round *round, struct party *party)
{
	struct order *o = &round->order;
	unsigned which = (unsigned)(party - round->parties), at = 0;

	while (o->by_address[at] != which)
		at++;
	memmove(o->by_address + 1, o->by_address, at * sizeof(*o->by_address));
	o->by_address[0] = which;
	o->rehashed++;
}

/* ---- the rounds */

/* A client: its socket has one address and one peer from now on. */
static void connect_out(struct round *round, struct party *party)
{
	bool v4 = party->sock.family == AF_INET, mapped = bt_is_mapped(&party->sock);
	const char *to = v4 ? "127.0.0.1" : "::1";
	struct ep ep, self = { .len = sizeof(self.in6) };
	bool was_any = bt_is_any(&party->sock);

	if (mapped || (bt_is_any6(&party->sock) && !party->sock.v6only && one_in(2)))
		to = "::ffff:127.0.0.1";
	ep = at(to, 60000);
	if (connect(party->fd, &ep.sa, ep.len))
		return; /* tied to a device that leads nowhere */
	must(!getsockname(party->fd, &self.sa, &self.len), "getsockname failed");
	party->state = OUTGOING;
	if (v4)
		memcpy(party->sock.addr, &self.in.sin_addr, 4);
	else
		memcpy(party->sock.addr, &self.in6.sin6_addr, 16);
	if (was_any)
		rehash(round, party);
}

/* Sockets that never meet each other, but may well meet the others; in every other crowd all would share. */
static void add_crowd(struct round *round, unsigned n)
{
	static const char *const addresses[MAX_CROWD] = {
		"127.0.1.1",	    "127.0.1.2",  "127.0.1.3",	      "127.0.1.4",
		"127.0.1.5",	    "127.0.1.6",  "::ffff:127.0.1.7", "127.0.1.8",
		"::ffff:127.0.1.9", "127.0.1.10", "127.0.1.11",
	};

	bool sharing = one_in(2);

	round->crowding = true;
	for (unsigned i = 0; i < n; i++) {
		struct spec spec = next_spec(round);

		spec.address = addresses[i];
		spec.options = (spec.options & (RA | RP)) | (sharing || i % 4 ? RA : 0) | UDP;
		spec.ifindex = 0;
		add_party(round, spec);
	}
	round->crowding = false;
}

/* Another protocol's socket on the same port is nobody's holder. */
static int stranger(unsigned port)
{
	struct ep ep = at("0.0.0.0", port);
	int fd = new_socket(ep, 0);

	bind_ok(fd, ep);
	json_object_put(next_event("bind", port));
	return fd;
}

static struct party *add_random(struct round *round)
{
	struct spec spec = next_spec(round);

	spec.options |= UDP;
	if (round->order.n >= 8 && one_in(2)) { /* else hardly anybody gets in beside a crowd */
		spec.options |= RA;
		if (one_in(2)) {
			spec.address = one_in(2) ? "0.0.0.0" : "::";
			spec.options &= ~V6ONLY;
		}
	}
	return add_party(round, spec);
}

void play_udp(unsigned port)
{
	struct round round = { .udp = true, .port = port };
	unsigned crowd = one_in(3) ? 8 + pick(MAX_CROWD - 7) : 0;
	unsigned holders = 1 + pick(MAX_HOLDERS);
	int other = one_in(8) ? stranger(port) : -1;

	add_crowd(&round, crowd);
	while (round.n < crowd + holders) {
		struct party *p = add_random(&round);

		if (p && one_in(4))
			connect_out(&round, p);
	}
	add_random(&round);
	if (verbose)
		print_round(&round);
	close_round(&round);
	if (other >= 0)
		close(other);
}

/* Eleven sockets on one address, then one on the wildcard. Three times: two lists may be one by chance. */
void udp_init(void)
{
	private_net();
	for (unsigned port = 3000; port < 3003; port++) {
		struct ep ep = at("0.0.0.0", port);
		int fds[CROWDED + 2];

		for (int i = 0; i <= CROWDED; i++) {
			fds[i] = new_socket(ep, UDP | RA);
			bind_ok(fds[i], at("127.0.0.1", port));
		}
		fds[CROWDED + 1] = new_socket(ep, UDP);
		blind |= !bind(fds[CROWDED + 1], &ep.sa, ep.len);
		for (int i = 0; i < CROWDED + 2; i++)
			close(fds[i]);
	}
	printf("a wildcard in a crowded list %s\n", blind ? "meets only wildcards" : "meets all");
}
