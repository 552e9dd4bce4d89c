// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "base/arguments.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/nearest.h"

enum { MOST = ARGUMENTS_MOST_ROWS, FIRST_LONG = 256 };

static int has_argument(const struct option_row *row)
{
	if (!row->argument)
		return no_argument;
	return row->argument[0] == '[' ? optional_argument : required_argument;
}

static void fill_getopt(const struct option_table *table, unsigned command,
			char letters[2 * MOST + 2], struct option longs[MOST + 1])
{
	size_t i, n = 0, at = 0;

	letters[at++] = ':';
	for (i = 0; i < table->n; i++) {
		const struct option_row *row = &table->rows[i];

		if (!(row->commands & command))
			continue;
		longs[n++] =
			(struct option){ row->name, has_argument(row), NULL, FIRST_LONG + (int)i };
		if (!row->letter)
			continue;
		letters[at++] = row->letter;
		if (row->argument)
			letters[at++] = ':';
	}
	letters[at] = '\0';
	longs[n] = (struct option){ 0 };
}

static const struct option_row *find_row(const struct option_table *table, unsigned command,
					 int which)
{
	size_t i;

	if (which >= FIRST_LONG)
		return &table->rows[which - FIRST_LONG];
	for (i = 0; i < table->n; i++)
		if ((table->rows[i].commands & command) && table->rows[i].letter == which)
			return &table->rows[i];
	return NULL;
}

/* "--wrod" or "--wrod=x" is none of the command's: is it another command's, or is one of its own meant? */
static void complain_long(const struct option_table *table, unsigned command, const char *word)
{
	struct nearest near = { .word = word + 2, .length = strcspn(word + 2, "=") };

	for (size_t i = 0; i < table->n; i++) {
		const struct option_row *row = &table->rows[i];

		if (row->commands & command && row->help)
			nearest_try(&near, row->name);
	}
	for (size_t i = 0; i < table->n; i++)
		if (strlen(table->rows[i].name) == near.length &&
		    !strncmp(table->rows[i].name, near.word, near.length)) {
			log_error("option '--%s' is another command's; --help lists those of this "
				  "one",
				  table->rows[i].name);
			return;
		}
	if (near.found)
		log_error("there is no option '%s'; did you mean --%s?", word, near.found);
	else
		log_error("there is no option '%s'; --help lists them", word);
}

/* Of a letter in a group such as -vZ getopt names it, in optopt; of a long option what the row is, if there is one. */
static void complain(const struct option_table *table, unsigned command, int which,
		     const char *word)
{
	char letter[] = { '-', (char)optopt, '\0' };
	const char *name = optopt && optopt < FIRST_LONG && strncmp(word, "--", 2) ? letter : word;

	if (which == ':')
		log_error("option '%s' needs an argument; --help says which", name);
	else if (optopt >= FIRST_LONG)
		log_error("option '--%s' takes no argument", table->rows[optopt - FIRST_LONG].name);
	else if (name == word && !strncmp(word, "--", 2))
		complain_long(table, command, word);
	else
		log_error("there is no option '%s'; --help lists them", name);
}

int arguments_parse(const struct option_table *table, struct options *o, unsigned command, int argc,
		    char **argv)
{
	char letters[2 * MOST + 2];
	struct option longs[MOST + 1];
	const struct option_row *row;
	int which;

	fill_getopt(table, command, letters, longs);
	opterr = 0;
	/* not 1: glibc would go on within the group of letters that ended the parse before */
	optind = 0;
	while ((which = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		if (which == '?' || which == ':') {
			complain(table, command, which, argv[optind - 1]);
			return -1;
		}
		row = find_row(table, command, which);
		if (row->set ? row->set(o, optarg) : row->read(row, (char *)o + row->at, optarg))
			return -1;
	}
	return optind;
}

void arguments_help(const struct option_table *table, unsigned command)
{
	char left[64];
	size_t i;

	for (i = 0; i < table->n; i++) {
		const struct option_row *row = &table->rows[i];

		if (!(row->commands & command) || !row->help)
			continue;
		snprintf(left, sizeof(left), "%c%c%s --%s%s%s", row->letter ? '-' : ' ',
			 row->letter ? row->letter : ' ', row->letter ? "," : " ", row->name,
			 row->argument && has_argument(row) == required_argument ? " " : "",
			 row->argument ? row->argument : "");
		printf("  %-26s %s\n", left, row->help);
	}
}
