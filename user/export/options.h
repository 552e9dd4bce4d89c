/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the command line of bindtrace-export asks for. */
#ifndef BT_EXPORT_OPTIONS_H
#define BT_EXPORT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arguments.h"
#include "base/status.h"

struct options {
	const char *input;    /* NULL or "-": standard input; unix:PATH: a socket; else a file */
	const char *metrics;  /* where to serve them: [ADDRESS:]PORT; NULL: nowhere */
	const char *textfile; /* FILE.prom; NULL: none */
	unsigned port_series; /* ports that have series of their own, at most */
	const char *state;    /* where the position in the input is kept; NULL: nowhere */
	const char *user;     /* who we become when we are root; NULL: bindtrace or nobody */
	/* where to send OTLP: a URL, or "env" for the environment's; NULL: nowhere */
	const char *otlp;
	uint64_t otlp_interval_ns; /* 0: as the environment says */
	bool otlp_gzip;
	uint64_t queue_bytes; /* of lines for a receiver that is slow */
	bool journal;	      /* native entries for systemd-journald */
	const char *syslog;   /* unix:PATH, udp:HOST:PORT or tcp:HOST:PORT; NULL: nowhere */
	bool syslog_json;     /* ... with the whole event behind "@cee:" */
	bool child; /* of a tracer: standard input is a socket, and the tracer waits until we are ready */
	int verbose; /* -1: quiet */
	bool help;
	bool version;
};

/* Every option; all of them have the same bit. */
extern const struct option_table export_options_table;

/* Parses argv[1..]. 0, or EXIT_USAGE with the reason printed. */
int export_options_parse(struct options *o, int argc, char **argv);

/* Usage, all rows and some examples, on standard output. */
void export_options_help(void);

#endif /* BT_EXPORT_OPTIONS_H */
