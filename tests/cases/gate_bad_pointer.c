/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The address is not in memory: nobody can say what was asked for. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int fd = new_socket(ep, 0);

	must(bind(fd, (struct sockaddr *)8, sizeof(ep.in)) && errno == EFAULT, "no EFAULT");
	ep.len = 0;
	remember("bind", fd, ep, EFAULT);
	expect("'reason': 'bad_length', 'layer': 'arguments'");
	return 0;
}
