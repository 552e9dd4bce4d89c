/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* ::1 beside 0.0.0.0: a specific IPv6 address meets no IPv4 socket (kernel.md 2.2). */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();

	listen_on(at("0.0.0.0", port), 0);
	listen_on(at("::1", port), 0);
	expect_quiet();
	return 0;
}
