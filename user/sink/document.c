// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "sink/document.h"

#include <errno.h>

#include "model/names.h"
#include "model/words.h"
#include "sink/text_parts.h"

void document_begin(struct document *d, int fd)
{
	d->fd = fd;
	d->err = 0;
	text_init(&d->t, d->buf, sizeof(d->buf));
}

static void write_out(struct document *d)
{
	if (d->t.cut && !d->err)
		d->err = -EOVERFLOW;
	if (!d->err)
		d->err = write_all(d->fd, d->t.buf, d->t.len);
	text_init(&d->t, d->buf, sizeof(d->buf));
}

void document_flush(struct document *d)
{
	if (d->t.len > sizeof(d->buf) / 2 || d->t.cut)
		write_out(d);
}

int document_end(struct document *d)
{
	write_out(d);
	return d->err;
}

struct text *piece_begin(struct piece *p)
{
	text_init(&p->t, p->buf, sizeof(p->buf));
	return &p->t;
}

void document_title(struct text *t, const struct story_book *b)
{
	text_add(t, "Refused binds");
	if (b->n_origins == 1 && b->origins[0].host[0]) {
		text_add(t, " on ");
		words_safe(t, b->origins[0].host);
	} else if (b->n_origins > 1) {
		text_printf(t, b->more_origins ? " on more than %u hosts" : " on %u hosts",
			    b->n_origins);
	}
	if (!b->n)
		return;
	text_add(t, ", ");
	words_day(t, b->stories[0].first_ns);
}

/* The gap with this number; NULL: there are no more, or nobody knows. */
static const char *gap(const struct story_book *b, unsigned i)
{
	if (!b->covered)
		return NULL;
	for (unsigned bit = 0; bit < N_MISSING_BITS; bit++)
		if (b->coverage.missing & 1u << bit && !i--)
			return text_gap(bit);
	return b->coverage.missing & WORD_OTHER_MISSING && !i ? text_gap(N_MISSING_BITS) : NULL;
}

static void add_port(struct text *t, const struct story_book *b, size_t i)
{
	(void)b;
	text_printf(t, "%zu", i);
}

static void add_holder(struct text *t, const struct story_book *b, size_t i)
{
	words_safe(t, b->top[i].comm);
}

static void add_reason(struct text *t, const struct story_book *b, size_t i)
{
	(void)b;
	text_add(t, reason_name((enum bt_reason)i));
}

/* Refusals by port, reason or holder, and the name of entry i. */
struct ranking {
	const char *label;
	size_t n;
	const uint64_t *counts;
	void (*name)(struct text *t, const struct story_book *b, size_t i);
};

static void add_top(struct document *d, const struct document_markup *m, const struct ranking *r,
		    const struct story_book *b)
{
	size_t at = words_next_largest(r->counts, r->n, r->n);
	struct piece p;

	if (at == r->n)
		return;
	m->top(d, r->label);
	for (unsigned i = 0; i < DOCUMENT_TOP && at < r->n; i++) {
		r->name(piece_begin(&p), b, at);
		m->top_row(d, &p, r->counts[at]);
		at = words_next_largest(r->counts, r->n, at);
	}
	m->top_end(d, at < r->n);
	document_flush(d);
}

void document_tops(struct document *d, const struct document_markup *m, const struct story_book *b)
{
	uint64_t holders[TOP_HOLDERS];
	const struct ranking rankings[] = {
		{ "Port", 65536, b->ports, add_port },
		{ "Holder", b->n_top, holders, add_holder },
		{ "Reason", N_REASONS, b->reasons, add_reason },
	};

	for (unsigned i = 0; i < b->n_top; i++)
		holders[i] = b->top[i].refusals;
	for (unsigned i = 0; i < sizeof(rankings) / sizeof(*rankings); i++)
		add_top(d, m, &rankings[i], b);
}

bool document_unseen(struct document *d, const struct document_markup *m,
		     const struct story_book *b)
{
	const char *sentence;
	unsigned n, gaps;
	struct piece p;

	for (n = 0; words_unseen(piece_begin(&p), b, n); n++)
		m->item(d, &p);
	if (words_late(piece_begin(&p), b)) {
		m->item(d, &p);
		n++;
	}
	for (gaps = 0; (sentence = gap(b, gaps)); gaps++) {
		text_add(piece_begin(&p), sentence);
		m->item(d, &p);
	}
	return n + gaps;
}
