/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Options as a table: parsing and --help come from the same rows. */
#ifndef BT_BASE_ARGUMENTS_H
#define BT_BASE_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ARGUMENTS_MOST_ROWS = 64 };

/* What the rows fill; each program has its own. */
struct options;

/* A word an option takes, and what it means; a list of them ends with a NULL. */
struct option_word {
	const char *word;
	int value;
};

/* One row: where it counts (a bit for each command), how it is written, what it does. */
struct option_row {
	unsigned commands;
	char letter; /* 0: only long */
	const char *name;
	const char *argument; /* NULL: takes none; one that begins with '[' may be left out */
	const char *help;     /* NULL: for programs, not for people */
	/* Reads the argument into a member of struct options, or says that it is none. 0 or an errno. */
	int (*read)(const struct option_row *row, void *member, const char *argument);
	size_t at; /* where that member is */
	uint64_t least, most;
	const char *takes; /* what an argument has to be, for a message */
	const struct option_word *words;
	/* Instead of read. 0, or an errno whose message has been printed. */
	int (*set)(struct options *o, const char *argument);
};

/* The end of a row: into which member goes what. One of another type does not compile. */
#define OPTION_AT(member, type)                                                                    \
	.at = _Generic(((struct options *)0)->member, type : offsetof(struct options, member))
#define OPTION_FLAG(member)   .read = argument_flag, OPTION_AT(member, bool)
#define OPTION_LEVEL(member)  .read = argument_level, OPTION_AT(member, int)
#define OPTION_QUIET(member)  .read = argument_quiet, OPTION_AT(member, int)
#define OPTION_STRING(member) .read = argument_string, OPTION_AT(member, const char *)
#define OPTION_WORD(member, list, text)                                                            \
	.read = argument_word, OPTION_AT(member, int), .words = list, .takes = text
/* from low to high, as the text has to say, too */
#define OPTION_U32(member, low, high, text)                                                        \
	.read = argument_u32, OPTION_AT(member, uint32_t), .least = low, .most = high, .takes = text
#define OPTION_U64(member, low, high, text)                                                        \
	.read = argument_u64, OPTION_AT(member, uint64_t), .least = low, .most = high, .takes = text
#define OPTION_SIZE(member, low, high, text)                                                       \
	.read = argument_size, OPTION_AT(member, uint64_t), .least = low, .most = high,            \
	.takes = text
#define OPTION_DURATION(member)                                                                    \
	.read = argument_duration, OPTION_AT(member, uint64_t), .least = 1, .most = UINT64_MAX,    \
	.takes = "a time above 0, such as 90s, 1.5m or 1h"
#define OPTION_TIME(member)                                                                        \
	.read = argument_time, OPTION_AT(member, uint64_t),                                        \
	.takes = "a moment such as 2026-11-23T09:41:07Z, or with +01:00"

struct option_table {
	const struct option_row *rows;
	size_t n; /* ARGUMENTS_MOST_ROWS at most */
};

/* Parses argv[1..] for one command. The place of the first operand, or -1 with the reason printed. */
int arguments_parse(const struct option_table *table, struct options *o, unsigned command, int argc,
		    char **argv);

/* Prints the rows of a command, aligned. */
void arguments_help(const struct option_table *table, unsigned command);

/* Prints that an option takes something else. EINVAL. */
int argument_refuse(const char *name, const char *takes, const char *argument);

/* The readers of the macros above. */
int argument_flag(const struct option_row *row, void *member, const char *argument);
int argument_level(const struct option_row *row, void *member, const char *argument); /* one more */
int argument_quiet(const struct option_row *row, void *member, const char *argument); /* -1 */
int argument_string(const struct option_row *row, void *member, const char *argument);
int argument_word(const struct option_row *row, void *member, const char *argument);
int argument_u32(const struct option_row *row, void *member, const char *argument);
int argument_u64(const struct option_row *row, void *member, const char *argument);
int argument_size(const struct option_row *row, void *member, const char *argument); /* bytes */
/* Nanoseconds; UINT64_MAX when it was left out. */
int argument_duration(const struct option_row *row, void *member, const char *argument);
/* Nanoseconds since 1970 in UTC, of RFC 3339. */
int argument_time(const struct option_row *row, void *member, const char *argument);

#endif /* BT_BASE_ARGUMENTS_H */
