// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "base/nearest.h"

#include <string.h>

enum { LONGEST = 24 }; /* no option and no command is longer */

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* The optimal string alignment: d[i][j] are the slips between the first i letters of a and the first j of b. */
static unsigned count_slips(const char *a, size_t n, const char *b, size_t m)
{
	unsigned d[LONGEST + 1][LONGEST + 1];
	size_t i, j;

	for (i = 0; i <= n; i++)
		for (j = 0; j <= m; j++) {
			unsigned wrong = i && j && a[i - 1] != b[j - 1];

			if (!i || !j) {
				d[i][j] = (unsigned)(i + j);
				continue;
			}
			d[i][j] =
				least(least(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + wrong);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
		}
	return d[n][m];
}

void nearest_try(struct nearest *n, const char *word)
{
	/* of a short word every other one is near */
	unsigned slips, most = least((unsigned)n->length / 3, 2);
	size_t length = strlen(word);

	if (n->length > LONGEST || length > LONGEST || !most)
		return;
	/* what was begun and not ended is one slip, however long the end is */
	slips = !strncmp(word, n->word, n->length) ? 1
						   : count_slips(n->word, n->length, word, length);
	if (slips > most || (n->found && slips >= n->slips))
		return;
	n->found = word;
	n->slips = slips;
}
