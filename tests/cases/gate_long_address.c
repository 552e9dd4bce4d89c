/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The address is longer than any may be: it is not even copied (move_addr_to_kernel, kernel.md 1.0). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	char longer[sizeof(struct sockaddr_storage) + 1] = "";
	int fd = new_socket(ep, 0);

	memcpy(longer, &ep.in, sizeof(ep.in));
	must(bind(fd, (struct sockaddr *)longer, sizeof(longer)) && errno == EINVAL, "no EINVAL");
	remember("bind", fd, ep, EINVAL);
	advised("fix_arguments", "now");
	expect("'reason': 'bad_length', 'layer': 'arguments'");
	bind_ok(fd, ep);
	return 0;
}
