/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A real TIME_WAIT of 60 s: when bindtrace says the port frees, a bind succeeds (kernel.md 3.1,
 * 5).
 */
#include "kit.h"

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	uint64_t since;
	int fd;

	expect_more(); /* the polling below is refused, too */
	time_wait(ep, 0);
	since = boottime_ns();
	fd = refuse(ep, 0, EADDRINUSE);
	expect("'reason': 'time_wait', 'frees_in_s': {'min': 45, 'max': 66}, "
	       "'culprit_holder': {'role': 'time_wait', 'blocks': true, "
	       "'time_wait': {'timer_left_s': {'min': 40, 'max': 60.1}, 'frees_in_s': {'min': 45, "
	       "'max': 66}}}");
	while (boottime_ns() - since < 59500000000) /* never earlier than 60 s */
		nap_ms(100);
	while (bind(fd, &ep.sa, ep.len)) {
		must(errno == EADDRINUSE && boottime_ns() - since < 75000000000,
		     "the port did not free");
		nap_ms(10);
	}
	printf("{\"freed_boottime_ns\": %llu}\n", (unsigned long long)boottime_ns());
	return 0;
}
