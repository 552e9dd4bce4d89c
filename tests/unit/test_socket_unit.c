/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "enrich/socket_unit.h"
#include "fixture.h"
#include "tree.h"

static char unit[96];

static const char *holding(int family, const char *ip, unsigned port, int protocol)
{
	struct bt_sock s = { .family = (uint16_t)family,
			     .port = (uint16_t)port,
			     .protocol = (uint16_t)protocol };
	int err;

	assert_int_equal(inet_pton(family, ip, s.addr), 1);
	err = socket_unit_find(&s, unit, sizeof(unit));
	assert_int_equal(err, unit[0] ? 0 : -ENOENT);
	return unit;
}

static const char *tcp(const char *ip, unsigned port)
{
	return holding(strchr(ip, ':') ? AF_INET6 : AF_INET, ip, port, IPPROTO_TCP);
}

static void addresses(void **state)
{
	(void)state;
	tree_file("/usr/lib/systemd/system/cockpit.socket",
		  "[Unit]\nListenStream=1\n[Socket]\n# ListenStream=2\nListenStream=9090\r\n"
		  " ListenStream = 127.0.0.1:8001 \nListenStream=[::1]:8002\n"
		  "ListenStream=/run/x.sock\nListenStream=@abs\nListenStream=vsock::22\n"
		  "ListenDatagram=5353\n[Install]\nListenStream=3\n");
	assert_string_equal(tcp("::", 9090), "cockpit.socket");
	assert_string_equal(tcp("0.0.0.0", 9090), "cockpit.socket");
	assert_string_equal(tcp("127.0.0.1", 9090), "");
	assert_string_equal(tcp("127.0.0.1", 8001), "cockpit.socket");
	assert_string_equal(tcp("127.0.0.2", 8001), "");
	assert_string_equal(tcp("0.0.0.0", 8001), "");
	assert_string_equal(tcp("::1", 8002), "cockpit.socket");
	assert_string_equal(tcp("0.0.0.0", 5353), "");
	assert_string_equal(holding(AF_INET, "0.0.0.0", 5353, IPPROTO_UDP), "cockpit.socket");
	for (unsigned port = 1; port <= 22; port++)
		assert_string_equal(tcp("::", port), "");
}

static void the_best_directory_wins(void **state)
{
	(void)state;
	tree_file("/usr/lib/systemd/system/ssh.socket", "[Socket]\nListenStream=22\n");
	assert_string_equal(tcp("::", 22), "ssh.socket");
	tree_file("/etc/systemd/system/ssh.socket", "[Socket]\nListenStream=2200\n");
	assert_string_equal(tcp("::", 22), "");
	assert_string_equal(tcp("::", 2200), "ssh.socket");
	/* masked */
	tree_link("/etc/systemd/system/cups.socket", "/dev/null");
	tree_file("/usr/lib/systemd/system/cups.socket", "[Socket]\nListenStream=631\n");
	assert_string_equal(tcp("::", 631), "");
	/* another name of the same unit, and a template, are not units of their own */
	tree_link("/etc/systemd/system/sshd.socket", "/usr/lib/systemd/system/ssh.socket");
	tree_file("/usr/lib/systemd/system/any@.socket", "[Socket]\nListenStream=2200\n");
	assert_string_equal(tcp("::", 2200), "ssh.socket");
}

static void drop_ins(void **state)
{
	(void)state;
	tree_file("/usr/lib/systemd/system/ssh.socket", "[Socket]\nListenStream=22\n");
	tree_file("/run/systemd/generator/ssh.socket.d/addresses.conf",
		  "[Socket]\nListenStream=\nListenStream=0.0.0.0:2222\n");
	assert_string_equal(tcp("::", 22), "");
	assert_string_equal(tcp("0.0.0.0", 2222), "ssh.socket");
	tree_file("/etc/systemd/system/ssh.socket.d/a.conf", "[Socket]\nListenStream=33\n");
	tree_file("/etc/systemd/system/ssh.socket.d/z.conf", "[Socket]\nListenStream=34\n");
	tree_file("/etc/systemd/system/ssh.socket.d/README", "[Socket]\nListenStream=35\n");
	assert_string_equal(tcp("::", 33), "");
	assert_string_equal(tcp("::", 34), "ssh.socket");
	assert_string_equal(tcp("::", 35), "");
	/* one of the same name in a better directory replaces it */
	tree_file("/etc/systemd/system/ssh.socket.d/addresses.conf", "");
	assert_string_equal(tcp("::", 22), "ssh.socket");
	assert_string_equal(tcp("::", 33), "ssh.socket");
}

static void two_claim_it(void **state)
{
	(void)state;
	tree_file("/etc/systemd/system/a.socket", "[Socket]\nListenStream=80\n");
	tree_file("/usr/lib/systemd/system/b.socket", "[Socket]\nListenStream=0.0.0.0:80\n");
	assert_string_equal(tcp("0.0.0.0", 80), "");
	assert_string_equal(tcp("::", 80), "a.socket");
}

static void nothing_there(void **state)
{
	(void)state;
	assert_string_equal(tcp("::", 80), "");
	tree_file("/etc/systemd/system/a.socket", "[Socket]\nListenStream=\nListenStream=x\n"
						  "ListenStream=99999\nListenStream=[::1:80\n"
						  "ListenStream\nListenStream=:80\n=\n\n[\n");
	assert_string_equal(tcp("::", 80), "");
}

#define IN_TREE(test) cmocka_unit_test_setup_teardown(test, tree_make, tree_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TREE(addresses),    IN_TREE(the_best_directory_wins), IN_TREE(drop_ins),
		IN_TREE(two_claim_it), IN_TREE(nothing_there),
	};

	return cmocka_run_group_tests_name("socket units", tests, NULL, NULL);
}
