/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Associations that outlive their socket: they keep its port, and no process has them open. */
#ifndef BT_ENRICH_SCTP_H
#define BT_ENRICH_SCTP_H

#include "model/event.h"

/* Looks for them where SCTP was refused a port; else everything is zero. */
void sctp_look(struct sctp_facts *facts, const struct bt_record *r);

/* The same in the text of /proc/net/sctp/assocs. */
void sctp_look_in_table(struct sctp_facts *facts, const char *table, unsigned port);

#endif /* BT_ENRICH_SCTP_H */
