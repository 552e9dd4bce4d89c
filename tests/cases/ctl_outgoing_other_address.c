/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An outgoing connection from 127.0.0.1 leaves its source port free on 127.0.0.2. */
#include "kit.h"

int main(void)
{
	struct ep server = at("127.0.0.1", free_port());

	listen_on(server, 0);
	bind_ok(new_socket(server, 0), at("127.0.0.2", local_port(connect_to(server))));
	expect_quiet();
	return 0;
}
