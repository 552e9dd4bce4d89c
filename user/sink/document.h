/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reports as documents, of incidents in the order of their beginnings; of very many only the first. */
#ifndef BT_SINK_DOCUMENT_H
#define BT_SINK_DOCUMENT_H

#include "base/text.h"
#include "model/story.h"
#include "sink/story_words.h"

enum { DOCUMENT_ROWS = 1000, DOCUMENT_TOP = 10 };

/* What a document says of itself; the arguments are separated by NUL, as /proc has them. */
struct document_facts {
	const char *version;
	const char *command;
	size_t command_len;
};

/* A postmortem in GitHub-flavoured Markdown. 0 or -errno. */
int markdown_document(int fd, const struct document_facts *f, const struct story_book *b);

/* The same as one HTML file that needs nothing else, with a picture of each incident. 0 or -errno. */
int html_document(int fd, const struct document_facts *f, const struct story_book *b);

/* For the sinks: a document in the making, and a line of it that is safe for a terminal, not for a markup. */
struct document {
	int fd;
	int err; /* the first thing that went wrong */
	struct text t;
	char buf[64 * 1024];
};

/* Empties it; what comes goes to fd, which stays the caller's. */
void document_begin(struct document *d, int fd);

/* Makes room for half a buffer, by writing what is there. */
void document_flush(struct document *d);

/* Writes the rest. 0 or -errno. */
int document_end(struct document *d);

/* A piece of words, safe for a terminal: a markup has to escape it. */
struct piece {
	struct text t;
	char buf[WORDS_MAX];
};

/* Empties it. */
struct text *piece_begin(struct piece *p);

/* "Refused binds on web1, 29 November 2026": the day of the first */
void document_title(struct text *t, const struct story_book *b);

/* How a markup writes what all documents tell in the same order. */
struct document_markup {
	void (*item)(struct document *d, const struct piece *sentence); /* of a list */
	void (*top)(struct document *d, const char *label); /* a table of names and counts begins */
	void (*top_row)(struct document *d, const struct piece *name, uint64_t refusals);
	void (*top_end)(struct document *d, bool more);
};

/* The ports, holders and reasons with most refusals, a table each; at most DOCUMENT_TOP of each. */
void document_tops(struct document *d, const struct document_markup *m, const struct story_book *b);

/* An item for each thing that could not be seen. Whether there was any. */
bool document_unseen(struct document *d, const struct document_markup *m,
		     const struct story_book *b);

#endif /* BT_SINK_DOCUMENT_H */
