/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Names that do not meet: another type, another namespace, a path that was freed. */
#include "kit.h"

int main(void)
{
	struct ep ep = beside("app.sock"), name = at_abstract("bindtrace/ctl");

	shut(listen_on(ep, 0));
	must(!unlink(ep.un.sun_path), "unlink failed");
	listen_on(ep, 0);
	listen_on(name, 0);
	bound_on(name, UDP);
	private_net();
	listen_on(name, 0);
	expect_quiet();
	return 0;
}
