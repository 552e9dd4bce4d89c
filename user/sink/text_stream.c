// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What stands around the reports: the first line, the counts of equal refusals, the last line. */
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "model/endpoint.h"
#include "model/words.h"
#include "sink/text_parts.h"

/* By bit of enum bt_missing. */
static const char *const gaps[N_MISSING_BITS] = {
	"binds made through io_uring",
	"binds the kernel makes for itself",
	"which processes share a socket",
	"who reused an address pair (owners are matched by address)",
	"which security module or filter said no",
	"UNIX sockets",
	"connect() without a free port",
	"sendto() without a free port",
	"what seccomp refuses",
	"what 32-bit programs bind",
	"what /proc knows of processes (their ids are the first pid namespace's)",
	"TCP sockets that are bound and do not listen",
	"who holds a port of UDP",
	"command line and parent of who asks",
	"listen(), connect(), sendmsg() and sctp_bindx() of SCTP",
	"program and folder of other users' processes (cap_sys_ptrace is missing)",
	"addresses in other network namespaces, BPF programs by name (cap_sys_admin is missing)",
};

const char *text_gap(unsigned bit)
{
	return bit < N_MISSING_BITS ? gaps[bit]
				    : "something that this bindtrace has no words for: a newer one "
				      "recorded it";
}

/* What is worst about it, and how much more there is: "degraded: who holds a port is not seen, and 3 things more" */
static void add_degraded(struct page *p, const struct coverage *c)
{
	unsigned n = (unsigned)__builtin_popcount(c->missing);
	bool worse = c->read == READ_NONE || c->read == READ_ITERATOR;

	if (!n && !worse)
		return;
	text_add(&p->t, ", ");
	page_styled(p, YELLOW, "degraded");
	text_add(&p->t, ": ");
	if (c->read == READ_NONE)
		text_add(&p->t, "who holds a port is not seen");
	else if (c->read == READ_ITERATOR)
		text_add(&p->t, "who holds a port is looked up 1 ms after the refusal");
	if (n)
		text_printf(&p->t, "%s%u thing%s", worse ? ", and " : "", n, n == 1 ? "" : "s");
	if (n)
		text_printf(&p->t, " %s not seen here", n == 1 ? "is" : "are");
	if (n && !p->o->verbose)
		text_printf(&p->t, " (-v or bindtrace doctor names %s)", n == 1 ? "it" : "them");
}

static void add_gaps(struct page *p, const struct coverage *c)
{
	const char *label = "gaps";

	for (unsigned i = 0; i < N_MISSING_BITS; i++) {
		if (!(c->missing & 1u << i))
			continue;
		page_row(p, label);
		text_printf(&p->t, "%s\n", gaps[i]);
		label = "";
	}
	if (c->missing & WORD_OTHER_MISSING) {
		page_row(p, label);
		text_printf(&p->t, "%s\n", text_gap(N_MISSING_BITS));
	}
}

int text_header(int fd, const struct text_options *o, const struct coverage *c)
{
	struct page p;

	page_init(&p, o);
	text_add(&p.t, "watching for refused binds");
	if (c->hook < BT_N_HOOKS)
		text_printf(&p.t, " by %s", hook_name(c->hook));
	else
		text_add(&p.t, ", in a way that is not known here");
	add_degraded(&p, c);
	text_add(&p.t, "\n");
	if (o->verbose)
		add_gaps(&p, c);
	return page_write(&p, fd);
}

int text_clock(int fd, const struct text_options *o, const struct clock_change *change,
	       uint64_t realtime_ns)
{
	bool back = change->set_ns < 0;
	struct page p;

	page_init(&p, o);
	if (change->set_ns) {
		page_time(&p, realtime_ns);
		page_styled(&p, YELLOW, "clock");
		text_printf(&p.t, " set %s by ", back ? "back" : "forward");
		clock_add_span(&p.t, back ? -(uint64_t)change->set_ns : (uint64_t)change->set_ns);
		text_printf(&p.t, ": every time above, also when a port frees, is now so much %s\n",
			    back ? "earlier" : "later");
	}
	if (change->slept_ns) {
		page_time(&p, realtime_ns);
		page_styled(&p, YELLOW, "asleep");
		text_add(&p.t, " for ");
		clock_add_span(&p.t, change->slept_ns);
		text_add(&p.t, ": ports that were to free by themselves do so that much later\n");
	}
	return page_write(&p, fd);
}

int text_footer(int fd, const struct text_options *o, const struct totals *t)
{
	const char *before = "by reason: ";
	struct page p;

	page_init(&p, o);
	text_printf(&p.t, "refused %" PRIu64 " = printed %" PRIu64 " + folded %" PRIu64 " + ",
		    t->printed + t->folded + t->lost, t->printed, t->folded);
	if (t->lost)
		page_styled(&p, RED, "lost");
	else
		text_add(&p.t, "lost");
	text_printf(&p.t, " %" PRIu64 "\n", t->lost);
	for (int i = 0; i < N_REASONS && o->verbose; i++) {
		if (!t->by_reason[i])
			continue;
		text_printf(&p.t, "%s%s %" PRIu64, before, reason_name(i), t->by_reason[i]);
		before = ", ";
	}
	if (before[0] == ',')
		text_add(&p.t, "\n");
	return page_write(&p, fd);
}
