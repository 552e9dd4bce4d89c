/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which of the words that there are was meant by one that was mistyped. */
#ifndef BT_BASE_NEAREST_H
#define BT_BASE_NEAREST_H

#include <stddef.h>

/* Begin with the word as it was typed and its length in bytes; the rest zero. */
struct nearest {
	const char *word;
	size_t length;
	const char *found; /* the nearest so far, not copied; NULL: none is near */
	unsigned slips; /* letters that are wrong, missing, too many, or two that changed places */
};

/* Compares with one word that there is. Of equally near ones the first stays. */
void nearest_try(struct nearest *n, const char *word);

#endif /* BT_BASE_NEAREST_H */
