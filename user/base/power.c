// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "base/power.h"

#include <errno.h>
#include <sys/prctl.h>

bool power_has(cap_value_t cap)
{
	cap_flag_value_t value = CAP_CLEAR;
	cap_t now = cap_get_proc();

	if (now)
		cap_get_flag(now, cap, CAP_PERMITTED, &value);
	cap_free(now);
	return value == CAP_SET;
}

static bool is_among(cap_value_t cap, const cap_value_t *list, int n)
{
	for (int i = 0; i < n; i++)
		if (list[i] == cap)
			return true;
	return false;
}

void power_bound(const cap_value_t *keep, int n)
{
	for (cap_value_t c = 0; c < cap_max_bits(); c++)
		if (!is_among(c, keep, n))
			cap_drop_bound(c);
}

/* What is kept, but nothing that is not there: cap_set_proc() would fail. */
static int narrow(cap_t to, cap_t now, const cap_value_t *keep, int n)
{
	cap_flag_value_t have;
	int err = 0;

	for (int i = 0; i < n && !err; i++) {
		err = cap_get_flag(now, keep[i], CAP_PERMITTED, &have);
		if (err || have != CAP_SET)
			continue;
		err = cap_set_flag(to, CAP_PERMITTED, 1, &keep[i], CAP_SET) ||
		      cap_set_flag(to, CAP_EFFECTIVE, 1, &keep[i], CAP_SET);
	}
	return err;
}

int power_keep(const cap_value_t *keep, int n)
{
	cap_t now = cap_get_proc(), to = cap_init();
	int err = !now || !to || narrow(to, now, keep, n) || cap_set_proc(to) ? -errno : 0;

	cap_free(now);
	cap_free(to);
	/* -EINVAL: a kernel that has none of these */
	if (!err && cap_reset_ambient() && errno != EINVAL)
		err = -errno;
	if (!err && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		err = -errno;
	return err;
}
