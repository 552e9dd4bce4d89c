// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The end of a report: what all of it comes to. */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "sink/story_words.h"
#include "sink/text.h"
#include "sink/text_parts.h"

enum { SHOWN_TOP = 5 };

static void add_names(struct page *p, const char *label, const struct story_names *names)
{
	if (!names->n)
		return;
	page_row(p, label);
	words_names(&p->t, names);
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
	words_asked(&p.t, s);
	text_printf(&p.t, "  %s, %" PRIu64 " refusal%s\n", errno_name(s->error), s->refusals,
		    s->refusals == 1 ? "" : "s");
	add_names(&p, "who", &s->askers);
	add_names(&p, "held", &s->holders);
	page_row(&p, "why");
	words_cause(&p.t, s);
	text_add(&p.t, "\n");
	page_row(&p, "end");
	words_end(&p.t, s);
	text_add(&p.t, "\n");
	return page_write(&p, fd);
}

static void add_top(struct page *p, const char *label, const uint64_t *counts, size_t n,
		    void (*add)(struct page *p, const struct story_book *b, size_t i),
		    const struct story_book *book)
{
	size_t at = words_next_largest(counts, n, n);

	if (at == n)
		return;
	text_printf(&p->t, "%s: ", label);
	for (unsigned shown = 0; at < n && shown < SHOWN_TOP; shown++) {
		text_add(&p->t, shown ? ", " : "");
		add(p, book, at);
		text_printf(&p->t, " %" PRIu64, counts[at]);
		at = words_next_largest(counts, n, at);
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

int text_summary(int fd, const struct text_options *o, const struct story_book *b)
{
	const struct text_options verbose = { .color = o->color, .verbose = 1 };
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
	for (unsigned n = 0; words_unseen(&p.t, b, n); n++)
		text_add(&p.t, "\n");
	err = page_write(&p, fd);
	return err || !b->covered ? err : text_header(fd, &verbose, &b->coverage);
}
