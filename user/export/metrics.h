/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is counted, once, for every format that metrics are told in. Safe to use from several threads.
 *
 * The number of series is bounded: labels are words of the contract, never process ids, names or remote
 * addresses; ports are labels only when asked for, and then only so many.
 */
#ifndef BT_METRICS_H
#define BT_METRICS_H

#include "export/line.h"

struct metrics;

enum metric_type { METRIC_COUNTER, METRIC_GAUGE, METRIC_INFO, METRIC_HISTOGRAM };

/* One row a metric. The name is that of Prometheus with neither prefix nor suffix: "failures". */
struct metric_family {
	const char *name;
	const char *help;
	const char *unit;      /* "seconds"; NULL: none. Part of the name in Prometheus */
	const char *otlp_unit; /* UCUM: "{failure}", "s" */
	enum metric_type type;
};

enum { METRIC_MOST_LABELS = 6 };

struct metric_label {
	const char *name; /* "errno" */
	const char *key;  /* ... as an attribute of OpenTelemetry: "error.type" */
	const char *value;
};

/* One series as of now. */
struct metric_sample {
	const struct metric_family *family;
	unsigned n_labels;
	struct metric_label labels[METRIC_MOST_LABELS];
	double value;		 /* counter, gauge; info: 1 */
	unsigned n_bounds;	 /* histogram, in the unit of the family */
	const double *bounds;	 /* upper, inclusive, ascending, without infinity */
	const uint64_t *buckets; /* n_bounds + 1, each its own count, not cumulative */
	double sum;
	uint64_t count;
};

/* ports: for how many a series of their own is kept; 0: for none. NULL: no memory. */
struct metrics *metrics_new(unsigned ports);
void metrics_free(struct metrics *m);

/* Counts what a line tells. */
void metrics_line(struct metrics *m, const struct export_line *line);

/* So many refusals were lost on the way: stage is "queue" or "export". */
void metrics_lost(struct metrics *m, const char *stage, uint64_t refusals);

/* An exporter failed to deliver so many times more; 0: there is such an exporter. name as of its class. */
void metrics_export_errors(struct metrics *m, const char *name, uint64_t errors);

struct ephemeral_ports;

/* As of now; NULL: nobody knows. */
void metrics_ephemeral(struct metrics *m, const struct ephemeral_ports *ports);

/* When the counting began, wall time. */
uint64_t metrics_since_ns(const struct metrics *m);

/*
 * Every series as of realtime_ns, those of a family one after the other. A function that answers other than 0 ends
 * it, and that is the answer. The lock is held meanwhile: nothing that waits belongs there.
 */
int metrics_visit(struct metrics *m, uint64_t realtime_ns,
		  int (*sample)(void *context, const struct metric_sample *s), void *context);

/* Those alone that are of this exporter and not of a stream: what it lost, its errors, the ports of where it runs. */
int metrics_visit_own(struct metrics *m,
		      int (*sample)(void *context, const struct metric_sample *s), void *context);

#endif /* BT_METRICS_H */
