// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* bindtrace: explains, at the moment of the failure, why a port will not bind. */
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <json-c/json_c_version.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/commands.h"

struct command {
	const char *name;
	const char *operands; /* as the usage line shows them */
	unsigned rows;	      /* which options it takes */
	int (*run)(struct options *options);
	const char *help;
};

static const struct command commands[] = {
	{ "trace", "[-- PROGRAM ARGUMENT...]", COMMAND_TRACE, command_trace,
	  "watch, and explain every refused bind() and listen() (the default)" },
	{ "check", "[ADDRESS:]PORT | unix:PATH", COMMAND_CHECK, command_check,
	  "would this bind succeed now? if not, why; or wait until it would" },
	{ "ports", "[PORT...]", COMMAND_PORTS, command_ports,
	  "who has which port now, TIME_WAIT and bound sockets included" },
	{ "doctor", "", COMMAND_DOCTOR, command_doctor,
	  "what this kernel allows, and what bindtrace can see on it" },
};

enum { N_COMMANDS = sizeof(commands) / sizeof(*commands) };

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

static void print_help(const struct command *command)
{
	printf("Usage: bindtrace [%s] [OPTION...] %s\n\n", command->name, command->operands);
	printf("%c%s.\n\n", command->help[0] - 'a' + 'A', command->help + 1);
	options_help(command->rows);
	if (command == commands)
		print_commands();
	printf("\nExit status: 0 ok, 1 failed, 2 usage, 3 no permission or no kernel support, "
	       "4 check: refused.\n");
	if (command == commands)
		printf("With -- PROGRAM: the program's; 126, 127 if it cannot be started; "
		       "128 + the signal that ended it.\n");
}

static void print_version(void)
{
	printf("bindtrace " BINDTRACE_VERSION "\nschema bindtrace/1, libbpf %s, json-c %s\n",
	       libbpf_version_string(), json_c_version());
}

static int libbpf_print(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level;
	return log_get_level() >= LOG_LEVEL_DEBUG ? vfprintf(stderr, format, args) : 0;
}

/* A descriptor of ours must never be taken for standard input, output or error. */
static int check_descriptors(void)
{
	if (fcntl(STDERR_FILENO, F_GETFD) < 0 && open("/dev/null", O_RDWR) < 0)
		return EXIT_FAILED;
	if (fcntl(STDOUT_FILENO, F_GETFD) < 0) {
		log_error("standard output is closed: there is nowhere to report to");
		return EXIT_FAILED;
	}
	if (fcntl(STDIN_FILENO, F_GETFD) < 0 && open("/dev/null", O_RDONLY) < 0)
		return EXIT_FAILED;
	return EXIT_OK;
}

/*
 * What stands behind "--" is a program for trace to run, not ours to parse. *argc becomes the number of
 * words before it.
 */
static int find_program(struct options *options, int *argc, char **argv)
{
	int i;

	for (i = 1; i < *argc && strcmp(argv[i], "--"); i++)
		;
	if (i == *argc)
		return EXIT_OK;
	options->program = argv + i + 1;
	*argc = i;
	if (*options->program)
		return EXIT_OK;
	log_error("'--' needs a program to run: bindtrace -- PROGRAM ARGUMENT...");
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	struct options options = { .source.hook = -1, .argc = argc, .argv = argv };
	const struct command *command = commands;
	int i, skip = 0, status = check_descriptors();

	for (i = 0; i < N_COMMANDS && argc > 1; i++) {
		if (!strcmp(argv[1], commands[i].name)) {
			command = &commands[i];
			skip = 1;
		}
	}
	if (!status && command == commands)
		status = find_program(&options, &argc, argv);
	if (!status)
		status = options_parse(&options, command->rows, argc - skip, argv + skip);
	if (status)
		return status;
	if (options.help || options.version) {
		options.help ? print_help(command) : print_version();
		if (!fflush(stdout))
			return EXIT_OK;
		log_error("cannot write to standard output: %s", strerror(errno));
		return EXIT_FAILED;
	}
	log_set_level(options.verbose > 1 ? LOG_LEVEL_DEBUG : (enum log_level)options.verbose);
	libbpf_set_print(libbpf_print);
	return command->run(&options);
}
