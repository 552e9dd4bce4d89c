/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the recorder adds to a line of a sink: its number in the recording, the links between files, the seal. */
#ifndef BT_RECORD_STAMP_H
#define BT_RECORD_STAMP_H

#include "record/seal.h"

/* As far as they differ for the recorder. */
enum stamp_kind { STAMP_OTHER, STAMP_HEADER, STAMP_FAILURE, STAMP_FOOTER };

enum { STAMP_ROOM = 512 }; /* bytes that a line may grow by */

struct stamp {
	uint64_t seq;	      /* replaces the sink's */
	uint64_t file_number; /* of a header: from 1 on */
	/* of a header: the last chain value of the file before; NULL: none */
	const uint8_t *previous;
	const struct seal_key *key; /* named in headers, signs footers; NULL: none */
};

/* By the first bytes of a line, which are the sink's own. */
enum stamp_kind stamp_kind(const char *line, size_t n);

/*
 * Adds all that to a line of *n bytes that ends in "}\n", in place; there is room for STAMP_ROOM more. chain
 * goes on. 0, or -EPROTO: it is no line of a sink, nothing was changed.
 */
int stamp_line(const struct stamp *s, uint8_t chain[SEAL_HASH], enum stamp_kind kind, char *line,
	       size_t *n);

#endif /* BT_RECORD_STAMP_H */
