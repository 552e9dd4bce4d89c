/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Options as a table: parsing and --help come from the same rows. */
#ifndef BT_BASE_ARGUMENTS_H
#define BT_BASE_ARGUMENTS_H

#include <stddef.h>

enum { ARGUMENTS_MOST_ROWS = 64 };

/* What the rows fill; each program has its own. */
struct options;

/* One row: where it counts (a bit for each command), how it is written, what it does. */
struct option_row {
	unsigned commands;
	char letter; /* 0: only long */
	const char *name;
	const char *argument; /* NULL: takes none; one that begins with '[' may be left out */
	const char *help;     /* NULL: for programs, not for people */
	/* 0, or an errno whose message has been printed; argument is NULL when it was left out */
	int (*set)(struct options *o, const char *argument);
};

struct option_table {
	const struct option_row *rows;
	size_t n; /* ARGUMENTS_MOST_ROWS at most */
};

/* Parses argv[1..] for one command. The place of the first operand, or -1 with the reason printed. */
int arguments_parse(const struct option_table *table, struct options *o, unsigned command, int argc,
		    char **argv);

/* Prints the rows of a command, aligned. */
void arguments_help(const struct option_table *table, unsigned command);

#endif /* BT_BASE_ARGUMENTS_H */
