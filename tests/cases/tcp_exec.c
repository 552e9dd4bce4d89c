/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The holder is another program by now: it was exec'd with the socket open. */
#include <fcntl.h>
#include <sys/prctl.h>

#include "kit.h"

int main(int argc, char **argv)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct child c;
	int fd;

	(void)argv;
	if (argc > 1) { /* the other program: bears the socket and waits for the end of its input */
		c.from = STDIN_FILENO;
		prctl(PR_SET_NAME, "innocent");
		must(write(STDOUT_FILENO, "", 1) == 1, "the case went away");
		wait_parent(&c);
		return 0;
	}
	if (start_child(&c)) {
		must(fcntl(listen_on(ep, 0), F_SETFD, 0) == 0, "fcntl failed");
		must(dup2(c.from, STDIN_FILENO) == 0 && dup2(c.to, STDOUT_FILENO) == 1,
		     "dup2 failed");
		execl("/proc/self/exe", "innocent", "hold", (char *)NULL);
		fail("exec failed");
	}
	wait_child(&c);
	allow(c.pid);
	fd = refuse(ep, 0, EADDRINUSE);
	expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', 'blocks': true, "
	       "'processes': [{'pid': %d, 'comm': 'innocent', 'cmdline': ['innocent', 'hold']}], "
	       "'bound_by': {'pid': %d, 'comm': '%s', 'alive': true}}",
	       c.pid, c.pid, own_comm());
	end_child(&c);
	bind_ok(fd, ep);
	return 0;
}
