// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A report as one HTML file: it loads nothing, runs nothing, and can be read anywhere. */
#include <inttypes.h>
#include <string.h>

#include "model/names.h"
#include "sink/html_parts.h"
#include "sink/text_parts.h"

static void add_title(struct document *d, const struct story_book *b)
{
	struct piece p;

	document_title(piece_begin(&p), b);
	text_add(&d->t, "<title>");
	html_add(d, &p);
	text_add(&d->t, "</title>\n</head>\n<body>\n<header>\n<h1>");
	html_add(d, &p);
	text_add(&d->t, "</h1>\n</header>\n<main>\n");
}

static void add_origin(struct document *d, const struct story_origin *o)
{
	text_add(&d->t, "<tr><td><code>");
	html_raw(d, o->host);
	text_add(&d->t, "</code></td><td>");
	html_raw(d, o->kernel[0] ? o->kernel : "not told");
	text_add(&d->t, o->machine[0] ? " " : "");
	html_raw(d, o->machine);
	text_add(&d->t, "</td><td class=\"time\">");
	words_date(&d->t, o->first_ns);
	text_add(&d->t, "</td><td class=\"time\">");
	words_date(&d->t, o->last_ns);
	text_add(&d->t, "</td></tr>\n");
	document_flush(d);
}

static void add_fact(struct document *d, uint64_t n, const char *what)
{
	text_printf(&d->t, "<li><b>%" PRIu64 "</b>%s%s</li>\n", n, what, n == 1 ? "" : "s");
}

static void add_summary(struct document *d, const struct story_book *b)
{
	struct piece p;

	text_add(&d->t, "<section aria-label=\"Summary\">\n<ul class=\"facts\">\n");
	add_fact(d, b->n, "incident");
	add_fact(d, b->refusals, "refusal");
	if (!b->more_origins)
		add_fact(d, b->n_origins, "host");
	if (b->lost)
		add_fact(d, b->lost, "lost refusal");
	text_add(&d->t, "</ul>\n");
	for (unsigned i = 0; words_summary(piece_begin(&p), b, i); i++) {
		text_add(&d->t, "<p>");
		html_add(d, &p);
		text_add(&d->t, "</p>\n");
	}
	if (b->narrowed)
		text_add(&d->t, "<p>Only a part of the recordings is told: filters leave events "
				"out.</p>\n");
	text_add(&d->t, "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Host<th "
			"scope=\"col\">Kernel<th scope=\"col\">Recorded from (UTC)<th "
			"scope=\"col\">to</tr></thead><tbody>\n");
	for (unsigned i = 0; i < b->n_origins; i++)
		add_origin(d, &b->origins[i]);
	text_add(&d->t, "</tbody></table></div>\n");
	text_add(&d->t,
		 b->more_origins ? "<p class=\"soft\">Other hosts are not listed.</p>\n" : "");
	text_add(&d->t, "</section>\n");
}

static void add_asked(struct document *d, const struct story *s)
{
	struct piece p;

	words_asked(piece_begin(&p), s);
	text_add(&d->t, "<code>");
	html_add(d, &p);
	text_add(&d->t, "</code>");
}

static void add_end(struct document *d, const struct story *s)
{
	struct piece p;

	words_ended(piece_begin(&p), s);
	text_add(&d->t, s->resolved ? "<span class=\"got\">" : "<span>");
	html_add(d, &p);
	text_add(&d->t, "</span>");
}

static void add_row(struct document *d, const struct story *s, size_t number, uint64_t near_ns,
		    bool hosts)
{
	struct piece p;

	text_printf(&d->t,
		    s->detail ? "<tr><td data-label=\"#\"><a href=\"#incident-%zu\">%zu</a>"
			      : "<tr id=\"incident-%zu\"><td data-label=\"#\">%zu",
		    number, number);
	text_add(&d->t, "</td><td class=\"time\" data-label=\"First refusal\">");
	words_time(&d->t, s->first_ns, near_ns, 3);
	if (hosts) {
		text_add(&d->t, "</td><td data-label=\"Host\"><code>");
		html_raw(d, s->host);
		text_add(&d->t, "</code>");
	}
	text_add(&d->t, "</td><td data-label=\"Refused\">");
	add_asked(d, s);
	text_printf(&d->t,
		    " <span class=\"err\">%s</span></td><td class=\"num\" "
		    "data-label=\"Refusals\">%" PRIu64 "</td><td data-label=\"Cause\">",
		    errno_name(s->error), s->refusals);
	words_cause(piece_begin(&p), s);
	html_add(d, &p);
	text_add(&d->t, "</td><td data-label=\"End\">");
	add_end(d, s);
	text_add(&d->t, "</td></tr>\n");
	document_flush(d);
}

