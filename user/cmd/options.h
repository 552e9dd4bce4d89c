/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Commands and options as tables: parsing and --help come from the same rows. */
#ifndef BT_OPTIONS_H
#define BT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arguments.h"
#include "base/status.h"
#include "record/files.h"
#include "source/bpf.h"

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* The bind that check tries. */
struct bind_request {
	int protocol; /* IPPROTO_*; 0: not said */
	bool reuseaddr, reuseport, v6only, listen;
	const char *user;
	uint64_t wait_ns; /* 0: does not wait; UINT64_MAX: as long as it takes */
};

/* How record writes, and what verify expects. */
struct recording_options {
	bool on; /* this is record */
	bool sync;
	struct files_bounds bounds;
	const char *sign; /* the file of a secret key; NULL: no signature */
	const char *key;  /* a public key or its file; NULL: any */
};

/* An option of the exporter's, which is handed on as it is. */
struct export_option {
	const char *name, *argument; /* NULL: takes none */
};

enum { MAX_EXPORTS = 32 };

/* What the command line asked for. */
struct options {
	struct bpf_options source;
	bool json;
	bool markdown;	  /* of report: a document instead of text */
	const char *html; /* of report: where that document goes; NULL: nowhere */
	bool print;	  /* text, too */
	bool timestamps;
	bool wide;
	bool no_fold;
	int verbose;		     /* -1: quiet */
	int color;		     /* enum color */
	uint64_t since_ns, until_ns; /* of report: wall time; 0: from the first, to the last */
	uint64_t duration_ns;	     /* 0: until interrupted */
	uint64_t count;		     /* 0: any number */
	struct recording_options recording;
	const char *output; /* where reports go; NULL: standard output or error */
	struct export_option exports[MAX_EXPORTS];
	unsigned n_exports; /* 0: there is no exporter */
	char **program;	    /* what to run and trace; NULL: nothing */
	char **operands;    /* what is neither an option nor a command */
	int n_operands;
	struct bind_request bind;
	const char *netns; /* of check and ports; NULL: this one, or all */
	bool help;
	bool version;
	int argc; /* the whole command line, for the header */
	char **argv;
};

enum {
	COMMAND_TRACE = 1,
	COMMAND_DOCTOR = 2,
	COMMAND_CHECK = 4,
	COMMAND_PORTS = 8,
	COMMAND_RECORD = 16,
	COMMAND_VERIFY = 32,
	COMMAND_KEYGEN = 64,
	COMMAND_REPORT = 128,
	COMMAND_EXPORT = 256, /* a program of its own reads its command line */
};

/* Every option of every command but export. */
extern const struct option_table options_table;

/* Parses argv[1..] for one command. 0, or EXIT_USAGE with the reason printed. */
int options_parse(struct options *o, unsigned command, int argc, char **argv);

/* Prints the rows of a command, aligned. */
void options_help(unsigned command);

#endif /* BT_OPTIONS_H */
