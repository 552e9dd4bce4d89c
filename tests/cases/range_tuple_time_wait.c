/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * ... and to one of which a TIME_WAIT is left: without timestamps it is not taken over, with them it is,
 * however young it is.
 */
#include "kit.h"

static int connected_from(struct ep from, struct ep server)
{
	int fd = bound_on(from, RA);

	must(!connect(fd, &server.sa, server.len), "connect failed");
	return fd;
}

/* The client's end closes first. */
static void leave_time_wait(struct ep from, struct ep server, int listener)
{
	int client = connected_from(from, server), accepted = accept_from(listener);

	shut(client);
	await_eof(accepted);
	shut(accepted);
	await_state(port_of(from), TCP_TIME_WAIT, 1);
}

int main(void)
{
	unsigned port = free_port();
	struct ep server = at("127.0.0.1", 20000), from = at("127.0.0.1", port);
	struct ep later = at("127.0.0.1", port + 1);
	int second, listener;

	private_net();
	set_sysctl("ipv4/tcp_timestamps", "0");
	listener = listen_on(server, 0);
	leave_time_wait(from, server, listener);
	second = bound_on(from, RA);
	must(connect(second, &server.sa, server.len) && errno == EADDRNOTAVAIL, "no EADDRNOTAVAIL");
	remember("connect", second, from, EADDRNOTAVAIL);
	advised("wait", "after_wait");
	advised("use_other_port", "now");
	advised("set_timestamps", "next_restart");
	expect("'reason': 'tuple_time_wait', 'layer': 'port_table', 'peer_port': 20000, "
	       "'frees_in_s': {'min': 50, 'max': 63}, 'culprit_holder': {'role': 'time_wait', "
	       "'port': %u, 'peer_port': 20000}",
	       port);
	connect_to(server);
	accept_from(listener);
	set_sysctl("ipv4/tcp_timestamps", "1");
	leave_time_wait(later, server, listener);
	connected_from(later, server);
	return 0;
}
