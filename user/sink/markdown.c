// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A report as a postmortem in Markdown, as GitHub reads it. */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "model/names.h"
#include "sink/document.h"
#include "sink/escape.h"
#include "sink/text_parts.h"

static void add_code(struct document *d, const struct piece *p, bool cell)
{
	escape_code(&d->t, p->buf, cell);
}

static void add_prose(struct document *d, const struct piece *p, bool cell)
{
	escape_prose(&d->t, p->buf, cell);
}

static void add_asked(struct document *d, const struct story *s, bool cell)
{
	struct piece p;

	words_asked(piece_begin(&p), s);
	add_code(d, &p, cell);
}

static void add_end(struct document *d, const struct story *s, bool cell)
{
	struct piece p;

	words_ended(piece_begin(&p), s);
	add_prose(d, &p, cell);
}

static void add_time(struct document *d, uint64_t ns, uint64_t near_ns)
{
	words_time(&d->t, ns, near_ns, 3);
}

static void add_origins(struct document *d, const struct story_book *b)
{
	if (!b->n_origins)
		return;
	text_add(&d->t,
		 "| Host | Kernel | Recorded from (UTC) | to |\n| --- | --- | --- | --- |\n");
	for (unsigned i = 0; i < b->n_origins; i++) {
		const struct story_origin *o = &b->origins[i];
		struct piece p;

		text_add(&d->t, "| ");
		words_safe(piece_begin(&p), o->host);
		add_code(d, &p, true);
		text_add(&d->t, " | ");
		words_safe(piece_begin(&p), o->kernel[0] ? o->kernel : "not told");
		text_add(&p.t, o->machine[0] ? " " : "");
		words_safe(&p.t, o->machine);
		add_prose(d, &p, true);
		text_add(&d->t, " | ");
		words_date(&d->t, o->first_ns);
		text_add(&d->t, " | ");
		words_date(&d->t, o->last_ns);
		text_add(&d->t, " |\n");
		document_flush(d);
	}
	text_add(&d->t, b->more_origins ? "\nOther hosts are not listed.\n\n" : "\n");
}

static void add_summary(struct document *d, const struct story_book *b)
{
	struct piece p;

	text_add(&d->t, "## Summary\n\n");
	for (unsigned i = 0; words_summary(piece_begin(&p), b, i); i++) {
		add_prose(d, &p, false);
		text_add(&d->t, "\n\n");
	}
	if (b->narrowed)
		text_add(&d->t, "Only a part of the recordings is told: filters leave events "
				"out.\n\n");
}

static void add_row(struct document *d, const struct story *s, size_t number, uint64_t near_ns,
		    bool hosts)
{
	struct piece p;

	text_printf(&d->t, "| %zu | ", number);
	add_time(d, s->first_ns, near_ns);
	text_add(&d->t, " | ");
	if (hosts) {
		words_safe(piece_begin(&p), s->host);
		add_code(d, &p, true);
		text_add(&d->t, " | ");
	}
	add_asked(d, s, true);
	text_printf(&d->t, " | %s | %" PRIu64 " | ", errno_name(s->error), s->refusals);
	words_cause(piece_begin(&p), s);
	add_prose(d, &p, true);
	text_add(&d->t, " | ");
	add_end(d, s, true);
	text_add(&d->t, " |\n");
	document_flush(d);
}

static void add_list(struct document *d, const struct story_book *b)
{
	bool hosts = b->n_origins > 1;
	size_t i;

	if (!b->n)
		return;
	text_printf(&d->t,
		    "## Incidents\n\n| # | First refusal (UTC) | %sRefused | Error | Refusals | "
		    "Cause | End |\n| ---: | --- | %s--- | --- | ---: | --- | --- |\n",
		    hosts ? "Host | " : "", hosts ? "--- | " : "");
	for (i = 0; i < b->n && i < DOCUMENT_ROWS; i++)
		add_row(d, &b->stories[i], i + 1, b->stories[0].first_ns, hosts);
	text_add(&d->t, "\n");
	if (b->n > i)
		text_printf(&d->t,
			    "%zu more incident%s not listed; --since, --until and -P narrow "
			    "the report.\n\n",
			    b->n - i, b->n - i == 1 ? " is" : "s are");
	if (b->n > STORY_DETAILS)
		text_printf(&d->t, "The first %d are told in full below.\n\n", STORY_DETAILS);
}

static void add_names(struct document *d, const char *label, const struct story_names *names)
{
	struct piece p;

	text_printf(&d->t, "- **%s:** ", label);
	for (unsigned i = 0; i < names->n; i++) {
		text_add(&d->t, i ? ", " : "");
		words_safe(piece_begin(&p), names->name[i]);
		add_code(d, &p, false);
	}
	text_add(&d->t, names->n ? "" : "nobody was seen");
	text_add(&d->t, names->more ? " and others\n" : "\n");
}

static void add_advice(struct document *d, const struct advice *a)
{
	const char *when = words_effective(a->effective);
	struct piece p;

	text_add(&d->t, "  - ");
	words_safe(piece_begin(&p), a->text);
	add_prose(d, &p, false);
	if (a->command[0]) {
		text_add(&d->t, ": ");
		words_safe(piece_begin(&p), a->command);
		add_code(d, &p, false);
	}
	text_printf(&d->t, *when ? " (%s)\n" : "%s\n", when);
}

