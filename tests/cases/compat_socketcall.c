/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * bind() of a 32-bit program by socketcall(), the one system call for all of sockets; then a 64-bit
 * one of the same task, which must be told as well.
 */
#include "kit_compat.h"

int main(void)
{
	struct ep ep = at("::1", free_port());
	int holder, fd, wide;

	need_compat();
	holder = listen_on(ep, 0);
	fd = new_socket(ep, 0);
	must(compat_socketcall_bind(fd, ep) == -EADDRINUSE, "bind had to fail with EADDRINUSE");
	compat_remember("bind", fd, ep, EADDRINUSE);
	if (is_seen("compat"))
		expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', "
		       "'processes': [{'pid': %d, 'fd': %d}]}",
		       getpid(), holder);
	wide = refuse(ep, 0, EADDRINUSE);
	advised("stop_holder", "now");
	expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	shut(wide);
	must(!compat_socketcall_bind(fd, ep), "bind was refused, it had to succeed");
	return 0;
}
