/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Files of recordings as they are given on the command line. */
#ifndef BT_CMD_OPERANDS_H
#define BT_CMD_OPERANDS_H

/*
 * FILE* names FILE first, which is the newest, and then FILE.000001, FILE.000002: a FILE that comes before numbers of
 * its own is taken behind the last of them. All else stays where it is. The strings are the caller's.
 */
void operands_in_order(char **operands, int n);

#endif /* BT_CMD_OPERANDS_H */
