/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What SCTP lets pass: TCP's port of that number, other addresses, and sharing. */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();
	struct ep ep = at("127.0.0.1", port);

	listen_on(ep, SCTP);
	listen_on(ep, 0);
	listen_on(at("127.0.0.2", port), SCTP);
	bound_on(at("::", port), SCTP | V6ONLY);
	port = free_port();
	bound_on(at("127.0.0.1", port), SCTP | RA);
	bound_on(at("127.0.0.1", port), SCTP | RA);
	port = free_port();
	listen_on(at("127.0.0.1", port), SCTP | RP);
	listen_on(at("127.0.0.1", port), SCTP | RP);
	expect_quiet();
	return 0;
}
