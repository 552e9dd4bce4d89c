/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Are two live processes instances of one program? */
#ifndef BT_ENRICH_PROGRAM_H
#define BT_ENRICH_PROGRAM_H

#include <stdbool.h>

/*
 * By their directories in /proc: the same executable file with the same arguments, or an interpreter
 * with the same script. Where that cannot be told for certain, the answer is no.
 */
bool program_same(int dir_a, int dir_b);

#endif /* BT_ENRICH_PROGRAM_H */
