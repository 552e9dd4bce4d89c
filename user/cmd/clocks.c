// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/clocks.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* Times are told to a tenth of a second. */
#define LEAST_NS 100000000ll

int clocks_watch(struct clocks *c)
{
	/* never due: it is there to be cancelled (timerfd_clock_was_set(), also after a suspend) */
	const struct itimerspec never = { .it_value.tv_sec = (time_t)1 << 33 };

	c->offset_ns = clock_offset_ns();
	c->slept_ns = clock_slept_ns();
	c->fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	if (c->fd < 0)
		return -errno;
	return timerfd_settime(c->fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL)
		       ? -errno
		       : 0;
}

bool clocks_changed(struct clocks *c, struct clock_change *change)
{
	uint64_t expirations, slept_ns;
	int64_t offset_ns;

	/* ECANCELED is what we wait for */
	if (read(c->fd, &expirations, sizeof(expirations)) >= 0 || errno != ECANCELED)
		return false;
	offset_ns = clock_offset_ns();
	slept_ns = clock_slept_ns();
	*change = (struct clock_change){ .set_ns = offset_ns - c->offset_ns };
	if (slept_ns > c->slept_ns)
		change->slept_ns = slept_ns - c->slept_ns;
	c->offset_ns = offset_ns;
	c->slept_ns = slept_ns;
	if (change->set_ns > -LEAST_NS && change->set_ns < LEAST_NS)
		change->set_ns = 0;
	if (change->slept_ns < LEAST_NS)
		change->slept_ns = 0;
	return change->set_ns || change->slept_ns;
}
