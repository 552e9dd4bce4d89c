/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The commands: each takes its own name as argv[0] and returns an exit status of cmd/options.h. */
#ifndef BT_COMMANDS_H
#define BT_COMMANDS_H

#include "base/pids.h"
#include "base/version.h"
#include "cmd/options.h"

struct command {
	const char *name;
	const char *operands; /* as the usage line shows them */
	unsigned rows;	      /* which options it takes */
	int (*run)(struct options *options);
	const char *help;
};

enum { N_COMMANDS = 9 };
extern const struct command commands[N_COMMANDS]; /* trace, the default, comes first */

/* The command of that name, or NULL. */
const struct command *command_find(const char *name);

/* --help and --version, on standard output. */
void command_help(const struct command *command);
void command_version(void);

/*
 * Each does what --help says of it, and prints what went wrong. EXIT_*, or of trace and record with a program
 * its own.
 */
int command_trace(struct options *options);
int command_check(struct options *options);
int command_ports(struct options *options);
int command_doctor(struct options *options);
int command_record(struct options *options);
int command_report(struct options *options);
int command_verify(struct options *options);
int command_keygen(struct options *options);
int command_export(struct options *options);

/* One sentence for what kept the tracer from starting, and the exit status that goes with it. */
int explain_open_failure(int err, int hook, const struct capabilities *caps);

#endif /* BT_COMMANDS_H */
