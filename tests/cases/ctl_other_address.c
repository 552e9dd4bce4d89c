/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* 127.0.0.2 beside 127.0.0.1 (kernel.md 2.2). */
#include "kit.h"

int main(void)
{
	unsigned port = free_port();

	listen_on(at("127.0.0.1", port), 0);
	listen_on(at("127.0.0.2", port), 0);
	expect_quiet();
	return 0;
}
