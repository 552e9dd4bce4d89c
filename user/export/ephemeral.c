// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/ephemeral.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "export/every.h"
#include "export/metrics.h"

enum { EVERY_S = 10, PORTS = 65536, TABLES = 2 };

struct ephemeral {
	FILE *range, *reserved, *tables[TABLES];
	struct metrics *metrics;
	struct every every;
	unsigned first, last;
	uint8_t is_reserved[PORTS], is_taken[PORTS];
};

struct ephemeral *ephemeral_open(void)
{
	struct ephemeral *e = calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	e->range = fopen("/proc/sys/net/ipv4/ip_local_port_range", "re");
	e->reserved = fopen("/proc/sys/net/ipv4/ip_local_reserved_ports", "re");
	e->tables[0] = fopen("/proc/self/net/tcp", "re");
	e->tables[1] = fopen("/proc/self/net/tcp6", "re"); /* none where IPv6 is off */
	if (e->range && e->reserved && e->tables[0])
		return e;
	ephemeral_close(e);
	return NULL;
}

void ephemeral_close(struct ephemeral *e)
{
	FILE *files[] = { e ? e->range : NULL, e ? e->reserved : NULL, e ? e->tables[0] : NULL,
			  e ? e->tables[1] : NULL };

	if (!e)
		return;
	every_stop(&e->every);
	for (unsigned i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (files[i])
			fclose(files[i]);
	free(e);
}

static int reserve(uint16_t first, uint16_t last, void *context)
{
	struct ephemeral *e = context;

	memset(e->is_reserved + first, 1, last - first + 1u);
	return 0;
}

static bool read_range(struct ephemeral *e)
{
	char *list = NULL;
	size_t size = 0;
	ssize_t n;

	rewind(e->range);
	if (fscanf(e->range, "%u %u", &e->first, &e->last) != 2 || e->first > e->last ||
	    e->last >= PORTS)
		return false;
	memset(e->is_reserved, 0, sizeof(e->is_reserved));
	rewind(e->reserved);
	n = getline(&list, &size, e->reserved);
	if (n > 0 && list[n - 1] == '\n')
		list[n - 1] = '\0';
	if (n > 1)
		number_ports(list, reserve, e);
	free(list);
	return n > 0;
}

/* "   0: 0100007F:1F90 ...": the local port stands behind the second colon. */
static void take(struct ephemeral *e, const char *line)
{
	const char *colon = strchr(line, ':');
	unsigned port;

	colon = colon ? strchr(colon + 1, ':') : NULL;
	if (colon && sscanf(colon, ":%4X ", &port) == 1)
		e->is_taken[port] = 1;
}

/* The first line says what the columns are. */
static void read_table(struct ephemeral *e, FILE *table)
{
	char *line = NULL;
	size_t size = 0;

	rewind(table);
	if (getline(&line, &size, table) > 0)
		while (getline(&line, &size, table) > 0)
			take(e, line);
	free(line);
}

/* Counts, which takes a moment where there are many sockets. false: that could not be read. */
static bool ephemeral_read(struct ephemeral *e, struct ephemeral_ports *ports)
{
	if (!read_range(e))
		return false;
	memset(e->is_taken, 0, sizeof(e->is_taken));
	for (unsigned i = 0; i < TABLES; i++)
		if (e->tables[i])
			read_table(e, e->tables[i]);
	*ports = (struct ephemeral_ports){ .size = e->last - e->first + 1 };
	for (unsigned port = e->first; port <= e->last; port++) {
		ports->reserved += e->is_reserved[port];
		ports->taken += e->is_taken[port] && !e->is_reserved[port];
	}
	return !ferror(e->tables[0]);
}

static void tell(void *context)
{
	struct ephemeral *e = context;
	struct ephemeral_ports ports;

	metrics_ephemeral(e->metrics, ephemeral_read(e, &ports) ? &ports : NULL);
}

int ephemeral_start(struct ephemeral *e, struct metrics *m)
{
	e->metrics = m;
	tell(e);
	return every_start(&e->every, EVERY_S, tell, e);
}
