/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The listener is a registered file of a ring and no descriptor any more: no process has it open,
 * and nobody is named for it but who made it listen.
 */
#include "kit_uring.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct uring *ring = uring_of_files();
	int holder = listen_on(ep, 0), fd;

	uring_register(ring, holder);
	shut(holder);
	fd = refuse(ep, 0, EADDRINUSE);
	expect("'reason': 'listener', 'via': null, 'culprit_holder': {'role': 'listener', "
	       "'state': 'listen', 'blocks': true, 'kernel': null, 'processes': [], "
	       "'bound_by': {'pid': %d, 'alive': true}}",
	       getpid());
	uring_close(ring);
	await_gone(port_of(ep));
	bind_ok(fd, ep);
	return 0;
}
