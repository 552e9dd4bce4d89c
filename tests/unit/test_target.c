// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Endpoints as people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "cmd/target.h"
#include "model/endpoint.h"

/* The word means this address and port, written as the reports do. */
static void means(const char *word, const char *endpoint)
{
	char buf[96];
	const char *why;
	struct target target;
	struct bt_sock sock;
	struct text t;

	assert_int_equal(target_parse(word, &target, &why), 0);
	target_sock(&target, IPPROTO_TCP, &sock);
	assert_int_equal(sock.protocol, IPPROTO_TCP);
	text_init(&t, buf, sizeof(buf));
	endpoint_add_local(&t, &sock);
	assert_string_equal(buf, endpoint);
	assert_int_equal(target.len, sock.family == AF_INET6 ? sizeof(struct sockaddr_in6)
							     : sizeof(struct sockaddr_in));
}

static void addresses(void **state)
{
	(void)state;
	means("8000", "0.0.0.0:8000");
	means("*:8000", "0.0.0.0:8000");
	means("127.0.0.1:1", "127.0.0.1:1");
	means("255.255.255.255:65535", "255.255.255.255:65535");
	means("[::1]:8000", "[::1]:8000");
	means("[::]:8000", "[::]:8000");
	means("[::ffff:127.0.0.1]:80", "[::ffff:127.0.0.1]:80");
	means("[fe80::1%lo]:80", "[fe80::1%1]:80");
	means("[fe80::1%7]:80", "[fe80::1%7]:80");
}

static void unix_names(void **state)
{
	struct target t;
	const char *why;

	(void)state;
	assert_int_equal(target_parse("unix:/run/x.sock", &t, &why), 0);
	assert_int_equal(t.un.sun_family, AF_UNIX);
	assert_string_equal(t.un.sun_path, "/run/x.sock");
	assert_int_equal(t.len, offsetof(struct sockaddr_un, sun_path) + sizeof("/run/x.sock"));
	/* abstract: the first byte is NUL, and the last one is not there */
	assert_int_equal(target_parse("unix:@name", &t, &why), 0);
	assert_memory_equal(t.un.sun_path, "\0name", 5);
	assert_int_equal(t.len, offsetof(struct sockaddr_un, sun_path) + 5);
	/* a colon belongs to the path */
	assert_int_equal(target_parse("unix:a:80", &t, &why), 0);
	assert_string_equal(t.un.sun_path, "a:80");
}

static void nonsense(void **state)
{
	static const char *const words[] = {
		"",
		"x",
		"0",
		"65536",
		"-1",
		"+80",
		" 80",
		"80 ",
		"8000x",
		"127.0.0.1",
		"127.0.0.1:",
		":80",
		"1.2.3:80",
		"::1",
		"::1:80",
		"[::1]",
		"[::1]80",
		"[::1]:",
		"[::1:80",
		"[]:80",
		"[127.0.0.1]:80",
		"unix:",
		"/run/x.sock",
		"@name",
		"localhost:80",
		"[fe80::1%]:80",
		"[fe80::1%nosuchdevice]:80",
		"1.2.3.4.5.6.7.8.9.10.11.12:80",
	};
	char path[200] = "unix:";
	struct target t;
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		why = NULL;
		if (!target_parse(words[i], &t, &why) || !why)
			fail_msg("'%s' is taken for an endpoint, or refused without a reason",
				 words[i]);
	}
	memset(path + 5, 'a', 108);
	assert_int_not_equal(target_parse(path, &t, &why), 0);
	path[5 + 107] = '\0';
	assert_int_equal(target_parse(path, &t, &why), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses),
		cmocka_unit_test(unix_names),
		cmocka_unit_test(nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
