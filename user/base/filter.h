/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The system calls a process may still make, as a list; libseccomp has the kernel hold to it. All others are refused
 * with EPERM and kill nobody: what a library of another distribution tries once more than ours becomes an error that
 * is counted, not a process that is gone at night; and who has taken it over gains nothing either way.
 */
#ifndef BT_BASE_FILTER_H
#define BT_BASE_FILTER_H

#include <seccomp.h>
#include <stddef.h>

/* An empty list; NULL: out of memory. */
scmp_filter_ctx filter_new(void);

/*
 * Allows all calls of these names, which spaces separate. A name this architecture has not is passed over. 0,
 * -errno.
 */
int filter_allow(scmp_filter_ctx filter, const char *const *names, size_t n);

/* ... one call, if all of the conditions hold. Several rules for one call: if any of them does. */
int filter_allow_if(scmp_filter_ctx filter, const char *name, const struct scmp_arg_cmp *conditions,
		    unsigned n);
int filter_allow_if_one(scmp_filter_ctx filter, const char *name, struct scmp_arg_cmp condition);

/* ... open() and openat() only for reading, and without making or emptying anything. */
int filter_allow_reading(scmp_filter_ctx filter);

/* An argument has this value; of these bits it has only those. */
struct scmp_arg_cmp filter_equal(unsigned argument, scmp_datum_t value);
struct scmp_arg_cmp filter_has(unsigned argument, scmp_datum_t bits, scmp_datum_t only);

/*
 * From here on, for all threads and what they start; err: of making the list, then nothing is done. Frees it.
 * 0, -errno.
 */
int filter_install(scmp_filter_ctx filter, int err);

#endif /* BT_BASE_FILTER_H */
