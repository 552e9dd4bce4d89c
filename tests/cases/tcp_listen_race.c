/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Somebody else listened between this program's bind() and its listen(). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("0.0.0.0", free_port());
	int mine = bound_on(ep, RA);
	struct child c;

	if (start_child(&c)) {
		close(mine);
		listen_on(ep, RA);
		signal_parent(&c);
		wait_parent(&c);
		return 0;
	}
	wait_child(&c);
	disallow_self();
	allow(c.pid);
	listen_refused(mine, ep, EADDRINUSE);
	not_advised("set_reuseaddr");
	expect("'reason': 'listen_conflict', 'culprit_holder': {'role': 'listener', "
	       "'blocks': true, 'overlap': 'both_wildcard', "
	       "'reuseaddr_refused': 'holder_listens', "
	       "'processes': [{'pid': %d}], 'bound_by': {'pid': %d}}",
	       c.pid, c.pid);
	end_child(&c);
	listen_ok(mine);
	return 0;
}
