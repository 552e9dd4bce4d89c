// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The gates a call passes before its protocol sees it: descriptor, address, security module, seccomp. */
#include <errno.h>
#include <sys/socket.h>

#include "verdict/verdict.h"

enum { SOCKADDR_STORAGE_LEN = 128 };

/* __sys_bind() asks for the descriptor first, then copies the address (move_addr_to_kernel). */
static bool entry_reason(const struct bt_record *r, enum bt_reason *reason)
{
	if ((r->error == EBADF || r->error == ENOTSOCK) && !r->sock.sk)
		*reason = REASON_NOT_A_SOCKET;
	else if (r->error == EFAULT || (r->error == EINVAL && r->operation == BT_OP_BIND &&
					r->addr_len > SOCKADDR_STORAGE_LEN))
		*reason = REASON_BAD_LENGTH;
	else
		return false;
	return true;
}

bool gates_may_be_seccomp(const struct bt_record *r)
{
	return r->seccomp && (r->hook == BT_HOOK_TRACEPOINT || r->hook == BT_HOOK_ITERATOR);
}

bool gates_reason(const struct event *e, enum bt_reason *reason, enum bt_layer *layer)
{
	const struct bt_record *r = &e->rec;

	*layer = LAYER_ARGUMENTS;
	if (r->who == BT_WHO_LSM) {
		*layer = LAYER_LSM;
		*reason = REASON_LSM_DENIED;
		return true;
	}
	if (r->who == BT_WHO_SECCOMP) {
		*layer = LAYER_SECCOMP;
		*reason = REASON_SECCOMP_DENIED;
		return true;
	}
	if (r->who != BT_WHO_PROTOCOL && entry_reason(r, reason))
		return true;
	if (r->who != BT_WHO_BEFORE && r->who != BT_WHO_SKIPPED)
		return false;
	*layer = N_LAYERS;
	*reason = REASON_OTHER;
	return true;
}

/* What is left when the rung sees no more than the error of the system call: who is not known to be innocent. */
static void add_candidates(struct text *t, const struct event *e)
{
	const struct bt_record *r = &e->rec;
	bool modules = e->n_modules || !e->modules_known;
	bool programs = r->operation == BT_OP_BIND && bt_asks_programs(&r->sock) &&
			(e->n_programs || !e->programs_known);
	bool seccomp = gates_may_be_seccomp(r);
	unsigned left = (unsigned)(modules + seccomp + programs);

	if (!left) {
		text_add(t, "the kernel gave no more than the error");
		return;
	}
	text_printf(t, "%s without a reason in the port table: ", errno_name(r->error));
	if (modules) {
		security_add_candidates(t, e);
		text_add(t, left > 2 ? ", " : left > 1 ? " or " : "");
	}
	if (seccomp)
		text_printf(t, "the task's seccomp filter%s", programs ? " or " : "");
	if (programs)
		cgroup_add_programs(t, e);
	text_add(t, left > 1 ? " says no; this way of watching cannot tell which"
			     : " says no, as far as this way of watching can tell");
}

void gates_summary(struct text *t, const struct event *e)
{
	switch (e->verdict.reason) {
	case REASON_LSM_DENIED:
		security_summary(t, e);
		if (e->rec.error == EADDRINUSE)
			text_add(t, "; no socket is in the way");
		break;
	case REASON_SECCOMP_DENIED:
		text_add(t, "a seccomp filter of the program refused the call: the network stack "
			    "never saw it");
		break;
	case REASON_NOT_A_SOCKET:
		text_add(t, e->rec.error == EBADF ? "the descriptor is not open"
						  : "the descriptor is open, but not a socket");
		break;
	default:
		if (e->rec.who == BT_WHO_UNKNOWN &&
		    (e->rec.error == EPERM || e->rec.error == EACCES))
			add_candidates(t, e);
		else if (e->rec.who == BT_WHO_SKIPPED)
			text_add(t,
				 "who says so was not seen: this kernel is preemptible, and skips "
				 "programs that trace it now and then");
		else
			text_add(t, "the kernel gave no more than the error");
		break;
	}
}

void gates_advice(struct event *e)
{
	if (e->verdict.reason == REASON_NOT_A_SOCKET)
		verdict_advise(e, ACTION_USE_NEW_SOCKET, EFFECTIVE_NOW,
			       "look for an early close(), or a number that is not a descriptor");
	else if (e->verdict.reason == REASON_SECCOMP_DENIED)
		verdict_advise(e, ACTION_CHANGE_POLICY, EFFECTIVE_NEXT_RESTART,
			       "let the filter pass bind() (SystemCallFilter= in its unit, the "
			       "container's seccomp profile, or the program's own sandbox)");
	else
		security_advice(e);
}
