/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a report says of an incident, the same in text, Markdown and HTML. All of it is safe for a terminal; a
 * document escapes it once more, by its own rules. Wall times are UTC.
 */
#ifndef BT_SINK_STORY_WORDS_H
#define BT_SINK_STORY_WORDS_H

#include "base/text.h"
#include "model/story.h"

enum { WORDS_MAX = 4096 };

/* A NUL-terminated string that a task chose. */
void words_safe(struct text *t, const char *raw);

/* "bind tcp 127.0.0.1:8000" */
void words_asked(struct text *t, const struct story *s);

/* "python3[1], nginx[2] and others" */
void words_names(struct text *t, const struct story_names *names);

/* "got by python3[5] after 1.2 s" */
void words_end(struct text *t, const struct story *s);

/* The same for a document, which has the times beside it: "not seen" is all of the other kind. */
void words_ended(struct text *t, const struct story *s);

/* Why it was refused first, in a sentence: "Another socket listens there." */
void words_cause(struct text *t, const struct story *s);

/* "LISTEN 127.0.0.1:80", "TIME_WAIT 127.0.0.1:80 <- 127.0.0.1:5000" */
void words_socket(struct text *t, const struct story *s, const struct story_bar *b);

/* Whose it is: "python3[5]", "closed by python3[5]", "owner not seen" */
void words_owner(struct text *t, const struct story_bar *b);

/* "19:00:25.104", with the date before it where that is not the day of near_ns. */
void words_time(struct text *t, uint64_t ns, uint64_t near_ns, unsigned decimals);

/* "29 November 2026" */
void words_day(struct text *t, uint64_t ns);

/* Date and time: "2026-11-29 19:00:25" */
void words_date(struct text *t, uint64_t ns);

/* When it began to be in the way, and how long: for a row of a table. */
void words_from(struct text *t, const struct story *s, const struct story_bar *b);
void words_until(struct text *t, const struct story *s, const struct story_bar *b);

/* "2 refusals", "1 refusal" */
void words_count(struct text *t, uint64_t n, const char *one);

/* "once", "2 times" */
void words_times(struct text *t, uint64_t n);

/* When an advice works: " (works now)", ...; nothing where that is not known. */
const char *words_effective(enum bt_effective effective);

/* Which of the ranking's entries comes behind "before" (n: the first); n: none. Equal ones in their order. */
size_t words_next_largest(const uint64_t *counts, size_t n, size_t before);

/* The sentences of the summary, and what could not be seen: one by one, from i = 0 on; false: there is none left. */
bool words_summary(struct text *t, const struct story_book *b, unsigned i);
bool words_unseen(struct text *t, const struct story_book *b, unsigned i);

/* That the tracer did not see at the refusal who holds a port; false: it did, or that is not known. */
bool words_late(struct text *t, const struct story_book *b);

#endif /* BT_SINK_STORY_WORDS_H */
