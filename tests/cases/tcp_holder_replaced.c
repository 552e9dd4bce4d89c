/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The holder goes right after the refusal and another process takes its port: who came later was not in the
 * way, however late the tracer looks.
 */
#include "kit.h"

static void serve(struct child *c, struct ep ep)
{
	int listener;

	wait_parent(c);
	listener = listen_on(ep, 0);
	signal_parent(c);
	wait_parent(c);
	shut(listener);
	signal_parent(c);
	wait_parent(c);
}

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	struct child first, second;

	if (start_child(&first)) {
		serve(&first, ep);
		return 0;
	}
	if (start_child(&second)) {
		serve(&second, ep);
		return 0;
	}
	signal_child(&first);
	wait_child(&first);
	refuse(ep, 0, EADDRINUSE);
	signal_child(&first);
	wait_child(&first);
	signal_child(&second);
	wait_child(&second);
	allow(first.pid);
	/* of a late look nothing is certain but that the second is not named */
	if (looks_late())
		expect("'layer': 'port_table'");
	else
		expect("'reason': 'listener', 'culprit_holder': {'role': 'listener', "
		       "'bound_by': {'pid': %d}}",
		       first.pid);
	signal_child(&second);
	wait_child(&second);
	end_child(&second);
	end_child(&first);
	bind_ok(new_socket(ep, 0), ep);
	return 0;
}
