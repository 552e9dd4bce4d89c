/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What an HTML report is made of, for the sink's own files. */
#ifndef BT_SINK_HTML_PARTS_H
#define BT_SINK_HTML_PARTS_H

#include "sink/document.h"
#include "sink/escape.h"

/* Adds it, escaped. */
void html_add(struct document *d, const struct piece *p);

/* Adds raw text that a task chose. */
void html_raw(struct document *d, const char *raw);

/* All there is before the title: what the file may do (nothing), and how it looks. */
void html_head(struct document *d);

/* What the picture's colours and patterns mean. */
void html_legend(struct document *d);

/* The picture of incident number (from 1 on), and the same as tables. o may be NULL. */
void html_timeline(struct document *d, const struct story *s, const struct story_origin *o,
		   size_t number);
void html_timeline_tables(struct document *d, const struct story *s);

/* What was refused most, what could not be seen, and what the report says of itself. */
void html_rankings(struct document *d, const struct story_book *b);
void html_unseen(struct document *d, const struct story_book *b);
void html_foot(struct document *d, const struct document_facts *f);

#endif /* BT_SINK_HTML_PARTS_H */
