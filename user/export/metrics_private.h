/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What metrics are made of, for their own files: one counts, one tells. */
#ifndef BT_METRICS_PRIVATE_H
#define BT_METRICS_PRIVATE_H

#include <pthread.h>

#include "export/ephemeral.h"
#include "export/metrics.h"

/* Kinds of refusals there is room for; some 60 are ever seen. What comes later has no kind. */
enum { MOST_KINDS = 1024, MOST_EXPORTERS = 8, N_STAGES = 4, MOST_STAGES };

/* Upper bounds of how long an endpoint was refused, in seconds: TIME_WAIT's 60 s are among them. */
enum { N_DURATIONS = 10 };
extern const double metrics_durations[N_DURATIONS];

/* 0 is "unknown" everywhere; a reason is one more than its number. */
struct kind {
	uint16_t operation, error, reason, protocol, family;
	uint64_t refusals;
};

/* A port with a series of its own. */
struct port {
	uint16_t port, protocol;
	uint64_t refusals;
	uint64_t frees_ns; /* wall time; 0: nobody knows, or somebody got it */
};

struct named {
	char name[24];
	uint64_t n;
};

struct metrics {
	pthread_mutex_t lock;
	uint64_t since_ns, last_ns; /* wall time */
	struct kind kinds[MOST_KINDS];
	unsigned n_kinds;
	struct port *ports;
	unsigned n_ports, most_ports;
	struct named stages[MOST_STAGES], lost_here[MOST_STAGES], errors[MOST_EXPORTERS];
	uint64_t buckets[N_DURATIONS + 1], resolved;
	double waited_s;
	struct ephemeral_ports ephemeral; /* size 0: not known */
	char version[32], kernel[65], hook[16];
};

#endif /* BT_METRICS_PRIVATE_H */
