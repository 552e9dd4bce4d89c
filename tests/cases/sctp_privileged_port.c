/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An ordinary user asks for port 80 of SCTP. */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", 80);
	struct child c;

	private_net(); /* its ip_unprivileged_port_start is the kernel's own: 1024 */
	new_socket(ep, SCTP);
	if (start_child(&c)) {
		must(!setgid(1000) && !setuid(1000), "setuid failed");
		refuse(ep, SCTP, EACCES);
		signal_parent(&c);
		wait_parent(&c);
		bind_ok(new_socket(ep, SCTP), ep);
		return 0;
	}
	wait_child(&c);
	refused_in(c.pid, getpid(), 1000, ep, EACCES);
	refused_protocol(SCTP);
	advised("lower_privileged_start", "now");
	not_advised("stop_holder");
	expect("'reason': 'privileged_port', 'layer': 'privilege'");
	set_sysctl("ipv4/ip_unprivileged_port_start", "80");
	end_child(&c);
	return 0;
}
