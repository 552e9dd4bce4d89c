/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Commands and options as tables: parsing and --help come from the same rows. */
#ifndef BT_OPTIONS_H
#define BT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "source/bpf.h"

/* Exit statuses of every command. */
enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_UNSUPPORTED = 3 };

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* What the command line asked for. */
struct options {
	struct bpf_options source;
	bool json;
	bool timestamps;
	bool wide;
	bool no_fold;
	int verbose; /* -1: quiet */
	enum color color;
	uint64_t duration_ns; /* 0: until interrupted */
	uint64_t count;	      /* 0: any number */
	bool help;
	bool version;
	int argc; /* the whole command line, for the header */
	char **argv;
};

enum { COMMAND_TRACE = 1, COMMAND_DOCTOR = 2 };

/* One row: where it counts (bits of COMMAND_*), how it is written, what it does. */
struct option_row {
	unsigned commands;
	char letter; /* 0: only long */
	const char *name;
	const char *argument; /* NULL: takes none */
	const char *help;
	/* 0, or an errno whose message has been printed */
	int (*set)(struct options *o, const char *argument);
};

/* Parses argv[1..] for one command. 0, or EXIT_USAGE with the reason printed. */
int options_parse(struct options *o, unsigned command, int argc, char **argv);

/* Prints the rows of a command, aligned. */
void options_help(unsigned command);

#endif /* BT_OPTIONS_H */
