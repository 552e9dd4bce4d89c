// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Text of /proc: control groups, mounts and tables, of which others choose the names. */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "enrich/address.h"
#include "enrich/cgroup.h"
#include "enrich/container.h"
#include "enrich/sctp.h"
#include "enrich/unix.h"
#include "fuzz.h"

static void control_groups(const char *text)
{
	struct container c;
	char out[64];

	if (!cgroup_path_of(text, out, sizeof(out)))
		fuzz_expect(strlen(out) < sizeof(out));
	fuzz_expect(!cgroup_unit(text, out, sizeof(out)) == (out[0] != '\0'));
	cgroup_mount_in(text, out, sizeof(out));
	container_of_process(text, &c);
	container_of_path(text, &c);
	fuzz_expect(strlen(c.id) < sizeof(c.id) && strlen(c.pod_uid) < sizeof(c.pod_uid));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *text = fuzz_string(data, n);
	struct unix_facts facts = { .fd = -1 };
	struct sctp_facts sctp = { 0 };

	control_groups(text);
	address_flags_in(text, in6addr_loopback.s6_addr, 1);
	sctp_look_in_table(&sctp, text, 38412);
	unix_look_in_table(&facts, text, "@name", 5, SOCK_STREAM);
	free(text);
	return 0;
}
