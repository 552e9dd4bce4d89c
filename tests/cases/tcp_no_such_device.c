/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A link-local address with the number of an interface that does not exist (kernel.md 1.1 row
 * 9).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("fe80::77", free_port());

	ep.in6.sin6_scope_id = 0x7ffffff0;
	refuse(ep, 0, ENODEV);
	expect("'reason': 'no_such_device'");
	return 0;
}
