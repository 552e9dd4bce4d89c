/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which security module said no. The kernel tells nobody: the first that refuses ends the question. So those
 * that cannot have been it are left out: they never say this error, do not confine the asker, or have no
 * program. What then remains may have said it; where it is one, it did.
 */
#ifndef BT_ENRICH_SECURITY_H
#define BT_ENRICH_SECURITY_H

#include "model/event.h"

/* Fills e->modules where a security module said no, or may have. */
void security_enrich(struct event *e);

/* Reads which modules are active, for when this process may not mount what says so any more. Are they known? */
bool security_prepare(void);

#endif /* BT_ENRICH_SECURITY_H */
