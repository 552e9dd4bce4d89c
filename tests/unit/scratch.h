/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A folder for one test, and what is written into it. */
#ifndef BT_SCRATCH_H
#define BT_SCRATCH_H

/* Makes an empty folder below /tmp and changes to it; removes it with all that is in it. For cmocka. */
int scratch_begin(void **state);
int scratch_end(void **state);

/* Appends to a file, which is made when there is none. */
__attribute__((format(printf, 2, 3))) void scratch_append(const char *name, const char *format,
							  ...);

#endif /* BT_SCRATCH_H */
