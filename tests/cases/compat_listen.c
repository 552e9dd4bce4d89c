/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Two sockets with SO_REUSEADDR are bound to one port; the second listen() is a 32-bit one. */
#include "kit_compat.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int first, second;

	need_compat();
	first = bound_on(ep, RA);
	second = bound_on(ep, RA);
	listen_ok(first);
	must(compat_listen(second) == -EADDRINUSE, "listen had to fail with EADDRINUSE");
	compat_remember("listen", second, ep, EADDRINUSE);
	if (!is_seen("compat")) {
		expect_quiet();
		return 0;
	}
	advised("listen_once", "now");
	expect("'reason': 'listen_conflict', 'culprit_holder': {'role': 'listener', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), first);
	shut(first);
	must(!compat_listen(second), "listen was refused, it had to succeed");
	return 0;
}
