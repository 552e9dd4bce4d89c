/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From a listening socket to every state a port's holder can have. A state is waited for, in the
 * socket itself where it has a descriptor: a FIN may be acknowledged only after some 40 ms, and
 * until then the socket is another one for the rule.
 */
#include <poll.h>
#include <sys/fsuid.h>

#include "oracle.h"

enum { SINK_PORT = 62000, PATIENCE_MS = 20000, ORPHAN_S = 100 };

/* Takes the connections that holders make elsewhere. */
static int sink = -1, sink_ends[2 * MAX_PARTIES];
static unsigned n_sink_ends;

static struct tcp_info info_of(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	must(!getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len), "TCP_INFO failed");
	return info;
}

static void await_tcp(int fd, unsigned state)
{
	for (int ms = 0; info_of(fd).tcpi_state != state; ms++) {
		if (ms == PATIENCE_MS)
			fail("waited in vain for TCP state %u", state);
		nap_ms(1);
	}
}

void open_sink(void)
{
	struct ep ep = at("::", SINK_PORT);

	sink = new_socket(ep, 0);
	bind_ok(sink, ep);
	listen_ok(sink);
}

void close_sink(void)
{
	if (sink >= 0)
		close(sink);
	sink = -1;
}

static const char *random_v4(bool mapped)
{
	static const char *const v4[] = { "127.0.0.1", "127.0.0.2", "127.0.0.6" };
	static const char *const six[] = { "::ffff:127.0.0.1", "::ffff:127.0.0.2",
					   "::ffff:127.0.0.6" };

	return (mapped ? six : v4)[pick(3)];
}

/* Somewhere a peer finds a socket with this spec. */
static const char *reachable(const struct spec *spec)
{
	if (!strcmp(spec->address, "0.0.0.0") || !strcmp(spec->address, "::ffff:0.0.0.0"))
		return random_v4(false);
	if (!strncmp(spec->address, "::ffff:", 7))
		return spec->address + 7;
	if (strcmp(spec->address, "::"))
		return spec->address;
	if (!(spec->options & V6ONLY) && one_in(2))
		return random_v4(false);
	return one_in(2) ? "::1" : "fd00::2";
}

/* ---- a connection to the party's listener */

/* Connections that wait for accept(): a listener shows them as tcpi_unacked. */
static unsigned queue_of(const struct party *p)
{
	struct tcp_info info = { 0 };

	if (p->fd >= 0)
		info = info_of(p->fd);
	return info.tcpi_state == TCP_LISTEN ? info.tcpi_unacked : 0;
}

/* Whoever shares the port by SO_REUSEPORT, or has the more specific address, may get it instead. */
static struct party *receiver(struct round *round, const unsigned before[MAX_PARTIES])
{
	for (int ms = 0; ms < PATIENCE_MS; ms++) {
		for (unsigned i = 0; i < round->n; i++) {
			if (queue_of(&round->parties[i]) > before[i])
				return &round->parties[i];
		}
		nap_ms(1);
	}
	fail("nobody got the connection");
}

/* Connects to the party's address. Its listener, whose only connection this is, or NULL. */
static struct party *make_connection(struct round *round, struct party *party)
{
	struct ep to = at(reachable(&party->spec), round->port);
	unsigned before[MAX_PARTIES] = { 0 };
	struct party *got;

	for (unsigned i = 0; i < round->n; i++)
		before[i] = queue_of(&round->parties[i]);
	party->client = connect_to(to);
	got = receiver(round, before);
	party->sockets++;
	party->state = UNACCEPTED;
	return before[got - round->parties] ? NULL : got; /* accept() would give the older one */
}

static void accept_connection(struct party *party, const struct party *listener)
{
	static const uid_t uids[] = { 0, 1000, 1001 };

	setfsuid(uids[pick(3)]);
	party->child = accept_from(listener->fd);
	setfsuid(0);
	party->state = ESTABLISHED;
}

/* ---- its end */

static void drop(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* The child's half is closed and acknowledged. */
static void half_close(struct party *party)
{
	must(!shutdown(party->child, SHUT_WR), "shutdown failed");
	await_tcp(party->child, TCP_FIN_WAIT2);
}

/*
 * Two ways: as a server does it, with nothing left of the socket but the kernel's own closing; or
 * with the descriptor kept, where the mini-socket is there as soon as the socket says CLOSE.
 */
static void to_time_wait(const struct round *round, struct party *party)
{
	int there = 0;

	for (unsigned i = 0; i < round->n; i++)
		there += round->parties[i].state == TIME_WAIT;
	if (one_in(2)) {
		drop(&party->child);
		await_eof(party->client);
		drop(&party->client);
		await_state(round->port, TCP_TIME_WAIT, there + 1);
	} else {
		half_close(party);
		drop(&party->client);
		await_tcp(party->child, TCP_CLOSE);
		drop(&party->child);
	}
}

static void finish_connection(const struct round *round, struct party *party, enum state state)
{
	int orphan_s = ORPHAN_S;

	switch (state) {
	case CLOSE_WAIT:
		must(!shutdown(party->client, SHUT_WR), "shutdown failed");
		await_tcp(party->child, TCP_CLOSE_WAIT);
		break;
	case ORPHAN: /* what is beyond 60 s is spent as a full socket */
		must(!setsockopt(party->child, IPPROTO_TCP, TCP_LINGER2, &orphan_s, sizeof(int)),
		     "TCP_LINGER2 failed");
		half_close(party);
		drop(&party->child);
		break;
	case FIN_WAIT2:
		half_close(party);
		drop(&party->child);
		break;
	case TIME_WAIT:
		to_time_wait(round, party);
		break;
	default:
		return;
	}
	party->state = state;
}

/* A listener with connections in its queue would reset them, and they may be another party's. */
static void close_listener(struct party *party)
{
	if (queue_of(party))
		return;
	drop(&party->fd);
	party->listener_gone = true;
	party->sockets--;
}

/* ---- a connection of its own */

static void connect_out(struct party *party)
{
	bool v4 = !strchr(party->spec.address, ':');
	bool mapped = !strncmp(party->spec.address, "::ffff:", 7);
	bool any = !strcmp(party->spec.address, "::") && !(party->spec.options & V6ONLY);
	const char *to = "::1";

	if (v4 || mapped || (any && one_in(2)))
		to = random_v4(!v4);
	struct ep ep = at(to, SINK_PORT);

	/* the same connection may exist already: then it stays bound, and the tracer tells of it */
	if (connect(party->fd, &ep.sa, ep.len)) {
		tally.refusals += errno == EADDRNOTAVAIL;
		return;
	}
	must(n_sink_ends < sizeof(sink_ends) / sizeof(*sink_ends), "too many connections out");
	sink_ends[n_sink_ends++] = accept_from(sink);
	party->state = OUTGOING;
}

void reach_state(struct round *round, struct party *party, enum state state)
{
	const struct party *listener;

	if (state == OUTGOING) {
		connect_out(party);
		return;
	}
	listener = make_connection(round, party);
	if (!listener || state == UNACCEPTED)
		return;
	accept_connection(party, listener);
	finish_connection(round, party, state);
	if (one_in(2))
		close_listener(party);
}

void close_party(struct party *party)
{
	drop(&party->fd);
	drop(&party->child);
	drop(&party->client);
}

void close_round(struct round *round)
{
	for (unsigned i = 0; i < round->n; i++)
		close_party(&round->parties[i]);
	while (n_sink_ends)
		close(sink_ends[--n_sink_ends]);
}
