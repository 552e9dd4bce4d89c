// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "sink/document.h"

#include <errno.h>

#include "model/names.h"
#include "model/words.h"
#include "sink/story_words.h"
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

const char *document_gap(const struct story_book *b, unsigned i)
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

void document_rankings(struct document_ranking out[DOCUMENT_RANKINGS], const struct story_book *b,
		       uint64_t holders[TOP_HOLDERS])
{
	for (unsigned i = 0; i < b->n_top; i++)
		holders[i] = b->top[i].refusals;
	out[0] = (struct document_ranking){ "Port", 65536, b->ports, add_port };
	out[1] = (struct document_ranking){ "Holder", b->n_top, holders, add_holder };
	out[2] = (struct document_ranking){ "Reason", N_REASONS, b->reasons, add_reason };
}
