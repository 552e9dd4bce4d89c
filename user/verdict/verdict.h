/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Why the kernel said no, what keeps the port, when it frees, and what really helps. Pure: the event in,
 * the judgement out; no I/O, no clock, no allocation. The rule itself is bpf/rule.h.
 */
#ifndef BT_VERDICT_H
#define BT_VERDICT_H

#include "base/text.h"
#include "model/event.h"

/* Fills e->holders[].pair and .role and e->verdict from e->rec and the openers. */
void verdict_judge(struct event *e);

/* The parts of it, in the order in which they build on each other. */
enum bt_role verdict_role(const struct event *e, unsigned holder);
int verdict_find_decisive(const struct event *e); /* needs pairs, roles and the culprit */
enum bt_reason verdict_reason(const struct event *e, enum bt_layer *layer);
void verdict_summary(const struct event *e, char summary[EVENT_TEXT]);
void verdict_advice(struct event *e);
void verdict_advise_stop(struct event *e);	 /* how to end who has the decisive holder open */
void verdict_advise_stop_each(struct event *e);	 /* ... or whoever has any that is in the way */
void verdict_advise_kernel_use(struct event *e); /* ... where the kernel itself has one */

/*
 * Adds the command that ends a process which has the socket: its service manager's, or a kind signal. false,
 * and nothing added: it is for its container's engine, for pid 1 or for a port proxy, which no such command
 * ends, or its number is not one that a command here would understand.
 */
bool verdict_stop_command(const struct event *e, const struct process *p, struct text *command);

/* Adds what to stop: the .socket unit for which the process has it, else the process. */
void verdict_stop_name(const struct process *p, struct text *t);

/* One more advice; NULL when there is no room. */
struct advice *verdict_advise(struct event *e, enum bt_action action, enum bt_effective effective,
			      const char *text);

/* Says what to do; NULL when there is no room for more. */
struct advice *verdict_advise(struct event *e, enum bt_action action, enum bt_effective effective,
			      const char *text);
/* Stopping who holds it, when somebody is known to. */
void verdict_advise_stop(struct event *e);

/* gates.c: who said no before the protocol looked. false: nobody did, or nobody knows. */
bool gates_reason(const struct event *e, enum bt_reason *reason, enum bt_layer *layer);
void gates_summary(struct text *t, const struct event *e);
void gates_advice(struct event *e);

/* unix.c: names of UNIX sockets. */
enum bt_reason unix_reason(const struct event *e, enum bt_layer *layer);
void unix_summary(struct text *t, const struct event *e);
void unix_advice(struct event *e);

/* range.c: no local port left, and connections that exist already. */
enum bt_reason range_reason(const struct event *e);
void range_summary(struct text *t, const struct event *e);
void range_advice(struct event *e);

#endif /* BT_VERDICT_H */
