/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The asker ends at once after the refusal: everything about it was taken in the failing task. */
#include "kit.h"

int main(int argc, char **argv)
{
	struct ep ep = at("127.0.0.1", free_port());
	int holder = listen_on(ep, 0);
	struct child c;

	(void)argc;
	if (start_child(&c)) {
		shut(holder); /* or it would hold the port itself */
		refuse(ep, RA, EADDRINUSE);
		_exit(0);
	}
	end_child(&c);
	refused_in(c.pid, getpid(), 0, ep, EADDRINUSE);
	expect("'reason': 'listener', 'socket': {'reuse_address': true, 'uid': 0}, "
	       "'process': {'pid': %d, 'tid': %d, 'ppid': %d, 'uid': 0, 'comm': '%s', "
	       "'cmdline': ['%s']}, 'culprit_holder': {'role': 'listener', "
	       "'processes': [{'pid': %d}], 'reuseaddr_refused': 'holder_lacks', "
	       "'reuseport_refused': 'both_lack'}",
	       c.pid, c.pid, getpid(), own_comm(), argv[0], getpid());
	shut(holder);
	bind_ok(new_socket(ep, RA), ep);
	return 0;
}
