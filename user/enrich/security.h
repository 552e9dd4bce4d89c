/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which security modules this kernel runs. */
#ifndef BT_ENRICH_SECURITY_H
#define BT_ENRICH_SECURITY_H

#include "model/event.h"

/* Names the candidates when a security module said no. */
void security_enrich(struct event *e);

#endif /* BT_ENRICH_SECURITY_H */
