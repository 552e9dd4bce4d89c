/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* AF_UNSPEC passes for AF_INET only with the wildcard (kernel.md 1.1 row 3). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port()), any = at("0.0.0.0", port_of(ep));
	int fd;

	ep.sa.sa_family = any.sa.sa_family = AF_UNSPEC;
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bind_refused(fd, ep, EAFNOSUPPORT);
	advised("fix_arguments", "now");
	expect("'reason': 'bad_family', 'layer': 'arguments', 'port': %u", port_of(ep));
	bind_ok(fd, any);
	return 0;
}
