// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "model/host.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static const struct {
	const char *name, *path;
} sysctls[N_HOST_SYSCTLS] = {
	[HOST_LOCAL_PORT_RANGE] = { "ip_local_port_range",
				    "/proc/sys/net/ipv4/ip_local_port_range" },
	[HOST_LOCAL_RESERVED_PORTS] = { "ip_local_reserved_ports",
					"/proc/sys/net/ipv4/ip_local_reserved_ports" },
	[HOST_UNPRIVILEGED_PORT_START] = { "ip_unprivileged_port_start",
					   "/proc/sys/net/ipv4/ip_unprivileged_port_start" },
	[HOST_NONLOCAL_BIND] = { "ip_nonlocal_bind", "/proc/sys/net/ipv4/ip_nonlocal_bind" },
	[HOST_TCP_FIN_TIMEOUT] = { "tcp_fin_timeout", "/proc/sys/net/ipv4/tcp_fin_timeout" },
	[HOST_TCP_TW_REUSE] = { "tcp_tw_reuse", "/proc/sys/net/ipv4/tcp_tw_reuse" },
	[HOST_TCP_MAX_TW_BUCKETS] = { "tcp_max_tw_buckets",
				      "/proc/sys/net/ipv4/tcp_max_tw_buckets" },
	[HOST_BINDV6ONLY] = { "bindv6only", "/proc/sys/net/ipv6/bindv6only" },
};

/* The first line of a small file; one that does not fit is not taken in part: -E2BIG. */
static int read_line(const char *path, char *out, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;
	int err;

	if (fd < 0)
		return -errno;
	n = read(fd, out, size);
	err = n < 0 ? -errno : (size_t)n == size ? -E2BIG : 0;
	close(fd);
	out[err ? 0 : n] = '\0';
	out[strcspn(out, "\n")] = '\0';
	return err;
}

void host_facts_read(struct host_facts *h)
{
	struct utsname u;

	memset(h, 0, sizeof(*h));
	if (!uname(&u)) {
		snprintf(h->host, sizeof(h->host), "%s", u.nodename);
		snprintf(h->kernel, sizeof(h->kernel), "%s", u.release);
		snprintf(h->machine, sizeof(h->machine), "%s", u.machine);
	}
	read_line("/proc/sys/kernel/random/boot_id", h->boot_id, sizeof(h->boot_id));
	for (int i = 0; i < N_HOST_SYSCTLS; i++)
		h->sysctls[i].known = !read_line(sysctls[i].path, h->sysctls[i].value,
						 sizeof(h->sysctls[i].value));
}

const char *host_sysctl_name(enum host_sysctl which)
{
	return sysctls[which].name;
}
