// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "base/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

scmp_filter_ctx filter_new(void)
{
	return seccomp_init(SCMP_ACT_ERRNO(EPERM));
}

int filter_allow_if(scmp_filter_ctx filter, const char *name, const struct scmp_arg_cmp *conditions,
		    unsigned n)
{
	int call = seccomp_syscall_resolve_name(name);

	/* below 0: this architecture has none of that name */
	return call < 0 ? 0 : seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, n, conditions);
}

int filter_allow_if_one(scmp_filter_ctx filter, const char *name, struct scmp_arg_cmp condition)
{
	return filter_allow_if(filter, name, &condition, 1);
}

int filter_allow(scmp_filter_ctx filter, const char *const *names, size_t n)
{
	char word[32];
	int err = 0;

	for (size_t i = 0; i < n; i++) {
		const char *at = names[i];

		while (!err && *at) {
			size_t len = strcspn(at, " ");

			snprintf(word, sizeof(word), "%.*s", (int)len, at);
			err = filter_allow_if(filter, word, NULL, 0);
			at += len + (at[len] == ' ');
		}
	}
	return err;
}

struct scmp_arg_cmp filter_equal(unsigned argument, scmp_datum_t value)
{
	return (struct scmp_arg_cmp){ argument, SCMP_CMP_EQ, value, 0 };
}

struct scmp_arg_cmp filter_has(unsigned argument, scmp_datum_t bits, scmp_datum_t only)
{
	return (struct scmp_arg_cmp){ argument, SCMP_CMP_MASKED_EQ, bits, only };
}

int filter_allow_reading(scmp_filter_ctx filter)
{
	const scmp_datum_t writes = O_ACCMODE | O_CREAT | O_TRUNC;
	int err = filter_allow_if_one(filter, "openat", filter_has(2, writes, 0));

	return err ? err : filter_allow_if_one(filter, "open", filter_has(1, writes, 0));
}

int filter_install(scmp_filter_ctx filter, int err)
{
	if (!filter)
		return -ENOMEM;
	/* threads that have begun are no exception */
	if (!err)
		err = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
	if (!err)
		err = seccomp_load(filter);
	seccomp_release(filter);
	return err;
}
