// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Addresses that cannot be bound: what the kernel's table says of them, and what helps. */
#include <errno.h>
#include <linux/if_addr.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "enrich/address.h"
#include "enrich/netns.h"
#include "refusal.h"

static const char table[] = "20010db8000000000000000000000077 02 40 00 c0    eth0\n"
			    "00000000000000000000000000000001 01 80 10 80      lo\n"
			    "20010db8000000000000000000000077 0c 40 00 88    eth9\n";

static void flags_of_an_address(void **state)
{
	uint8_t address[16] = { 0x20, 1, 0x0d, 0xb8, [15] = 0x77 };

	(void)state;
	assert_int_equal(address_flags_in(table, address, 2), IFA_F_PERMANENT | IFA_F_TENTATIVE);
	assert_int_equal(address_flags_in(table, address, 12), IFA_F_PERMANENT | IFA_F_DADFAILED);
	assert_int_equal(address_flags_in(table, address, 1), -1);
	address[15] = 0x78;
	assert_int_equal(address_flags_in(table, address, 2), -1);
	assert_int_equal(address_flags_in("", address, 2), -1);
	assert_int_equal(address_flags_in("garbage\n\n2001\n", address, 2), -1);
}

static void refused(enum address_state found)
{
	refusal(BT_WHO_PROTOCOL, EADDRNOTAVAIL);
	memset(e.rec.sock.addr, 1, 4);
	e.address.state = found;
	strcpy(e.address.device, "eth0");
}

static void what_was_found(void **state)
{
	(void)state;
	refused(ADDRESS_UNKNOWN);
	expect_said(REASON_ADDRESS_NOT_LOCAL, "no interface of this network namespace has");
	assert_non_null(advised(ACTION_SET_FREEBIND));
	refused(ADDRESS_TENTATIVE);
	expect_said(REASON_ADDRESS_TENTATIVE, "still tentative on eth0: duplicate address "
					      "detection is not done");
	assert_non_null(advised(ACTION_WAIT));
	assert_null(strstr(e.verdict.summary, "carrier"));
	e.address.no_carrier = true;
	expect_said(REASON_ADDRESS_TENTATIVE, "before the link has a carrier");
	assert_null(advised(ACTION_WAIT));
	refused(ADDRESS_DUPLICATE);
	expect_said(REASON_ADDRESS_DUPLICATE, "on the link of eth0");
	assert_null(advised(ACTION_SET_FREEBIND));
	refused(ADDRESS_ELSEWHERE);
	expect_said(REASON_ADDRESS_NOT_LOCAL, "tied to another interface");
	refused(ADDRESS_USABLE);
	expect_said(REASON_ADDRESS_NOT_LOCAL, "eth0 has the address now");
	assert_non_null(advised(ACTION_RETRY));
	refused(ADDRESS_IPV6_OFF);
	expect_said(REASON_ADDRESS_NOT_LOCAL, "IPv6 is switched off on lo");
	assert_string_equal(advised(ACTION_ENABLE_IPV6)->command,
			    "sysctl -w net.ipv6.conf.lo.disable_ipv6=0");
	assert_int_equal(e.verdict.layer, LAYER_ADDRESS);
}

/* The name goes into a command only where a shell leaves it alone. */
static void names_of_interfaces(void **state)
{
	(void)state;
	refused(ADDRESS_DOWN);
	strcpy(e.address.device, "wg-1.2:a@b");
	expect_said(REASON_ADDRESS_NOT_LOCAL, "that of wg-1.2:a@b, which is down");
	assert_string_equal(advised(ACTION_BRING_UP)->command, "ip link set wg-1.2:a@b up");
	strcpy(e.address.device, "$(reboot)");
	expect_said(REASON_ADDRESS_NOT_LOCAL, "which is down");
	assert_string_equal(advised(ACTION_BRING_UP)->command, "");
}

static void note(void *seen)
{
	*(uint64_t *)seen = netns_own();
}

static void visits(void **state)
{
	uint64_t home = netns_own(), away, seen = 0;
	int go[2], done[2];
	char byte = 0;
	pid_t pid;

	(void)state;
	refusal(BT_WHO_PROTOCOL, EADDRNOTAVAIL);
	e.rec.task.netns = (uint32_t)home;
	e.rec.hdr.boottime_ns = clock_boottime_ns();
	assert_int_equal(netns_visit(&e.rec, note, &seen), 0);
	assert_int_equal(seen, home);
	e.rec.task.netns = 1;
	assert_int_equal(netns_visit(&e.rec, note, &seen), -ENOENT);
	assert_int_equal(pipe(go) | pipe(done), 0);
	pid = fork();
	if (!pid) {
		close(go[1]);
		byte = unshare(CLONE_NEWNET) ? 'n' : 'y';
		_exit(write(done[1], &byte, 1) != 1 || read(go[0], &byte, 1) < 0);
	}
	close(go[0]);
	assert_int_equal(read(done[0], &byte, 1), 1);
	if (byte == 'y') {
		char path[64];

		snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
		away = netns_of_path(path);
		assert_int_not_equal(away, home);
		e.rec.task.netns = (uint32_t)away;
		/* a process that is younger than the refusal may be in another one with the number */
		assert_int_equal(netns_visit(&e.rec, note, &seen), -ENOENT);
		e.rec.hdr.boottime_ns = clock_boottime_ns() + 1000000000;
		assert_int_equal(netns_visit(&e.rec, note, &seen), 0);
		assert_int_equal(seen, away);
		assert_int_equal(netns_own(), home);
	}
	close(go[1]);
	close(done[0]);
	close(done[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flags_of_an_address),
		cmocka_unit_test(what_was_found),
		cmocka_unit_test(names_of_interfaces),
		cmocka_unit_test(visits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
