/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Capabilities: giving them up, for good. */
#ifndef BT_BASE_POWER_H
#define BT_BASE_POWER_H

#include <stdbool.h>
#include <sys/capability.h>

/* Has this thread the capability, to use or to take up? */
bool power_has(cap_value_t cap);

/*
 * Of the bounding set only these stay: no program that is run later gets others. Without CAP_SETPCAP nothing
 * happens; then no_new_privs is what counts.
 */
void power_bound(const cap_value_t *keep, int n);

/* Of what this thread may do only these stay, as far as it has them, and no exec adds any. 0 or -errno. */
int power_keep(const cap_value_t *keep, int n);

#endif /* BT_BASE_POWER_H */
