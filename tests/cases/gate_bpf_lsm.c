/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A BPF program among the security modules says that the address is in use: nobody has it, and nobody is to be
 * named but the program.
 */
#include "kit_security.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int id = bpf_lsm_forbid("bt_deny", EADDRINUSE);

	refuse(ep, 0, EADDRINUSE);
	not_advised("stop_holder");
	if (in_kernel()) {
		advised("change_policy", "next_restart");
		expect("'reason': 'lsm_denied', 'layer': 'lsm', 'holders': null, "
		       "'security_modules': [{'name': 'bpf', 'program_name': 'bt_deny', "
		       "'program_id': %d}]",
		       id);
	} else {
		expect("'reason': 'holder_gone', 'security_modules': [{'program_id': %d}]", id);
	}
	return 0;
}
