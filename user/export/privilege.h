/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Giving up power, for good. What an exporter reads was chosen by processes that were refused something, and it talks
 * to the network: so it has no more power than that takes.
 */
#ifndef BT_EXPORT_PRIVILEGE_H
#define BT_EXPORT_PRIVILEGE_H

/*
 * From root to a user: this one, else "bindtrace" if there is one, else "nobody"; with no other groups than its own.
 * From anybody: no capabilities, also none to be had; no new ones by exec; no core dumps, and no other process of the
 * same user looks in. EXIT_*; the reason has been printed.
 */
int privilege_drop(const char *user);

/*
 * From here on, for this thread and all that it starts, the kernel takes only the calls that exporting needs; no exec,
 * no fork, nothing is listened at, no file opened for writing. folder: but in this one, by its descriptor; -1: in none.
 * EXIT_*; the reason has been printed.
 */
int privilege_confine(int folder);

#endif /* BT_EXPORT_PRIVILEGE_H */
