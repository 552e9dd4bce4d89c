/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A profile of AppArmor allows no bind(): the module is named, and the profile. */
#include "kit_security.h"

static void ask(struct child *c, struct ep ep)
{
	int fd = new_socket(ep, 0); /* to make one would be refused, too */

	apparmor_enter("bindtrace_test");
	must(bind(fd, &ep.sa, ep.len) && errno == EACCES, "bind had to fail with EACCES");
	signal_parent(c);
	wait_parent(c);
}

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct child c;

	apparmor_profile("bindtrace_test");
	if (start_child(&c)) {
		ask(&c, ep);
		_exit(0); /* the profile is the parent's to remove */
	}
	wait_child(&c);
	refused_in(c.pid, getpid(), getuid(), ep, EACCES);
	not_advised("grant_capability");
	not_advised("stop_holder");
	if (in_kernel())
		advised("change_policy", "next_restart");
	expect("'reason': '%s', 'layer': %s, 'security_modules': [{'name': 'apparmor', "
	       "'label': 'bindtrace_test (enforce)'}]",
	       in_kernel() ? "lsm_denied" : "other", in_kernel() ? "'lsm'" : "null");
	end_child(&c);
	return 0;
}
