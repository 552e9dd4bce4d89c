/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Endpoints of MPTCP, as `ip mptcp endpoint` makes them. */
#ifndef CASES_KIT_MPTCP_H
#define CASES_KIT_MPTCP_H

#include "kit.h"

/*
 * ip mptcp endpoint add ADDRESS port PORT signal: the kernel listens there with a socket of its own. 0 or a
 * negative errno. Ends the case as skipped where the kernel has no such endpoints (5.12).
 */
int add_endpoint(struct ep ep);
void flush_endpoints(void);

#endif /* CASES_KIT_MPTCP_H */