static void add_cause(struct document *d, const struct story *s, const struct story_cause *c,
		      bool several)
{
	struct piece p;

	text_add(&d->t, "- **Why:** ");
	words_safe(piece_begin(&p), c->text[0] ? c->text : reason_name(c->reason));
	add_prose(d, &p, false);
	text_printf(&d->t, " (`%s`", reason_name(c->reason));
	if (several) {
		text_add(&d->t, ", ");
		words_count(&d->t, c->refusals, "refusal");
		text_add(&d->t, " from ");
		add_time(d, c->first_ns, s->first_ns);
		text_add(&d->t, " on");
	}
	text_add(&d->t, ")\n");
	for (unsigned i = 0; i < c->n_advice; i++) {
		text_add(&d->t, i ? "" : "- **What helps:**\n");
		add_advice(d, &c->advice[i]);
	}
	document_flush(d);
}

static void add_bar(struct document *d, const struct story *s, const struct story_bar *b)
{
	struct piece p;

	text_add(&d->t, "| ");
	words_socket(piece_begin(&p), s, b);
	add_code(d, &p, true);
	text_add(&d->t, " | ");
	words_owner(piece_begin(&p), b);
	add_prose(d, &p, true);
	text_add(&d->t, " | ");
	words_from(&d->t, s, b);
	text_add(&d->t, " | ");
	words_until(&d->t, s, b);
	text_add(&d->t, " |\n");
	document_flush(d);
}

static void add_bars(struct document *d, const struct story *s)
{
	const struct story_detail *detail = s->detail;

	if (!detail->n_bars)
		return;
	text_add(&d->t, "\n| In the way | Whose | From | Until |\n| --- | --- | --- | --- |\n");
	for (unsigned i = 0; i < detail->n_bars; i++)
		add_bar(d, s, &detail->bars[i]);
	if (detail->more_bars)
		text_add(&d->t, "\nOther sockets were in the way, too.\n");
}

static void add_story(struct document *d, const struct story *s, size_t number, bool hosts)
{
	struct piece p;

	text_printf(&d->t, "### %zu. ", number);
	add_asked(d, s, false);
	text_printf(&d->t, ": %s\n\n- **Refused:** ", errno_name(s->error));
	words_times(&d->t, s->refusals);
	text_add(&d->t, s->refusals == 1 ? ", at " : ", first at ");
	words_date(&d->t, s->first_ns);
	if (s->refusals != 1) {
		text_add(&d->t, ", last told of at ");
		add_time(d, s->last_ns, s->first_ns);
	}
	text_add(&d->t, " UTC");
	if (hosts) {
		text_add(&d->t, ", on ");
		words_safe(piece_begin(&p), s->host);
		add_code(d, &p, false);
	}
	text_add(&d->t, "\n");
	add_names(d, "Who asked", &s->askers);
	add_names(d, "Who held it", &s->holders);
	text_add(&d->t, "- **End:** ");
	add_end(d, s, false);
	text_add(&d->t, "\n");
	for (unsigned i = 0; i < s->detail->n_causes; i++)
		add_cause(d, s, &s->detail->causes[i], s->detail->n_causes > 1);
	if (s->detail->more_causes) {
		text_add(&d->t, "- **Other reasons, or none told:** ");
		words_count(&d->t, s->detail->more_causes, "refusal");
		text_add(&d->t, "\n");
	}
	add_bars(d, s);
	text_add(&d->t, "\n");
	document_flush(d);
}

static void add_item(struct document *d, const struct piece *sentence)
{
	text_add(&d->t, "- ");
	add_prose(d, sentence, false);
	text_add(&d->t, "\n");
}

static void add_top(struct document *d, const char *label)
{
	text_printf(&d->t, "| %s | Refusals |\n| --- | ---: |\n", label);
}

static void add_top_row(struct document *d, const struct piece *name, uint64_t refusals)
{
	text_add(&d->t, "| ");
	add_code(d, name, true);
	text_printf(&d->t, " | %" PRIu64 " |\n", refusals);
}

static void add_top_end(struct document *d, bool more)
{
	text_add(&d->t, more ? "\nThere are more.\n\n" : "\n");
}

static const struct document_markup markup = { add_item, add_top, add_top_row, add_top_end };

static void add_integrity(struct document *d, const struct document_facts *f)
{
	struct piece p;

	text_add(&d->t, "## Integrity\n\nThis report does not check the seals of the recordings; "
			"`bindtrace verify FILE...` does.\n\nMade by bindtrace ");
	text_add(&d->t, f->version);
	text_add(&d->t, ": ");
	text_command(piece_begin(&p), f->command, f->command_len);
	add_code(d, &p, false);
	text_add(&d->t, "\n");
}

int markdown_document(int fd, const struct document_facts *f, const struct story_book *b)
{
	struct document d;
	struct piece p;

	document_begin(&d, fd);
	text_add(&d.t, "# ");
	document_title(piece_begin(&p), b);
	add_prose(&d, &p, false);
	text_add(&d.t, "\n\n");
	add_origins(&d, b);
	add_summary(&d, b);
	add_list(&d, b);
	for (size_t i = 0; i < b->n && b->stories[i].detail && !d.err; i++)
		add_story(&d, &b->stories[i], i + 1, b->n_origins > 1);
	text_add(&d.t, b->refusals ? "## What was refused most\n\n" : "");
	document_tops(&d, &markup, b);
	text_add(&d.t, "## What could not be seen\n\n");
	text_add(&d.t,
		 document_unseen(&d, &markup, b) ? "\n" : "Nothing is known to be missing.\n\n");
	add_integrity(&d, f);
	return document_end(&d);
}
