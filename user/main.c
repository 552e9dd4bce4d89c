// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* bindtrace: explains, at the moment of the failure, why a port will not bind. */
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/commands.h"

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
	const struct command *command = command_find("trace"), *named = NULL;
	int skip, status = check_descriptors();

	if (argc > 1 && (named = command_find(argv[1])))
		command = named;
	if (!status && command->rows & (COMMAND_TRACE | COMMAND_RECORD))
		status = find_program(&options, &argc, argv);
	skip = named != NULL;
	if (!status && command->rows == COMMAND_EXPORT)
		return command->run(&options);
	if (!status)
		status = options_parse(&options, command->rows, argc - skip, argv + skip);
	if (status)
		return status;
	if (options.help || options.version) {
		options.help ? command_help(command) : command_version();
		if (!fflush(stdout))
			return EXIT_OK;
		log_error("cannot write to standard output: %s", strerror(errno));
		return EXIT_FAILED;
	}
	log_set_level(options.verbose > 1 ? LOG_LEVEL_DEBUG : (enum log_level)options.verbose);
	libbpf_set_print(libbpf_print);
	return command->run(&options);
}
