/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A link-local address without its interface: SCTP says EADDRNOTAVAIL, where TCP says EINVAL. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("fe80::77", free_port());

	private_net();
	refuse(ep, SCTP, EADDRNOTAVAIL);
	advised("set_scope", "now");
	not_advised("set_freebind");
	expect("'reason': 'scope_missing', 'layer': 'arguments'");
	return 0;
}
