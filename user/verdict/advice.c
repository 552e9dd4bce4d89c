// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What really helps, for this very case. */
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/text.h"
#include "verdict/verdict.h"

struct advice *verdict_advise(struct event *e, enum bt_action action, enum bt_effective effective,
			      const char *text)
{
	struct verdict *v = &e->verdict;
	struct advice *a;

	if (v->n_advice == EVENT_MAX_ADVICE)
		return NULL;
	a = &v->advice[v->n_advice++];
	a->action = action;
	a->effective = effective;
	snprintf(a->text, sizeof(a->text), "%s", text);
	return a;
}

void verdict_advise_wait(struct event *e)
{
	char text[EVENT_TEXT];
	struct text t;

	if (!e->verdict.has_frees_in)
		return;
	text_init(&t, text, sizeof(text));
	text_add(&t, "wait ");
	clock_add_wait(&t, (uint64_t)e->verdict.frees_in_ns);
	if (e->verdict.frees_at_least)
		text_add(&t, " or a little more");
	verdict_advise(e, ACTION_WAIT, EFFECTIVE_AFTER_WAIT, text);
}

static void advise_privilege(struct event *e)
{
	struct advice *a =
		verdict_advise(e, ACTION_GRANT_CAPABILITY, EFFECTIVE_NOW,
			       "give the program CAP_NET_BIND_SERVICE (AmbientCapabilities= in "
			       "its unit, or on its file)");

	if (a)
		snprintf(a->command, sizeof(a->command), "setcap cap_net_bind_service=+ep PROGRAM");
	a = verdict_advise(
		e, ACTION_LOWER_PRIVILEGED_START, EFFECTIVE_NOW,
		"or let everybody have this port, in the network namespace of the program");
	if (a)
		snprintf(a->command, sizeof(a->command),
			 "sysctl -w net.ipv4.ip_unprivileged_port_start=%u", e->rec.sock.port);
}

static void advise_other(struct event *e)
{
	switch (e->verdict.reason) {
	case REASON_HOLDER_GONE:
		verdict_advise(e, ACTION_RETRY, EFFECTIVE_NOW, "try again");
		break;
	case REASON_PRIVILEGED_PORT:
		advise_privilege(e);
		break;
	case REASON_ADDRESS_NOT_LOCAL:
	case REASON_ADDRESS_TENTATIVE:
	case REASON_ADDRESS_DUPLICATE:
		address_advice(e);
		break;
	default:
		if (arguments_sentence(e))
			arguments_advice(e);
		break;
	}
}

void verdict_advice(struct event *e)
{
	switch (e->verdict.reason) {
	case REASON_LSM_DENIED:
	case REASON_SECCOMP_DENIED:
	case REASON_NOT_A_SOCKET:
		gates_advice(e);
		return;
	case REASON_CGROUP_DENIED:
		cgroup_advice(e);
		return;
	case REASON_EPHEMERAL_EXHAUSTED:
	case REASON_TUPLE_IN_USE:
	case REASON_TUPLE_TIME_WAIT:
		range_advice(e);
		return;
	case REASON_IDENT_IN_USE:
		untabled_advice(e);
		return;
	case REASON_SCTP_IN_USE:
	case REASON_ORPHAN:
		if (e->verdict.decisive >= 0)
			break;
		untabled_advice(e);
		return;
	default:
		break;
	}
	if (e->rec.sock.family == AF_UNIX)
		unix_advice(e);
	if (e->rec.error == EADDRINUSE && e->verdict.decisive >= 0 && e->rec.sock.family != AF_UNIX)
		verdict_advise_port(e);
	else
		advise_other(e);
}
