/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Another socket has the abstract name; closing it is all it takes. */
#include "kit.h"

int main(void)
{
	struct ep ep = at_abstract("bindtrace/case@1");
	int holder = listen_on(ep, 0), fd;

	accept_from((connect_to(ep), holder)); /* it has the name too, and is not in the way */
	fd = refuse(ep, 0, EADDRINUSE);
	advised("stop_holder", "now");
	not_advised("remove_file");
	expect("'reason': 'unix_abstract_in_use', 'layer': 'port_table', "
	       "'culprit_holder': {'role': 'unix', 'state': 'listen', "
	       "'processes': [{'pid': %d, 'fd': %d}]}",
	       getpid(), holder);
	shut(holder);
	bind_ok(fd, ep);
	return 0;
}
