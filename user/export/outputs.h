/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* All ways out that were asked for, as one. */
#ifndef BT_EXPORT_OUTPUTS_H
#define BT_EXPORT_OUTPUTS_H

#include "export/exporter.h"

enum { MOST_OUTPUTS = 8 };

struct outputs {
	struct {
		const struct exporter_class *class;
		struct exporter *exporter;
	} out[MOST_OUTPUTS];
	unsigned n;
};

/*
 * Opens those that the options want, with the privileges there are. EXIT_*; the reason has been printed. All are then
 * for outputs_close(), those that failed, too.
 */
int outputs_open(struct outputs *all, const struct options *o, struct metrics *m);

/* Has them begin, unprivileged. EXIT_*; the reason has been printed. */
int outputs_start(struct outputs *all);

/* Hands a line to each; a tick comes once a second. Nothing of this waits. */
void outputs_line(struct outputs *all, const struct export_line *line);
void outputs_tick(struct outputs *all);

/* Whether one of them would drop the next line. */
bool outputs_full(const struct outputs *all);

/* Lines that have not been delivered everywhere, each counted once for each place. */
uint64_t outputs_pending(const struct outputs *all);

/* The folder in which one of them makes files, as a descriptor; -1: none does. */
int outputs_folder(const struct outputs *all);

/* Ends them one after the other, within so long for all, or half a second each where one has taken it all. */
void outputs_close(struct outputs *all, uint64_t patience_ns);

#endif /* BT_EXPORT_OUTPUTS_H */
