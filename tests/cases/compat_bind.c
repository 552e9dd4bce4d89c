/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* bind() of a 32-bit program, by its own system call. */
#include "kit_compat.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder, fd;

	need_compat();
	holder = listen_on(ep, 0);
	fd = new_socket(ep, RA);
	must(compat_bind(fd, ep) == -EADDRINUSE, "bind had to fail with EADDRINUSE");
	compat_remember("bind", fd, ep, EADDRINUSE);
	if (!is_seen("compat")) {
		expect_quiet();
		return 0;
	}
	advised("stop_holder", "now");
	expect("'reason': 'listener', 'via': null, 'culprit_holder': {'role': 'listener', "
	       "'blocks': true, 'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	must(!compat_bind(fd, ep), "bind was refused, it had to succeed");
	return 0;
}
