/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The picture of an incident as its lines come: who was in the way when, how often it was refused, and why. */
#ifndef BT_CMD_STORY_DETAIL_H
#define BT_CMD_STORY_DETAIL_H

#include "model/story.h"

/*
 * A refusal that was examined, at wall time at_ns of the story's clock; refusals says how many it stands for, the
 * others of which were after since_ns. d may be NULL: then nothing is kept.
 */
void detail_refused(struct story_detail *d, const struct event *e, uint64_t at_ns,
		    uint64_t since_ns, uint64_t refusals);

/* Refusals that were only counted; reason N_REASONS: nobody knows it. Of 0 refusals nothing is kept. */
void detail_counted(struct story_detail *d, enum bt_reason reason, uint64_t at_ns,
		    uint64_t since_ns, uint64_t refusals);

#endif /* BT_CMD_STORY_DETAIL_H */
