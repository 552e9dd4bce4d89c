/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The hosts whose lines have come, each with its Resource and with what is counted of it: at a socket the streams of
 * several take turns. One thread counts, another one may ask.
 */
#ifndef BT_OTLP_HOSTS_H
#define BT_OTLP_HOSTS_H

#include "export/metrics.h"
#include "export/otlp_resource.h"

struct otlp_hosts;

/* A Resource as JSON, which many records share. */
struct otlp_shared {
	_Atomic unsigned users;
	char *json;
};

/* Takes JSON from malloc(), and has one user. NULL: no memory, or json is NULL; json is freed then. */
struct otlp_shared *otlp_shared_new(char *json);

/* One user less; NULL does nothing. Of type struct otlp_shared, for queue_new(). */
void otlp_shared_drop(void *shared);

/*
 * all: what is counted of all hosts, and of this exporter. ports as of metrics_new(). Both pointers stay the caller's.
 * NULL: no memory; otlp_hosts_free() takes that, too.
 */
struct otlp_hosts *otlp_hosts_new(const struct otlp_identity *who, struct metrics *all,
				  unsigned ports);
void otlp_hosts_free(struct otlp_hosts *hosts);

/* Counts a line as its host's. The Resource its record is of, with a user more; NULL: no memory. */
struct otlp_shared *otlp_hosts_line(struct otlp_hosts *hosts, const struct export_line *line);

/*
 * The metrics of every host as JSON, as of realtime_ns, which the caller frees; NULL: no memory. What is of
 * this exporter belongs to the host where there is only one, otherwise to a Resource that names none.
 */
char *otlp_hosts_request(struct otlp_hosts *hosts, uint64_t realtime_ns, size_t *n);

#endif /* BT_OTLP_HOSTS_H */
