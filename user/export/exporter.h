/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What every way out of the machine has in common. One thread reads the lines and hands each to all exporters; who
 * needs time (a collector that is slow, or down) has a bounded queue and a thread of its own.
 */
#ifndef BT_EXPORTER_H
#define BT_EXPORTER_H

#include "export/line.h"

struct metrics;
struct options;

struct exporter;

/* One row for each way out. All functions but open are called by the thread that reads. */
struct exporter_class {
	/* "otlp": in messages, and the exporter of bindtrace_export_errors_total */
	const char *name;

	/* Whether the options ask for it. */
	bool (*wanted)(const struct options *o);

	/*
	 * Everything that needs a privilege: called before these are given up; no network library is used yet.
	 * 0, or a status of base/status.h whose reason has been printed. NULL: there is nothing.
	 */
	int (*open)(struct exporter **out, const struct options *o, struct metrics *m);

	/* The folder in which it will make files, as a descriptor. NULL: it makes none. One exporter may have it. */
	int (*folder)(const struct exporter *e);

	/* Begins to work, unprivileged and confined (export/privilege.h). As open. NULL: there is nothing to begin. */
	int (*start)(struct exporter *e);

	/* Takes a line, without ever waiting: what there is no room for is dropped, and counted in the metrics. */
	void (*line)(struct exporter *e, const struct export_line *line);

	/* Whether it would drop the next line: a source that can wait then does. NULL: never. */
	bool (*full)(struct exporter *e);

	/* Lines handed to it that it still has to deliver; a position is saved when nobody has any. NULL: none. */
	uint64_t (*pending)(struct exporter *e);

	/* Once a second. NULL: nothing to do. */
	void (*tick)(struct exporter *e);

	/* The end: delivers what it can within so long, counts the rest, and lets go of everything. */
	void (*close)(struct exporter *e, uint64_t patience_ns);
};

#endif /* BT_EXPORTER_H */
