// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * BPF programs of the socket's control group: asked before the port table and after it. What they refuse is
 * EPERM, or since 5.18 whatever error a program likes: an EADDRINUSE of theirs has no holder.
 */
#include <errno.h>

#include "verdict/verdict.h"

/* Is one of them known to choose the error? One that is gone by now may have done it. */
static bool any_sets_error(const struct event *e)
{
	for (unsigned i = 0; i < e->n_programs; i++)
		if (e->programs[i].sets_error == 1)
			return true;
	return false;
}

const char *cgroup_doubt(const struct event *e)
{
	if (!bt_asks_programs(&e->rec.sock))
		return "";
	for (unsigned i = 0; i < e->n_programs; i++)
		if (e->programs[i].sets_error < 0)
			return ", or a BPF program of the control group made the error up";
	/* behind the system call the address is the task's, not what became of it */
	return e->rec.who == BT_WHO_UNKNOWN && e->n_programs
		       ? ", or a BPF program of the control group has sent the call to another port"
		       : "";
}

bool cgroup_explains(const struct event *e, enum bt_reason without)
{
	if (!bt_asks_programs(&e->rec.sock) || !any_sets_error(e))
		return false;
	switch (without) {
	case REASON_TUPLE_IN_USE:
		return e->verdict.decisive < 0 && e->rec.walk == BT_WALK_DONE;
	case REASON_HOLDER_GONE: /* nobody was there, if all were looked at */
		return !(e->rec.walk & BT_WALK_STALE);
	case REASON_EPHEMERAL_EXHAUSTED:
		return range_free(e);
	case REASON_ADDRESS_NOT_LOCAL:
		return bt_is_any(&e->rec.sock);
	case REASON_OTHER: /* behind the system call others may have said it */
		return e->rec.who == BT_WHO_PROTOCOL;
	default:
		return false;
	}
}

/* '"sd_bind4" (id 12) of /system.slice/foo.service' */
static void add_program(struct text *t, const struct cgroup_program *p)
{
	if (p->name[0])
		text_printf(t, "\"%s\" (id %u)", p->name, p->id);
	else
		text_printf(t, "with id %u", p->id);
	if (p->cgroup[0])
		text_printf(t, " of %s", p->cgroup);
}

void cgroup_add_programs(struct text *t, const struct event *e)
{
	if (!e->n_programs) {
		text_add(t, "a BPF program attached to the cgroup");
		return;
	}
	text_add(t, e->n_programs > 1 ? "one of the BPF programs " : "the BPF program ");
	for (unsigned i = 0; i < e->n_programs; i++) {
		text_add(t, i ? ", " : "");
		add_program(t, &e->programs[i]);
	}
	if (e->more_programs)
		text_printf(t, " and %u more", e->more_programs);
}

void cgroup_summary(struct text *t, const struct event *e)
{
	const struct bt_record *r = &e->rec;

	if (r->error == EADDRINUSE)
		text_add(t, "no socket is in the way: ");
	cgroup_add_programs(t, e);
	if (r->error == EPERM)
		text_add(t, " forbids it");
	else if (r->who == BT_WHO_PROTOCOL)
		text_add(t, " forbids it, and made the error up");
	else
		text_add(t, " made the error up, or sent the call to another port");
	/* before 5.17 a refusal behind the port table did not give the port back */
	if (r->error == EPERM && r->sock.port && r->bound_port == r->sock.port)
		text_add(t, "; the socket keeps the port all the same, until it is closed");
}

/* systemd.resource-control(5): SocketBindDeny= is made of these two. */
static const struct cgroup_program *of_systemd(const struct event *e)
{
	for (unsigned i = 0; i < e->n_programs; i++)
		if (!strcmp(e->programs[i].name, "sd_bind4") ||
		    !strcmp(e->programs[i].name, "sd_bind6"))
			return &e->programs[i];
	return NULL;
}

void cgroup_advice(struct event *e)
{
	const struct cgroup_program *systemd = of_systemd(e);
	char text[EVENT_TEXT];
	struct text t;

	text_init(&t, text, sizeof(text));
	if (systemd) {
		text_printf(&t,
			    "allow the port where systemd denies it: SocketBindAllow=%u beside "
			    "SocketBindDeny=",
			    e->rec.sock.port);
		text_printf(&t, " (%s %s)", systemd->unit[0] ? "systemctl edit" : "in the unit of",
			    systemd->unit[0] ? systemd->unit : systemd->cgroup);
	} else {
		text_add(&t,
			 "allow it in what has attached the program (bpftool prog show, bpftool "
			 "cgroup tree), or start outside of that control group");
	}
	verdict_advise(e, ACTION_CHANGE_POLICY, EFFECTIVE_NEXT_RESTART, text);
}
