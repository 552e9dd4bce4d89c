/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <sched.h>
#include <sys/mount.h>

#include "kit_nfs.h"

static const char *const limits[] = { "/proc/sys/sunrpc/min_resvport",
				      "/proc/sys/sunrpc/max_resvport" };
static unsigned before[2];

static void set_limit(const char *path, unsigned port)
{
	FILE *f = fopen(path, "we");

	must(f && fprintf(f, "%u", port) > 0 && !fclose(f),
	     "setting the source port of NFS failed");
}

static void restore(void)
{
	for (int i = 0; i < 2; i++)
		set_limit(limits[i], before[i]);
}

void nfs_source_port(unsigned port)
{
	for (int i = 0; i < 2; i++) {
		FILE *f = fopen(limits[i], "re");

		if (!f)
			skip("the kernel has no client of NFS loaded");
		must(fscanf(f, "%u", &before[i]) == 1, "the source ports of NFS are not known");
		fclose(f);
	}
	atexit(restore);
	for (int i = 0; i < 2; i++)
		set_limit(limits[i], port);
}

void nfs_mount(struct child *c, struct ep server)
{
	char options[128];

	if (!start_child(c))
		return;
	must(!unshare(CLONE_NEWNS), "no mount namespace of its own");
	snprintf(options, sizeof(options),
		 "addr=127.0.0.1,vers=3,nolock,proto=tcp,mountproto=tcp,mountport=%u,port=%u",
		 port_of(server), port_of(server));
	mount("127.0.0.1:/", "/tmp", "nfs", 0, options);
	fail("mounting ended by itself (errno %d)", errno);
}
