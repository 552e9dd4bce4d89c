/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The rule of SCTP and of ping sockets (user/model/pair.h) against the kernel: every pair of a holder and a new
 * socket, of some addresses, options and states. No tracer takes part.
 * Prints "ok|FAIL|SKIP NAME" lines, as the cases do.
 */
#include "kit.h"
#include "model/pair.h"

enum { SCTP_REUSE_PORT = 36, OTHER_USER = 1000 };

struct side {
	const char *address;
	bool v6only, reuse, reuse_sctp, reuseport, listens, other_user;
};

static unsigned port, binds, mismatches;

static struct ep endpoint(const struct side *s)
{
	return at(s->address, port);
}

static struct bt_sock sock_of(const struct side *s, unsigned kind, uint64_t sk)
{
	struct ep ep = endpoint(s);
	bool six = ep.sa.sa_family == AF_INET6;
	struct bt_sock b = { .sk = sk,
			     .family = ep.sa.sa_family,
			     .port = (uint16_t)port,
			     .protocol = kind == SCTP ? IPPROTO_SCTP
					 : six	      ? IPPROTO_ICMPV6
						      : IPPROTO_ICMP,
			     .state = s->listens ? BT_TCP_LISTEN : BT_TCP_CLOSE,
			     .uid = s->other_user ? OTHER_USER : 0,
			     .v6only = s->v6only,
			     .reuse = s->reuse,
			     .reuse_sctp = s->reuse_sctp,
			     .reuseport = s->reuseport };

	if (six)
		memcpy(b.addr, &ep.in6.sin6_addr, 16);
	else
		memcpy(b.addr, &ep.in.sin_addr, 4);
	return b;
}

static int make(const struct side *s, unsigned kind)
{
	unsigned options =
		kind | (s->v6only ? V6ONLY : 0) | (s->reuse ? RA : 0) | (s->reuseport ? RP : 0);
	int fd = new_socket_as(s->other_user ? OTHER_USER : 0, endpoint(s), options), one = 1;

	if (s->reuse_sctp)
		must(!setsockopt(fd, IPPROTO_SCTP, SCTP_REUSE_PORT, &one, sizeof(one)),
		     "SCTP_REUSE_PORT failed");
	return fd;
}

static void describe(const char *who, const struct side *s)
{
	printf("  %s %s%s%s%s%s%s%s\n", who, s->address, s->v6only ? " v6only" : "",
	       s->reuse ? " SO_REUSEADDR" : "", s->reuse_sctp ? " SCTP_REUSE_PORT" : "",
	       s->reuseport ? " SO_REUSEPORT" : "", s->listens ? " listens" : "",
	       s->other_user ? " of another user" : "");
}

/*
 * The bucket remembers that all its sockets had SO_REUSEADDR and did not listen, and forgets to forget it when
 * one with SO_REUSEPORT listens: fastreuseport passes that by (sctp_get_port_local).
 */
static bool may_slip(const struct side *holder, const struct side *new)
{
	return holder->listens && holder->reuseport && (holder->reuse || holder->reuse_sctp) &&
	       (new->reuse || new->reuse_sctp);
}

/* What the kernel says of the new socket, with the holder in place, and what the rule says. */
static void compare(const struct side *holder, const struct side *new, unsigned kind)
{
	struct bt_sock s = sock_of(new, kind, 1), t = sock_of(holder, kind, 2);
	struct ep ep = endpoint(new);
	int fd = make(new, kind);
	bool refused = bind(fd, &ep.sa, ep.len);

	must(!refused || errno == EADDRINUSE, "an error that was not foreseen");
	shut(fd);
	binds++;
	if (bt_pair_of(&s, &t, 0).blocks == refused || (!refused && may_slip(holder, new)))
		return;
	if (!mismatches++) {
		printf("FAIL %s: the kernel %s it, the rule does not\n",
		       kind == SCTP ? "sctp" : "ping", refused ? "refuses" : "allows");
		describe("holder", holder);
		describe("new", new);
	}
}

/* Bit by bit, so that every combination comes; false: there is no such one. */
static bool draw(struct side *s, unsigned bits, const char *const addresses[], unsigned n, bool new)
{
	*s = (struct side){ .address = addresses[bits % n] };
	bits /= n;
	s->reuse = bits & 1;
	s->reuseport = bits & 2;
	s->v6only = bits & 4;
	s->reuse_sctp = bits & 8;
	s->listens = bits & 16;
	s->other_user = bits & 32;
	return !(s->v6only && !strchr(s->address, ':')) &&
	       !(s->v6only && strchr(s->address, '.')) && !(s->reuse && s->reuse_sctp) &&
	       !(s->other_user && !s->reuseport) && !(new && (s->listens || s->other_user));
}

static void compare_all(unsigned kind, const char *const addresses[], unsigned n, unsigned bits)
{
	struct side holder, new;

	for (unsigned i = 0; i < n * bits; i++) {
		struct ep ep;
		int fd;

		if (!draw(&holder, i, addresses, n, false))
			continue;
		ep = endpoint(&holder);
		fd = make(&holder, kind);
		bind_ok(fd, ep);
		if (holder.listens)
			listen_ok(fd);
		for (unsigned j = 0; j < n * bits; j++)
			if (draw(&new, j, addresses, n, true))
				compare(&holder, &new, kind);
		shut(fd);
	}
	if (!mismatches)
		printf("ok %s (%u binds)\n", kind == SCTP ? "sctp" : "ping", binds);
}

static bool has_sctp(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

int main(void)
{
	static const char *const of_sctp[] = { "0.0.0.0", "127.0.0.1",	      "127.0.0.2",     "::",
					       "::1",	  "::ffff:127.0.0.1", "::ffff:0.0.0.0" };
	static const char *const of_ping[] = { "0.0.0.0", "127.0.0.1", "127.0.0.2", "::", "::1" };

	private_net();
	set_sysctl("ipv4/ping_group_range", "0 0");
	port = free_port();
	compare_all(PING, of_ping, 5, 2);
	binds = 0;
	if (has_sctp())
		compare_all(SCTP, of_sctp, 7, 64);
	else
		printf("SKIP sctp: this kernel has no SCTP\n");
	return mismatches != 0;
}
