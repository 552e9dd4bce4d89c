/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reports as documents, of incidents in the order of their beginnings; of very many only the first. */
#ifndef BT_SINK_DOCUMENT_H
#define BT_SINK_DOCUMENT_H

#include "base/text.h"
#include "model/story.h"

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

void document_begin(struct document *d, int fd);

/* Makes room for half a buffer, by writing what is there. */
void document_flush(struct document *d);

/* Writes the rest. 0 or -errno. */
int document_end(struct document *d);

/* "Refused binds on web1, 29 November 2026": the day of the first */
void document_title(struct text *t, const struct story_book *b);

/* What the tracers could not see, the gap with this number; NULL: there are no more, or nobody knows. */
const char *document_gap(const struct story_book *b, unsigned i);

/* Refusals by port, reason or holder: the name of entry i; it is called from the largest on, DOCUMENT_TOP times. */
struct document_ranking {
	const char *label;
	size_t n;
	const uint64_t *counts;
	void (*name)(struct text *t, const struct story_book *b, size_t i);
};

enum { DOCUMENT_RANKINGS = 3 };

/* holders has room for the counts of TOP_HOLDERS, and lives as long as the rankings. */
void document_rankings(struct document_ranking out[DOCUMENT_RANKINGS], const struct story_book *b,
		       uint64_t holders[TOP_HOLDERS]);

#endif /* BT_SINK_DOCUMENT_H */
