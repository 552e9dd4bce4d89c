// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The end of a report: what all of it comes to. */
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "model/endpoint.h"
#include "sink/text.h"
#include "sink/text_parts.h"

enum { SHOWN_TOP = 5 };

static void add_names(struct page *p, const char *label, const struct story_names *names)
{
	if (!names->n)
		return;
	page_row(p, label);
	for (unsigned i = 0; i < names->n; i++) {
		text_add(&p->t, i ? ", " : "");
		page_escaped(p, names->name[i]);
	}
	text_add(&p->t, names->more ? " and others\n" : "\n");
}

static void add_where(struct page *p, const struct bt_record *r)
{
	const char *protocol = endpoint_protocol(&r->sock);

	text_printf(&p->t, "%s ", operation_name(r->operation));
	if (protocol)
		text_printf(&p->t, "%s ", protocol);
	if (!endpoint_asked(r))
		text_add(&p->t, "(no usable address)");
	else if (r->sock.family == AF_UNIX)
		endpoint_add_unix(&p->t, r->path, r->path_len);
	else
		endpoint_add_local(&p->t, &r->sock);
}

static void add_end(struct page *p, const struct story *s)
{
	page_row(p, "end");
	if (s->resolved) {
		text_add(&p->t, "got by ");
		page_escaped(p, s->winner);
		text_add(&p->t, " after ");
		clock_add_span(&p->t, s->after_ns);
	} else {
		text_add(&p->t, "not seen; the last refusal told of came ");
		clock_add_span(&p->t, s->last_ns > s->first_ns ? s->last_ns - s->first_ns : 0);
		text_add(&p->t, " after the first");
	}
	text_add(&p->t, "\n");
}

static int write_story(int fd, const struct text_options *o, const struct story *s, bool hosts)
{
	struct page p;

	page_init(&p, o);
	page_time(&p, s->first_ns);
	if (hosts) {
		page_escaped(&p, s->host);
		text_add(&p.t, "  ");
	}
	add_where(&p, &s->asked);
	text_printf(&p.t, "  %s, %" PRIu64 " refusal%s\n", errno_name(s->asked.error), s->refusals,
		    s->refusals == 1 ? "" : "s");
	add_names(&p, "who", &s->askers);
	add_names(&p, "held", &s->holders);
	page_row(&p, "why");
	page_escaped(&p, s->cause[0] ? s->cause : reason_name(s->reason));
	text_add(&p.t, "\n");
	add_end(&p, s);
	return page_write(&p, fd);
}

/* The largest that is smaller than, or as large as but behind, the one before; n: there is none. */
static size_t next_largest(const uint64_t *counts, size_t n, size_t before)
{
	size_t best = n, i;

	for (i = 0; i < n; i++) {
		if (!counts[i] || (before < n && (counts[i] > counts[before] ||
						  (counts[i] == counts[before] && i <= before))))
			continue;
		if (best == n || counts[i] > counts[best])
			best = i;
	}
	return best;
}

static void add_top(struct page *p, const char *label, const uint64_t *counts, size_t n,
		    void (*add)(struct page *p, const struct story_book *b, size_t i),
		    const struct story_book *book)
{
	size_t at = next_largest(counts, n, n);

	if (at == n)
		return;
	text_printf(&p->t, "%s: ", label);
	for (unsigned shown = 0; at < n && shown < SHOWN_TOP; shown++) {
		text_add(&p->t, shown ? ", " : "");
		add(p, book, at);
		text_printf(&p->t, " %" PRIu64, counts[at]);
		at = next_largest(counts, n, at);
	}
	text_add(&p->t, at < n ? ", ...\n" : "\n");
}

static void add_port(struct page *p, const struct story_book *b, size_t i)
{
	(void)b;
	text_printf(&p->t, "%zu:", i);
}

static void add_holder(struct page *p, const struct story_book *b, size_t i)
{
	page_escaped(p, b->top[i].comm);
	text_add(&p->t, ":");
}

static void add_reason(struct page *p, const struct story_book *b, size_t i)
{
	(void)b;
	text_printf(&p->t, "%s:", reason_name((enum bt_reason)i));
}

static void add_unseen(struct page *p, const struct story_book *b)
{
	if (!b->covered)
		text_add(&p->t, "what could be seen is not known: there is no header\n");
	if (b->counted > b->refusals)
		text_printf(&p->t,
			    "%" PRIu64 " refusals were counted: of %" PRIu64
			    " equal ones the lines tell no more\n",
			    b->counted, b->counted - b->refusals);
	if (b->lost)
		text_printf(&p->t, "%" PRIu64 " refusals were lost: nothing is known of them\n",
			    b->lost);
	if (b->unusable)
		text_printf(&p->t, "%" PRIu64 " line%s could not be used\n", b->unusable,
			    b->unusable == 1 ? "" : "s");
	if (b->cut_short)
		text_printf(&p->t, "%u of %u file%s no end: what came after is not known\n",
			    b->cut_short, b->files,
			    b->cut_short == 1 && b->files == 1 ? " has" : "s have");
}

int text_summary(int fd, const struct text_options *o, const struct story_book *b)
{
	uint64_t holders[TOP_HOLDERS];
	struct page p;
	int err = 0;
	size_t i;

	page_init(&p, o);
	text_printf(&p.t, "\n%zu incident%s, %" PRIu64 " refusal%s told of\n", b->n,
		    b->n == 1 ? "" : "s", b->refusals, b->refusals == 1 ? "" : "s");
	err = page_write(&p, fd);
	for (i = 0; i < b->n && !err; i++)
		err = write_story(fd, o, &b->stories[i], b->hosts > 1);
	if (err)
		return err;
	for (i = 0; i < b->n_top; i++)
		holders[i] = b->top[i].refusals;
	page_init(&p, o);
	add_top(&p, "ports", b->ports, 65536, add_port, b);
	add_top(&p, "holders", holders, b->n_top, add_holder, b);
	add_top(&p, "reasons", b->reasons, N_REASONS, add_reason, b);
	add_unseen(&p, b);
	err = page_write(&p, fd);
	return err || !b->covered ? err : text_header(fd, o, &b->coverage);
}
