// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/commands.h"

#include <bpf/libbpf.h>
#include <json-c/json_c_version.h>
#include <sodium/version.h>
#include <stdio.h>
#include <string.h>

const struct command commands[] = {
	{ "trace", " [-- PROGRAM ARGUMENT...]", COMMAND_TRACE, command_trace,
	  "watch, and explain every refused bind() and listen() (the default)" },
	{ "check", " [ADDRESS:]PORT | unix:PATH", COMMAND_CHECK, command_check,
	  "would this bind succeed now? if not, why; or wait until it would" },
	{ "ports", " [PORT...]", COMMAND_PORTS, command_ports,
	  "who has which port now, TIME_WAIT and bound sockets included" },
	{ "record", " -o FILE [-- PROGRAM ARGUMENT...]", COMMAND_RECORD, command_record,
	  "trace into sealed files: evidence that lasts and that nobody has edited" },
	{ "report", " FILE...", COMMAND_REPORT, command_report,
	  "what recordings tell, as it was told live, and what it comes to; - is standard input" },
	{ "verify", " FILE...", COMMAND_VERIFY, command_verify,
	  "is a recording what was written? intact, cut short, altered, signed by whom" },
	{ "keygen", " FILE", COMMAND_KEYGEN, command_keygen,
	  "a secret key to sign recordings with, and FILE.pub to check them" },
	{ "export", " [FILE]", COMMAND_EXPORT, command_export,
	  "hand events to Prometheus, OpenTelemetry and the like; needs no privilege" },
	{ "doctor", "", COMMAND_DOCTOR, command_doctor,
	  "what this kernel allows, and what bindtrace can see on it" },
};

_Static_assert(sizeof(commands) / sizeof(*commands) == N_COMMANDS, "each command has a row");

const struct command *command_find(const char *name)
{
	int i;

	for (i = 0; i < N_COMMANDS; i++)
		if (!strcmp(name, commands[i].name))
			return &commands[i];
	return NULL;
}

static void print_commands(void)
{
	int i;

	printf("\nCommands (each has its own --help):\n");
	for (i = 0; i < N_COMMANDS; i++)
		printf("  %-10s %s\n", commands[i].name, commands[i].help);
	printf("\nExamples:\n"
	       "  sudo bindtrace                      everything that is refused, until Ctrl-C\n"
	       "  sudo bindtrace -P 8000              who has port 8000, the next time it is "
	       "refused\n"
	       "  sudo bindtrace -u www-data -e EACCES\n"
	       "  sudo bindtrace --json | jq .summary\n"
	       "  sudo bindtrace -- ./server          what the server and its children are "
	       "refused\n"
	       "  sudo bindtrace check --wait 8000 && ./server\n");
}

/* Those that the command may end with. The help of trace, which is everybody's first, has all of them. */
static void print_statuses(unsigned rows)
{
	const unsigned powerful =
		COMMAND_TRACE | COMMAND_RECORD | COMMAND_CHECK | COMMAND_PORTS | COMMAND_DOCTOR;

	printf("\nExit status: 0 ok, 1 failed, 2 usage");
	if (rows & powerful)
		printf(", 3 no permission or no kernel support");
	if (rows == COMMAND_TRACE)
		printf(",\n4 check: refused, 5 verify: it has no end");
	if (rows == COMMAND_CHECK)
		printf(", 4 refused");
	if (rows == COMMAND_VERIFY)
		printf(", 5 it has no end");
	printf(".\n");
	if (rows & (COMMAND_TRACE | COMMAND_RECORD))
		printf("With -- PROGRAM: the program's; 126, 127 if it cannot be started; "
		       "128 + the signal that ended it.\n");
}

void command_help(const struct command *command)
{
	bool first = command == commands;

	printf("Usage: bindtrace %s%s%s [OPTION...]%s\n\n", first ? "[" : "", command->name,
	       first ? "]" : "", command->operands);
	printf("%c%s.\n\n", command->help[0] - 'a' + 'A', command->help + 1);
	options_help(command->rows);
	if (first)
		print_commands();
	print_statuses(command->rows);
}

void command_version(void)
{
	printf("bindtrace " BINDTRACE_VERSION
	       "\nschema bindtrace/1, libbpf %s, json-c %s, libsodium %s\n",
	       libbpf_version_string(), json_c_version(), sodium_version_string());
}
