// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/census.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/number.h"
#include "enrich/netns.h"
#include "enrich/proc.h"
#include "enrich/process.h"

enum {
	MAX_LOOKS = 32,
	RESERVED_TEXT = 1 << 19, /* 65536 ports of up to 5 digits, with commas */
};

#define LOOK_EVERY_NS 250000000ull

/* Protocols that share their ports. */
static uint16_t table_of(const struct bt_sock *s)
{
	return s->protocol == IPPROTO_MPTCP ? IPPROTO_TCP : s->protocol;
}

/* Takes one row, when it is of the namespace and protocol. For ports_source_*(). */
static void census_add(void *look, const struct bt_open *row)
{
	struct census_look *l = look;
	struct bt_open *more;

	if (row->netns != l->netns || table_of(&row->sock) != l->protocol)
		return;
	if (l->n_rows == l->room) {
		size_t room = l->room ? 2 * l->room : 1024;

		more = realloc(l->rows, room * sizeof(*more));
		if (!more) {
			l->err = -ENOMEM;
			return;
		}
		l->rows = more;
		l->room = room;
	}
	l->rows[l->n_rows++] = *row;
}

static int reserve(uint16_t first, uint16_t last, void *bits)
{
	for (unsigned port = first; port <= last; port++)
		((uint64_t *)bits)[port / 64] |= 1ull << (port % 64);
	return 0;
}

/* In the network namespace of the asker: what no process has, and which ports nobody is given. */
static void look_inside(void *context)
{
	struct census_look *l = context;
	char *text = malloc(RESERVED_TEXT);

	l->err = ports_source_tables(l->source, census_add, l);
	if (text && proc_read(AT_FDCWD, "/proc/sys/net/ipv4/ip_local_reserved_ports", text,
			      RESERVED_TEXT) > 0) {
		text[strcspn(text, "\n")] = '\0';
		number_ports(text, reserve, l->reserved);
	}
	free(text);
}

static void look(struct census_look *l, const struct bt_record *r)
{
	int err;

	l->netns = r->task.netns;
	l->protocol = table_of(&r->sock);
	l->n_rows = 0;
	memset(l->reserved, 0, sizeof(l->reserved));
	census_prepare(l);
	if (l->err)
		return;
	l->err = ports_source_processes(l->source, census_add, l);
	/* of a namespace that is gone, with its last process, nothing can be said any more */
	err = l->err ? 0 : netns_visit(r, look_inside, l);
	l->time_ns = err ? 0 : clock_boottime_ns();
}

void census_prepare(struct census_look *l)
{
	if (!l->source)
		l->err = ports_source_open(&l->source);
}

/* Made after the refusal: an older one may be of another namespace, which had the same number. */
static bool is_after(const struct census_look *l, const struct bt_record *r)
{
	return l->time_ns >= r->hdr.boottime_ns && l->netns == r->task.netns &&
	       l->protocol == table_of(&r->sock);
}

/* So many looks at once and so many a second: a storm must not keep us from reading. */
static bool may_look(struct census_look *l)
{
	uint64_t now = clock_boottime_ns();

	if (now >= l->full_ns + MAX_LOOKS * LOOK_EVERY_NS)
		l->full_ns = now - MAX_LOOKS * LOOK_EVERY_NS;
	if (l->full_ns + LOOK_EVERY_NS > now)
		return false;
	l->full_ns += LOOK_EVERY_NS;
	return true;
}

/* Sockets whose tables the census reads: ports of SCTP and identifiers of ping sockets are not in them. */
static bool is_counted(const struct bt_sock *s)
{
	return (s->family == BT_AF_INET || s->family == BT_AF_INET6) &&
	       (s->protocol == IPPROTO_TCP || s->protocol == IPPROTO_MPTCP || bt_is_udp(s));
}

/* A port was to be chosen, and there was none. */
static bool found_none(const struct bt_record *r)
{
	if (!r->error || !is_counted(&r->sock))
		return false;
	if (r->operation == BT_OP_CONNECT || r->operation == BT_OP_AUTOBIND)
		return !r->bound_port;
	return r->error == EADDRINUSE && !r->sock.port;
}

void census_apply(struct census_look *l, struct event *e)
{
	if (!found_none(&e->rec) || l->err)
		return;
	if (!is_after(l, &e->rec)) {
		if (!may_look(l))
			return;
		look(l, &e->rec);
	}
	if (l->err || !is_after(l, &e->rec))
		return;
	census_count(&e->census, &e->rec, l);
	for (unsigned i = 0; i < e->census.n_users; i++)
		process_enrich(&e->census.users[i].who);
}

void census_end(struct census_look *l)
{
	ports_source_close(l->source);
	free(l->rows);
	memset(l, 0, sizeof(*l));
}
