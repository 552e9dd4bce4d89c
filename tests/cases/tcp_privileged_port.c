/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An ordinary user asks for port 80 (kernel.md 1.1 row 6). */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", 80);
	struct child c;

	private_net(); /* its ip_unprivileged_port_start is the kernel's own: 1024 */
	if (start_child(&c)) {
		must(!setgid(1000) && !setuid(1000), "setuid failed");
		refuse(ep, RA, EACCES);
		signal_parent(&c);
		wait_parent(&c);
		bind_ok(new_socket(ep, 0), ep);
		return 0;
	}
	wait_child(&c);
	refused_in(c.pid, getpid(), 1000, ep, EACCES);
	advised("grant_capability", "now");
	advised("lower_privileged_start", "now");
	not_advised("set_reuseaddr");
	not_advised("stop_holder");
	not_advised("wait");
	expect("'reason': 'privileged_port', 'layer': 'privilege'");
	set_sysctl("ipv4/ip_unprivileged_port_start", "80");
	end_child(&c);
	return 0;
}
