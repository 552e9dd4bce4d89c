// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The tables of an HTML report, and its end. */
#include <inttypes.h>

#include "model/names.h"
#include "sink/html_parts.h"
#include "sink/text_parts.h"

static void add_bar_row(struct document *d, const struct story *s, const struct story_bar *b)
{
	struct piece p;

	text_add(&d->t, "<tr><td><code>");
	words_socket(piece_begin(&p), s, b);
	html_add(d, &p);
	text_add(&d->t, "</code></td><td>");
	words_owner(piece_begin(&p), b);
	html_add(d, &p);
	text_add(&d->t, "</td><td class=\"time\">");
	words_from(&d->t, s, b);
	text_add(&d->t, "</td><td class=\"time\">");
	words_until(&d->t, s, b);
	text_add(&d->t, "</td></tr>\n");
	document_flush(d);
}

static void add_tick_row(struct document *d, const struct story *s, const struct story_tick *tick)
{
	text_add(&d->t, "<tr><td class=\"time\">");
	if (tick->from_ns < tick->at_ns) {
		words_time(&d->t, tick->from_ns, s->first_ns, 3);
		text_add(&d->t, " to ");
	}
	words_time(&d->t, tick->at_ns, s->first_ns, 3);
	text_printf(&d->t, "</td><td class=\"num\">%" PRIu64 "</td></tr>\n", tick->count);
	document_flush(d);
}

void html_timeline_tables(struct document *d, const struct story *s)
{
	const struct story_detail *detail = s->detail;

	if (detail->n_bars)
		text_add(&d->t,
			 "<div class=\"scroll\"><table class=\"bars\"><thead><tr><th scope=\"col\">"
			 "In the way<th scope=\"col\">Whose<th scope=\"col\">From (UTC)<th "
			 "scope=\"col\">Until</tr></thead><tbody>\n");
	for (unsigned i = 0; i < detail->n_bars; i++)
		add_bar_row(d, s, &detail->bars[i]);
	text_add(&d->t, detail->n_bars ? "</tbody></table></div>\n" : "");
	if (detail->more_bars)
		text_add(&d->t, "<p class=\"soft\">Other sockets were in the way, too.</p>\n");
	text_add(&d->t, "<details><summary>The refusals as a table</summary><table "
			"class=\"ticks\"><thead><tr><th scope=\"col\">When (UTC)<th scope=\"col\" "
			"class=\"num\">Refusals</tr></thead><tbody>\n");
	for (unsigned i = 0; i < detail->n_ticks; i++)
		add_tick_row(d, s, &detail->ticks[i]);
	text_add(&d->t, "</tbody></table></details>\n");
	document_flush(d);
}

static void add_item(struct document *d, const struct piece *sentence)
{
	text_add(&d->t, "<li>");
	html_add(d, sentence);
	text_add(&d->t, "</li>\n");
}

static void add_top(struct document *d, const char *label)
{
	text_printf(&d->t,
		    "<div><table><thead><tr><th scope=\"col\">%s<th scope=\"col\" "
		    "class=\"num\">Refusals</tr></thead><tbody>\n",
		    label);
}

static void add_top_row(struct document *d, const struct piece *name, uint64_t refusals)
{
	text_add(&d->t, "<tr><td><code>");
	html_add(d, name);
	text_printf(&d->t, "</code></td><td class=\"num\">%" PRIu64 "</td></tr>\n", refusals);
}

static void add_top_end(struct document *d, bool more)
{
	text_add(&d->t, more ? "</tbody></table><p class=\"soft\">There are more.</p></div>\n"
			     : "</tbody></table></div>\n");
}

static const struct document_markup markup = { add_item, add_top, add_top_row, add_top_end };

void html_rankings(struct document *d, const struct story_book *b)
{
	if (!b->refusals)
		return;
	text_add(&d->t, "<section>\n<h2>What was refused most</h2>\n<div class=\"tops\">\n");
	document_tops(d, &markup, b);
	text_add(&d->t, "</div>\n</section>\n");
}

void html_unseen(struct document *d, const struct story_book *b)
{
	text_add(&d->t, "<section>\n<h2>What could not be seen</h2>\n<ul>\n");
	text_add(&d->t, document_unseen(d, &markup, b)
				? "</ul>\n</section>\n"
				: "<li>Nothing is known to be missing.</li></ul>\n</section>\n");
}

void html_foot(struct document *d, const struct document_facts *f)
{
	struct piece p;

	text_add(&d->t,
		 "</main>\n<footer>\n<p>This report does not check the seals of the recordings; "
		 "<code>bindtrace verify FILE...</code> does.</p>\n<p>Made by bindtrace ");
	html_raw(d, f->version);
	text_add(&d->t, ": <code>");
	text_command(piece_begin(&p), f->command, f->command_len);
	html_add(d, &p);
	text_add(&d->t, "</code></p>\n</footer>\n</body>\n</html>\n");
}
