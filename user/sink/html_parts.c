// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "sink/html_parts.h"

void html_add(struct document *d, const struct piece *p)
{
	escape_html(&d->t, p->buf);
}

void html_raw(struct document *d, const char *raw)
{
	struct piece p;

	words_safe(piece_begin(&p), raw);
	html_add(d, &p);
}
