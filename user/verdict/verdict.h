/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Why the kernel said no, what keeps the port, when it frees, and what really helps. Pure: the event in,
 * the judgement out; no I/O, no clock, no allocation. The rule itself is bpf/rule.h and model/pair.h.
 */
#ifndef BT_VERDICT_H
#define BT_VERDICT_H

#include "base/text.h"
#include "model/event.h"

/* Fills e->holders[].pair and .role and e->verdict from e->rec and the openers. */
void verdict_judge(struct event *e);

/* Of that only who is in the way and why, not what is said of it and what helps. */
void verdict_decide(struct event *e);

/* The parts of it, in the order in which they build on each other. */
enum bt_role verdict_role(const struct event *e, unsigned holder);
int verdict_find_decisive(const struct event *e); /* needs pairs, roles and the culprit */
enum bt_reason verdict_reason(const struct event *e, enum bt_layer *layer);
void verdict_summary(const struct event *e, char summary[EVENT_TEXT]);
void verdict_advice(struct event *e);
void verdict_advise_port(struct event *e);	 /* a port of which one socket is decisive */
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

/* Waiting, when everything in the way ends by itself. */
void verdict_advise_wait(struct event *e);

/* gates.c: who said no before the protocol looked. false: nobody did, or nobody knows. */
/* Can a seccomp filter of the task have said it? Where functions of the kernel are hooked, one of them tells of those. */
bool gates_may_be_seccomp(const struct bt_record *r);
bool gates_reason(const struct event *e, enum bt_reason *reason, enum bt_layer *layer);
void gates_summary(struct text *t, const struct event *e);
void gates_advice(struct event *e);

/* security.c: which security modules it was, or may have been. */
void security_add_candidates(struct text *t, const struct event *e);
void security_summary(struct text *t, const struct event *e);
const char *security_doubt(const struct event *e); /* where nobody was found who has the port */
void security_advice(struct event *e);

/* arguments.c: what is wrong with the call itself. */
enum bt_reason arguments_invalid(const struct bt_record *r); /* EINVAL of bind() to an IP address */
enum bt_reason arguments_address(const struct bt_record *r); /* its EADDRNOTAVAIL, likewise */
enum bt_reason arguments_of_listen(const struct bt_record *r);
const char *arguments_sentence(const struct event *e); /* NULL: the reason is another one */
void arguments_advice(struct event *e);		       /* only where there is a sentence */

/* address.c: EADDRNOTAVAIL of bind(). */
enum bt_reason address_reason(const struct event *e);
void address_summary(struct text *t, const struct event *e);
void address_advice(struct event *e);

/* cgroup.c: BPF programs of the control group. Does one explain better what had this reason without them? */
bool cgroup_explains(const struct event *e, enum bt_reason without);
/* "the BPF program "x" (id 12) of /a.slice", "one of the BPF programs ..." */
void cgroup_add_programs(struct text *t, const struct event *e);
/* What a program may have done where the port's holder seems to be gone; an empty string: nothing. */
const char *cgroup_doubt(const struct event *e);
void cgroup_summary(struct text *t, const struct event *e);
void cgroup_advice(struct event *e);

/* untabled.c: identifiers of ping sockets, and ports of SCTP of which no open socket is known. */
void untabled_summary(struct text *t, const struct event *e);
void untabled_advice(struct event *e);

/* unix.c: names of UNIX sockets. */
enum bt_reason unix_reason(const struct event *e, enum bt_layer *layer);
void unix_summary(struct text *t, const struct event *e);
void unix_advice(struct event *e);

/* range.c: no local port left, and connections that exist already. */
enum bt_reason range_reason(const struct event *e);
unsigned
range_free(const struct event *e); /* ports of the range that nobody had when they were counted */
void range_summary(struct text *t, const struct event *e);
void range_advice(struct event *e);

#endif /* BT_VERDICT_H */
