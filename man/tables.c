// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The tables of commands and options as lines, for the man pages and the completions, which are made from them
 * (man/tables.py): "command NAME OPERANDS HELP", and behind each its "option LETTER NAME ARGUMENT HELP", with tabs
 * between. An option that is for programs is left out.
 */
#include <stdio.h>

#include "cmd/commands.h"

/* export/options.h: of a program whose struct options is another one */
extern const struct option_table export_options_table;

static void print_options(const struct option_table *table, unsigned command)
{
	size_t i;

	for (i = 0; i < table->n; i++) {
		const struct option_row *row = &table->rows[i];

		if (row->commands & command && row->help)
			printf("option\t%.1s\t%s\t%s\t%s\n", &row->letter, row->name,
			       row->argument ? row->argument : "", row->help);
	}
}

int main(void)
{
	int i;

	for (i = 0; i < N_COMMANDS; i++) {
		const struct command *command = &commands[i];

		printf("command\t%s\t%s\t%s\n", command->name, command->operands, command->help);
		if (command->rows == COMMAND_EXPORT)
			print_options(&export_options_table, ~0u);
		else
			print_options(&options_table, command->rows);
	}
	return fflush(stdout) ? EXIT_FAILED : EXIT_OK;
}
