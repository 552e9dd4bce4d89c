/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A sandbox of the program's own (Landlock, a security module) allows no bind to this port. */
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "kit.h"

enum { CREATE_RULESET = 444, RESTRICT_SELF = 446, BIND_TCP = 1 };

static bool forbid_bind(void)
{
	uint64_t handled[2] = { 0, BIND_TCP }; /* of files, of the network (6.7) */
	int ruleset = (int)syscall(CREATE_RULESET, handled, sizeof(handled), 0);

	if (ruleset < 0)
		return false;
	must(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs failed");
	return !syscall(RESTRICT_SELF, ruleset, 0);
}

int main(void)
{
	/* where nothing else of the kind is active, it alone is named */
	const char *module = "{'name': 'landlock', 'label': null}";
	struct ep ep = at("127.0.0.1", free_port());

	if (!forbid_bind())
		skip("this kernel has no Landlock for the network");
	refuse(ep, 0, EACCES);
	not_advised("grant_capability");
	not_advised("stop_holder");
	if (in_kernel()) {
		advised("change_policy", "next_restart");
		expect("'reason': 'lsm_denied', 'layer': 'lsm', 'security_modules': [%s]", module);
	} else {
		expect("'reason': 'other', 'layer': null, 'security_modules': [%s]", module);
	}
	return 0;
}
