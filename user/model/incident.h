/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How the story of a refused endpoint ended. */
#ifndef BT_INCIDENT_H
#define BT_INCIDENT_H

#include "model/event.h"

struct resolution {
	uint64_t incident;    /* number of the first event of it */
	struct bt_sock asked; /* what had been refused */
	uint16_t operation;
	uint32_t netns, netns_cookie; /* as in struct bt_task */
	uint64_t refusals;	      /* of everybody who asked for it */
	uint64_t after_ns;	      /* from the first refusal */
	int64_t adds;		      /* refusals that no line before has told of; -1: not known */
};

#endif /* BT_INCIDENT_H */
