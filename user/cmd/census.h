/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Who has the ports of a range in which none was free. */
#ifndef BT_CENSUS_H
#define BT_CENSUS_H

#include <stddef.h>

#include "model/event.h"
#include "source/ports.h"

enum { CENSUS_WORDS = 65536 / 64 };

/* The sockets of one network namespace and protocol, as they were a moment ago. */
struct census_look {
	struct ports_source *source; /* NULL until it is needed */
	int err;		     /* why nobody can look; 0: nothing is known against it */
	uint32_t netns;
	uint16_t protocol; /* MPTCP is TCP here */
	uint64_t time_ns;  /* boottime; 0: nobody could look */
	uint64_t full_ns;  /* from then on the looks are saved up that may be made */
	struct bt_open *rows;
	size_t n_rows, room;
	uint64_t reserved[CENSUS_WORDS]; /* net.ipv4.ip_local_reserved_ports: one bit a port */
};

/* Loads what the looks need, for when this process may load nothing any more. */
void census_prepare(struct census_look *l);

/*
 * Fills e->census, where a port was to be found and none was. It costs milliseconds: refusals that wait
 * together share a look, and of a storm of them not every one has a census.
 */
void census_apply(struct census_look *l, struct event *e);

/* The counting: which of those sockets had the ports of r's range when r was refused one. Pure. */
void census_count(struct census *out, const struct bt_record *r, const struct census_look *l);

/* Lets go of what the looks have needed. */
void census_end(struct census_look *l);

#endif /* BT_CENSUS_H */
