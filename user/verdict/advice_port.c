// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What helps where a port is in use. Options are advised by asking the rule again with the option set
 * (totals.still_*, counted over every socket on the port), so that advice is right by construction.
 */
#include <stdio.h>
#include <string.h>

#include "verdict/verdict.h"

/* Does it leave nobody in the way? The rule with another option set, over the whole bucket. */
static bool would_clear(const struct event *e, uint32_t still)
{
	return (e->rec.walk & BT_WALK_DONE) && !(e->rec.walk & BT_WALK_STALE) &&
	       e->rec.totals.blocking && !still;
}

/* The program a person would edit: the script of an interpreter, else the command. */
static const char *program(const struct event *e, char name[64])
{
	static const char *const interpreters[] = { "python", "node", "ruby", "perl", "php" };
	const struct process *p = &e->asker;
	const char *script = memchr(p->cmdline, '\0', p->cmdline_len), *slash;
	int room = script ? (int)(p->cmdline + p->cmdline_len - script - 1) : 0;
	size_t i;

	if (e->trial)
		return "the program";
	snprintf(name, 64, "%s", p->comm);
	for (i = 0; i < sizeof(interpreters) / sizeof(*interpreters); i++) {
		if (strncmp(p->comm, interpreters[i], strlen(interpreters[i])) || room <= 0 ||
		    script[1] == '-')
			continue;
		snprintf(name, 64, "%.*s", room < 63 ? room : 63, script + 1);
		slash = strrchr(name, '/');
		return slash && slash[1] ? slash + 1 : name;
	}
	return name;
}

/* Is it somebody's outgoing connection, or what is left of one? Then no restart of ours changes anything. */
static bool is_foreign(const struct event *e)
{
	const struct holder *h = event_decisive(e);

	return h->role == ROLE_OUTGOING || e->rec.fastreuse == -1 ||
	       (h->opener.time_ns && (h->role == ROLE_TIME_WAIT || h->role == ROLE_FIN_WAIT2));
}

/*
 * SO_REUSEADDR: now, when that clears everything; at the next restart, when what blocks now was born
 * without it and ends. Never against a listener.
 */
static void advise_reuseaddr(struct event *e)
{
	const struct bt_pair *pair = &event_decisive(e)->pair;
	bool holder_lacks = pair->reuseaddr == BT_REUSEADDR_HOLDER_LACKS;
	char text[EVENT_TEXT], name[64];
	const char *who = program(e, name);

	if (!e->rec.sock.reuse && would_clear(e, e->rec.totals.still_reuseaddr)) {
		snprintf(text, sizeof(text),
			 "set SO_REUSEADDR before bind() in %s: the old sockets have it, so it "
			 "helps at once",
			 who);
		verdict_advise(e, ACTION_SET_REUSEADDR, EFFECTIVE_NOW, text);
	} else if (is_foreign(e)) {
		return;
	} else if (holder_lacks) {
		snprintf(text, sizeof(text),
			 "keep SO_REUSEADDR in %s: it is right, and helps from the restart after "
			 "this one",
			 who);
		verdict_advise(e, ACTION_SET_REUSEADDR, EFFECTIVE_NEXT_RESTART, text);
	} else if (pair->reuseaddr == BT_REUSEADDR_BOTH_LACK) {
		snprintf(text, sizeof(text),
			 "set SO_REUSEADDR before bind() in %s: it helps from the restart after "
			 "this one, not now",
			 who);
		verdict_advise(e, ACTION_SET_REUSEADDR, EFFECTIVE_NEXT_RESTART, text);
	}
}

static void advise_reuseport(struct event *e)
{
	const struct bt_pair *pair = &event_decisive(e)->pair;

	if (pair->reuseport == BT_REUSEPORT_NEW_LACKS &&
	    would_clear(e, e->rec.totals.still_reuseport))
		verdict_advise(
			e, ACTION_SET_REUSEPORT, EFFECTIVE_NOW,
			"set SO_REUSEPORT before bind() here too, if both are meant to share the "
			"port");
	else if (e->verdict.reason == REASON_REUSEPORT_ONE_SIDED)
		verdict_advise(
			e, ACTION_SET_REUSEPORT, EFFECTIVE_NEXT_RESTART,
			"set SO_REUSEPORT before bind() in both programs, if both are meant to "
			"share the port");
}

/* Does the kernel give this port to who does not care which, and did it? Then it can be told not to. */
static bool was_chosen(const struct event *e)
{
	const struct bt_record *r = &e->rec;
	bool in_range = r->sock.port >= r->port_low && r->sock.port <= r->port_high;

	return (in_range || !r->port_low) &&
	       !(r->holders[e->verdict.decisive].sock.flags & BT_SOCK_BOUND_PORT);
}