static void add_list(struct document *d, const struct story_book *b)
{
	bool hosts = b->n_origins > 1;
	size_t i;

	if (!b->n)
		return;
	text_add(&d->t, "<section>\n<h2>Incidents</h2>\n<table class=\"list\"><thead><tr><th "
			"scope=\"col\">#<th scope=\"col\">First refusal (UTC)");
	text_add(&d->t, hosts ? "<th scope=\"col\">Host" : "");
	text_add(&d->t, "<th scope=\"col\">Refused<th scope=\"col\" class=\"num\">Refusals<th "
			"scope=\"col\">Cause<th scope=\"col\">End</tr></thead><tbody>\n");
	for (i = 0; i < b->n && i < DOCUMENT_ROWS; i++)
		add_row(d, &b->stories[i], i + 1, b->stories[0].first_ns, hosts);
	text_add(&d->t, "</tbody></table>\n");
	if (b->n > i)
		text_printf(&d->t,
			    "<p>%zu more incident%s not listed; <code>--since</code>, "
			    "<code>--until</code> and <code>-P</code> narrow the report.</p>\n",
			    b->n - i, b->n - i == 1 ? " is" : "s are");
	if (b->n > STORY_DETAILS)
		text_printf(&d->t, "<p>The first %d are told and drawn below.</p>\n",
			    STORY_DETAILS);
	text_add(&d->t, "</section>\n");
}

static void add_names(struct document *d, const char *label, const struct story_names *names)
{
	text_printf(&d->t, "<dt>%s</dt><dd>", label);
	for (unsigned i = 0; i < names->n; i++) {
		text_add(&d->t, i ? ", <code>" : "<code>");
		html_raw(d, names->name[i]);
		text_add(&d->t, "</code>");
	}
	text_add(&d->t, names->n ? "" : "nobody was seen");
	text_add(&d->t, names->more ? " and others</dd>\n" : "</dd>\n");
}

static void add_advice(struct document *d, const struct story_cause *c)
{
	text_add(&d->t, "<dt>What helps</dt><dd><ul>");
	for (unsigned i = 0; i < c->n_advice; i++) {
		const char *when = words_effective(c->advice[i].effective);

		text_add(&d->t, "<li>");
		html_raw(d, c->advice[i].text);
		if (c->advice[i].command[0]) {
			text_add(&d->t, ": <code>");
			html_raw(d, c->advice[i].command);
			text_add(&d->t, "</code>");
		}
		text_printf(&d->t, *when ? " <span class=\"soft\">(%s)</span></li>" : "%s</li>",
			    when);
		document_flush(d);
	}
	text_add(&d->t, "</ul></dd>\n");
}

static void add_cause(struct document *d, const struct story *s, const struct story_cause *c)
{
	text_add(&d->t, "<dt>Why</dt><dd>");
	html_raw(d, c->text[0] ? c->text : reason_name(c->reason));
	text_printf(&d->t, " <span class=\"soft\">(<code>%s</code>", reason_name(c->reason));
	if (s->detail->n_causes > 1) {
		text_add(&d->t, ", ");
		words_count(&d->t, c->refusals, "refusal");
		text_add(&d->t, " from ");
		words_time(&d->t, c->first_ns, s->first_ns, 3);
		text_add(&d->t, " on");
	}
	text_add(&d->t, ")</span></dd>\n");
	if (c->n_advice)
		add_advice(d, c);
}

static const struct story_origin *origin_of(const struct story_book *b, const struct story *s)
{
	for (unsigned i = 0; i < b->n_origins; i++)
		if (!strcmp(b->origins[i].host, s->host))
			return &b->origins[i];
	return NULL;
}

static void add_story(struct document *d, const struct story_book *b, size_t number)
{
	const struct story *s = &b->stories[number - 1];

	text_printf(&d->t, "<article id=\"incident-%zu\">\n<h3>%zu. ", number, number);
	add_asked(d, s);
	text_printf(&d->t, " <span class=\"err\">%s</span></h3>\n<p class=\"soft\">",
		    errno_name(s->error));
	words_date(&d->t, s->first_ns);
	text_add(&d->t, " UTC, refused ");
	words_times(&d->t, s->refusals);
	if (b->n_origins > 1) {
		text_add(&d->t, ", on <code>");
		html_raw(d, s->host);
		text_add(&d->t, "</code>");
	}
	text_add(&d->t, "</p>\n<figure class=\"scroll\" tabindex=\"0\" aria-label=\"Timeline\">\n");
	html_timeline(d, s, origin_of(b, s), number);
	text_add(&d->t, "</figure>\n<dl>\n");
	add_names(d, "Who asked", &s->askers);
	add_names(d, "Who held it", &s->holders);
	for (unsigned i = 0; i < s->detail->n_causes; i++)
		add_cause(d, s, &s->detail->causes[i]);
	if (s->detail->more_causes) {
		text_add(&d->t, "<dt>Other reasons, or none told</dt><dd>");
		words_count(&d->t, s->detail->more_causes, "refusal");
		text_add(&d->t, "</dd>\n");
	}
	text_add(&d->t, "<dt>End</dt><dd>");
	add_end(d, s);
	text_add(&d->t, "</dd>\n</dl>\n");
	html_timeline_tables(d, s);
	text_add(&d->t, "</article>\n");
	document_flush(d);
}

static void add_stories(struct document *d, const struct story_book *b)
{
	if (!b->n)
		return;
	text_add(&d->t, "<section>\n<h2>Timelines</h2>\n");
	html_legend(d);
	for (size_t i = 0; i < b->n && b->stories[i].detail && !d->err; i++)
		add_story(d, b, i + 1);
	text_add(&d->t, "</section>\n");
}

int html_document(int fd, const struct document_facts *f, const struct story_book *b)
{
	struct document d;

	document_begin(&d, fd);
	html_head(&d);
	add_title(&d, b);
	add_summary(&d, b);
	add_list(&d, b);
	add_stories(&d, b);
	html_rankings(&d, b);
	html_unseen(&d, b);
	html_foot(&d, f);
	return document_end(&d);
}
