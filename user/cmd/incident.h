/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Endpoints that were refused, until somebody gets them. Whoever asked: a supervisor starts its server
 * under another pid each time.
 */
#ifndef BT_CMD_INCIDENT_H
#define BT_CMD_INCIDENT_H

#include "cmd/fold.h"
#include "model/incident.h"

enum { MAX_INCIDENTS = 256 };

struct incident {
	struct resolution story;
	uint64_t first_ns;
	uint64_t events; /* records seen: at least so many refusals */
};

struct incident_table {
	struct incident open[MAX_INCIDENTS]; /* the oldest first */
	unsigned n;
	bool forgot; /* there were more at once: the oldest were given up */
};

/*
 * Opens the incident of a judged refusal, or adds to the one that is open. Returns a port that nobody
 * waits for any more because there were too many incidents, 0: none.
 */
uint16_t incident_refused(struct incident_table *table, const struct event *e);

/*
 * A successful call: the first open incident that it resolves is taken out of the table into *story, its
 * refusals counted by the folds too. False: there is none (more).
 */
bool incident_resolved(struct incident_table *table, const struct event *e,
		       struct resolution *story);

/* Is anybody still waiting for the port? */
bool incident_waits(const struct incident_table *table, uint16_t port);

/* Does a refusal of this kind belong to the incident? */
bool incident_has(const struct resolution *story, const struct bt_fold_key *key);

#endif /* BT_CMD_INCIDENT_H */
