/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Exit statuses of every command; the last two as shells give them for what they cannot start. */
#ifndef BT_BASE_STATUS_H
#define BT_BASE_STATUS_H

enum {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_UNSUPPORTED = 3,
	EXIT_REFUSED = 4,   /* check: the bind would be refused */
	EXIT_CUT_SHORT = 5, /* verify: nothing is wrong, but the end is missing */
	EXIT_NOT_EXECUTABLE = 126,
	EXIT_NOT_FOUND = 127,
};

#endif /* BT_BASE_STATUS_H */
