/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* SCTP: what sctp_bindx() of libsctp does, and what is left of an association. */
#include "kit.h"

enum {
	SCTP_SOCKOPT_BINDX_ADD = 100,
	MAX_ADDRESSES = 8,
	PATIENCE_MS = 10000
}; /* linux/sctp.h does not stand alone */

/* The addresses one after the other, in one setsockopt(). */
static int bindx(int fd, const struct ep *eps, int n)
{
	char list[MAX_ADDRESSES * sizeof(struct sockaddr_in6)];
	socklen_t len = 0;

	must(n <= MAX_ADDRESSES, "too many addresses in the case");
	for (int i = 0; i < n; len += eps[i++].len)
		memcpy(list + len, &eps[i].sa, eps[i].len);
	return setsockopt(fd, IPPROTO_SCTP, SCTP_SOCKOPT_BINDX_ADD, list, len);
}

void bindx_ok(int fd, const struct ep *eps, int n)
{
	must(!bindx(fd, eps, n), "bindx was refused, it had to succeed");
	allow(getpid());
}

void bindx_refused(int fd, const struct ep *eps, int n, int error)
{
	int r = bindx(fd, eps, n);

	if (r == 0 || errno != error)
		fail("bindx to port %u had to fail with errno %d", port_of(eps[0]), error);
	remember("bind", fd, eps[0], error);
}

/* Is the port one of an association's, at this end? */
static bool has_association(unsigned port)
{
	FILE *f = fopen("/proc/self/net/sctp/assocs", "re");
	char line[1024];
	bool found = false;
	unsigned lport;

	must(f != NULL, "no table of associations");
	/* ASSOC SOCK STY SST ST HBKT ASSOC-ID TX_QUEUE RX_QUEUE UID INODE LPORT */
	while (fgets(line, sizeof(line), f))
		found |= sscanf(line, "%*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %u", &lport) ==
				 1 &&
			 lport == port;
	fclose(f);
	return found;
}

void await_association_gone(unsigned port)
{
	for (int ms = 0; ms < PATIENCE_MS; ms++) {
		if (!has_association(port))
			return;
		nap_ms(1);
	}
	fail("port %u: waited in vain for the association to end", port);
}
