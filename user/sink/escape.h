/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Text for documents. What is given is safe for a terminal (text_escape()): here it is made safe for a markup, too.
 * An escape is added whole or not at all.
 */
#ifndef BT_SINK_ESCAPE_H
#define BT_SINK_ESCAPE_H

#include <stdbool.h>

#include "base/text.h"

/* For the content of an element and for a value in double quotes, in HTML and in SVG. */
void escape_html(struct text *t, const char *safe);

/*
 * For GitHub-flavoured Markdown, within a paragraph, a list or a cell of a table (cell): as a code span, in which
 * nothing is looked at. An empty string adds nothing.
 */
void escape_code(struct text *t, const char *safe, bool cell);

/*
 * The same as prose: every character that Markdown could take for its own is escaped. What would still become a link,
 * a picture or a formula or call somebody (a URL, "@name", "#12", ":fire:", "$x$"), because GitHub looks for it beside
 * the parser, becomes a code span.
 */
void escape_prose(struct text *t, const char *safe, bool cell);

#endif /* BT_SINK_ESCAPE_H */
