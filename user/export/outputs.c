// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/outputs.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/status.h"
#include "export/classes.h"

/*
 * Everybody has so long at the end, whatever the others took of the time for all: see PATIENCE_NS in
 * cmd/exporting.c.
 */
#define LEAST_PATIENCE_NS 500000000ull

int outputs_open(struct outputs *all, const struct options *o, struct metrics *m)
{
	const struct exporter_class *const *c;
	int status = EXIT_OK;

	for (c = exporter_classes; *c && !status; c++) {
		if (!(*c)->wanted(o))
			continue;
		all->out[all->n].class = *c;
		if ((*c)->open)
			status = (*c)->open(&all->out[all->n].exporter, o, m);
		all->n++;
	}
	if (status || all->n)
		return status;
	log_error("nothing says where to export to; --help lists the ways");
	return EXIT_USAGE;
}

int outputs_start(struct outputs *all)
{
	int status = EXIT_OK;

	for (unsigned i = 0; i < all->n && !status; i++) {
		if (all->out[i].class->start)
			status = all->out[i].class->start(all->out[i].exporter);
		if (!status)
			log_info("exporting to %s", all->out[i].class->name);
	}
	return status;
}

void outputs_line(struct outputs *all, const struct export_line *line)
{
	for (unsigned i = 0; i < all->n; i++)
		all->out[i].class->line(all->out[i].exporter, line);
}

void outputs_tick(struct outputs *all)
{
	for (unsigned i = 0; i < all->n; i++)
		if (all->out[i].class->tick)
			all->out[i].class->tick(all->out[i].exporter);
}

bool outputs_full(const struct outputs *all)
{
	for (unsigned i = 0; i < all->n; i++)
		if (all->out[i].class->full && all->out[i].class->full(all->out[i].exporter))
			return true;
	return false;
}

uint64_t outputs_pending(const struct outputs *all)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < all->n; i++)
		if (all->out[i].class->pending)
			n += all->out[i].class->pending(all->out[i].exporter);
	return n;
}

int outputs_folder(const struct outputs *all)
{
	for (unsigned i = 0; i < all->n; i++)
		if (all->out[i].class->folder)
			return all->out[i].class->folder(all->out[i].exporter);
	return -1;
}

/* They have delivered side by side all the time; so who comes last needs little more than that. */
void outputs_close(struct outputs *all, uint64_t patience_ns)
{
	uint64_t until_ns = clock_boottime_ns() + patience_ns, now_ns;

	for (unsigned i = 0; i < all->n; i++) {
		now_ns = clock_boottime_ns();
		patience_ns = now_ns + LEAST_PATIENCE_NS < until_ns ? until_ns - now_ns
								    : LEAST_PATIENCE_NS;
		if (all->out[i].exporter)
			all->out[i].class->close(all->out[i].exporter, patience_ns);
	}
	all->n = 0;
}
