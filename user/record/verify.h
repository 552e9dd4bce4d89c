/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Is a recording what was written? (docs/recording.md) */
#ifndef BT_RECORD_VERIFY_H
#define BT_RECORD_VERIFY_H

#include "record/reader.h"
#include "record/seal.h"

enum verify_end {
	VERIFY_INTACT, /* every line follows from those before it, and the last one is a footer */
	VERIFY_CUT_SHORT, /* the same as far as it goes, but there is no footer */
	VERIFY_ALTERED,	  /* the line after the intact ones does not follow from them */
};

/* What one file turned out to be. */
struct verified {
	enum verify_end end;
	uint64_t lines;	 /* that are intact, from the first one on */
	const char *why; /* altered: what is wrong, behind "line N" */
	bool begins;	 /* no other file comes before it */
	bool goes_on;	 /* its footer says that another file comes after it */
	/* the last chain value of the file before it; zeros when it begins */
	uint8_t before[SEAL_HASH];
	uint8_t chain[SEAL_HASH]; /* its own last one */
	bool has_signer, is_signed;
	uint8_t signer[SEAL_PUBLIC]; /* the key its header names */
};

/*
 * Reads to the end of the file or to the first line that is wrong. 0, or -errno when it cannot be read;
 * -EPROTONOSUPPORT: it is sealed, and of another schema than bindtrace/1.
 * The signature is checked against the key that the header names, which proves nothing to who does not know
 * that key.
 */
int verify_file(struct reader *r, struct verified *out);

/* Whether a file is the one that comes after before: the chain goes on. */
bool verify_follows(const struct verified *before, const struct verified *file);

#endif /* BT_RECORD_VERIFY_H */