/* The command adds to what is reserved already; an empty list takes no comma. */
static void advise_reserve(struct event *e)
{
	const struct bt_record *r = &e->rec;
	char text[EVENT_TEXT], range[32] = "";
	struct advice *a;

	if (!was_chosen(e))
		return;
	if (r->port_low)
		snprintf(range, sizeof(range), ", %u to %u", r->port_low, r->port_high);
	snprintf(text, sizeof(text),
		 "keep the port out of the range of source ports%s, so that this cannot happen "
		 "again",
		 range);
	a = verdict_advise(e, ACTION_RESERVE_PORT, EFFECTIVE_NEXT_RESTART, text);
	if (a)
		snprintf(a->command, sizeof(a->command),
			 "sysctl -w net.ipv4.ip_local_reserved_ports=\"$(sysctl -n "
			 "net.ipv4.ip_local_reserved_ports | sed 's/.$/&,/')%u\"",
			 r->sock.port);
}

/* Are sockets in the way on addresses that are not shown? */
static bool has_more_addresses(const struct event *e)
{
	for (unsigned i = 0; i < e->rec.n_holders; i++)
		if (e->holders[i].more_addresses)
			return true;
	return false;
}

/* Another specific address is free when every blocker is on a specific one and the wildcard met them. */
static void advise_other_address(struct event *e)
{
	if (bt_is_any(&e->rec.sock) && !e->rec.totals.blocking_wildcard &&
	    (e->rec.walk & BT_WALK_DONE) && !has_more_addresses(e))
		verdict_advise(
			e, ACTION_USE_OTHER_ADDRESS, EFFECTIVE_NOW,
			"bind the address you need instead of the wildcard: only the address shown "
			"is held");
}

/*
 * Would the port be free for the user who holds it? Sockets of the asker's own uid get into the way
 * then, so every one on the port must be described.
 */
static bool same_user_clears(const struct event *e)
{
	struct bt_sock s = e->rec.sock;

	s.uid = e->rec.holders[e->verdict.decisive].sock.uid;
	if (!would_clear(e, e->rec.totals.total != e->rec.n_holders))
		return false;
	for (unsigned i = 0; i < e->rec.n_holders; i++)
		if (bt_pair_of(&s, &e->rec.holders[i].sock, e->rec.rule).blocks)
			return false;
	return true;
}

/* Multicast and mDNS: every socket of the port has to ask for it, each before its bind(). */
static void advise_udp_sharing(struct event *e)
{
	if (!e->rec.sock.reuse && would_clear(e, e->rec.totals.still_reuseaddr))
		verdict_advise(e, ACTION_SET_REUSEADDR, EFFECTIVE_NOW,
			       "set SO_REUSEADDR before bind() here too, if both are meant to get "
			       "multicast; of unicast only one of them gets a packet");
	else if (e->verdict.reason == REASON_UDP_IN_USE &&
		 event_decisive(e)->pair.reuseport != BT_REUSEPORT_NEW_LACKS)
		verdict_advise(
			e, ACTION_SET_REUSEADDR, EFFECTIVE_NEXT_RESTART,
			"set SO_REUSEADDR before bind() in both programs, if they are meant to "
			"share it");
}

/* What the two sockets could agree on; no option can be set on one that is the kernel's own. */
static void advise_sharing(struct event *e)
{
	enum bt_role role = event_decisive(e)->role;

	if (e->rec.sock.kernel || e->rec.holders[e->verdict.decisive].sock.kernel)
		return;
	advise_reuseport(e);
	if (role == ROLE_UDP)
		advise_udp_sharing(e);
	else if (role != ROLE_LISTENER) /* somebody's outgoing connection: only if it helps now */
		advise_reuseaddr(e);
}

/* What the asker could ask for instead. */
static void advise_otherwise(struct event *e)
{
	const struct bt_sock *s = &e->rec.sock;

	if (s->family == BT_AF_INET6 && !s->v6only && !s->kernel &&
	    would_clear(e, e->rec.totals.still_v6only))
		verdict_advise(
			e, ACTION_SET_V6ONLY, EFFECTIVE_NOW,
			"set IPV6_V6ONLY before bind(): then this socket leaves the IPv4 port "
			"alone");
	if (!s->kernel)
		advise_other_address(e);
	verdict_advise(e, ACTION_USE_OTHER_PORT, EFFECTIVE_NOW, "move to another port");
}

void verdict_advise_port(struct event *e)
{
	enum bt_role role = event_decisive(e)->role;

	if (e->verdict.reason == REASON_REUSEPORT_UID && same_user_clears(e))
		verdict_advise(e, ACTION_SAME_USER, EFFECTIVE_NOW,
			       "run both as the same user: SO_REUSEPORT shares a port only within "
			       "one uid, root included");
	if (is_foreign(e))
		advise_reserve(e);
	else if (e->verdict.reason == REASON_LISTEN_CONFLICT)
		verdict_advise(e, ACTION_LISTEN_ONCE, EFFECTIVE_NOW,
			       "let only one of the two sockets listen, or set SO_REUSEPORT on "
			       "both before bind()");
	verdict_advise_wait(e);
	if ((role == ROLE_UDP || bt_is_sctp(&e->rec.sock)) && e->rec.totals.blocking > 1)
		verdict_advise_stop_each(e);
	else if (role == ROLE_LISTENER || role == ROLE_BOUND || role == ROLE_ACCEPTED ||
		 role == ROLE_UDP || role == ROLE_ASSOCIATION)
		verdict_advise_stop(e);
	verdict_advise_kernel_use(e);
	advise_sharing(e);
	advise_otherwise(e);
}
