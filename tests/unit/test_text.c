/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "fixture.h"

#define ESCAPED(bytes)	escaped(bytes, sizeof(bytes) - 1)
#define REPAIRED(bytes) repaired(bytes, sizeof(bytes) - 1)
#define COMMAND(args)	command(args, sizeof(args) - 1)

static char out[512];
static bool was_repaired;

static const char *escaped(const char *bytes, size_t n)
{
	struct text t;

	text_init(&t, out, sizeof(out));
	text_escape(&t, bytes, n);
	return out;
}

static const char *repaired(const char *bytes, size_t n)
{
	struct text t;

	text_init(&t, out, sizeof(out));
	was_repaired = text_utf8_repair(&t, bytes, n);
	return out;
}

static const char *command(const char *args, size_t n)
{
	struct text t;

	text_init(&t, out, sizeof(out));
	text_command(&t, args, text_command_length(args, n));
	return out;
}

static void stays_within_its_buffer(void **state)
{
	char guarded[12];
	struct text t;

	(void)state;
	memset(guarded, '#', sizeof(guarded));
	text_init(&t, guarded, 8);
	text_add(&t, "abc");
	text_printf(&t, "%d", 1234);
	assert_string_equal(guarded, "abc1234");
	assert_false(t.cut);
	text_add(&t, "x");
	assert_true(t.cut);
	assert_string_equal(guarded, "abc1234");
	assert_memory_equal(guarded + 8, "####", 4);

	text_init(&t, guarded, 8);
	text_printf(&t, "%s", "0123456789");
	assert_true(t.cut);
	assert_string_equal(guarded, "0123456");
	assert_memory_equal(guarded + 8, "####", 4);

	text_init(&t, guarded, 1);
	text_add(&t, "a");
	assert_string_equal(guarded, "");
	assert_true(t.cut);
}

static void cuts_between_characters(void **state)
{
	char buf[8];
	struct text t;

	(void)state;
	text_init(&t, buf, 7);
	text_add(&t, "abcde\xc3\xa9");
	assert_string_equal(buf, "abcde");
	text_init(&t, buf, 8);
	text_printf(&t, "%s", "abcde\xf0\x9f\x98\x80");
	assert_string_equal(buf, "abcde");
	/* a whole character before the cut stays */
	text_init(&t, buf, 8);
	text_add(&t, "abcd\xe2\x82\xac!");
	assert_string_equal(buf, "abcd\xe2\x82\xac");
	/* an escape is never halved, and nothing comes after the hole */
	text_init(&t, buf, 8);
	text_escape(&t, "abcd\033e", 6);
	assert_string_equal(buf, "abcd");
	text_add(&t, "f");
	assert_string_equal(buf, "abcd");
}

static void escapes_what_terminals_obey(void **state)
{
	(void)state;
	assert_string_equal(ESCAPED("a\033[2Jb"), "a\\x1b[2Jb");
	assert_string_equal(ESCAPED("a\nb\rc\td"), "a\\nb\\rc\\td");
	assert_string_equal(ESCAPED("\x7f\x01"), "\\x7f\\x01");
	assert_string_equal(escaped("a\0b", 3), "a\\x00b");
	/* C1: CSI as U+009B and as a bare byte */
	assert_string_equal(ESCAPED("\xc2\x9b"), "\\xc2\\x9b");
	assert_string_equal(ESCAPED("\x9b"), "\\x9b");
	/* right-to-left override, zero width space, byte order mark */
	assert_string_equal(ESCAPED("\xe2\x80\xae"), "\\xe2\\x80\\xae");
	assert_string_equal(ESCAPED("\xe2\x80\x8b"), "\\xe2\\x80\\x8b");
	assert_string_equal(ESCAPED("\xef\xbb\xbf"), "\\xef\\xbb\\xbf");
}

static void leaves_printable_utf8(void **state)
{
	const char *text = "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \xe6\x97\xa5 \xc2\xa0 \\ '\"";

	(void)state;
	assert_string_equal(escaped(text, strlen(text)), text);
	assert_string_equal(repaired(text, strlen(text)), text);
	assert_false(was_repaired);
}

static void escapes_invalid_utf8(void **state)
{
	(void)state;
	assert_string_equal(ESCAPED("\xff\xfe"), "\\xff\\xfe");
	assert_string_equal(ESCAPED("\xc0\xaf"), "\\xc0\\xaf");		 /* overlong */
	assert_string_equal(ESCAPED("\xe0\x9f\xbf"), "\\xe0\\x9f\\xbf"); /* overlong */
	assert_string_equal(ESCAPED("\xf0\x88\x80\x80"), "\\xf0\\x88\\x80\\x80");
	assert_string_equal(ESCAPED("\xed\xa0\x80"), "\\xed\\xa0\\x80");	  /* surrogate */
	assert_string_equal(ESCAPED("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80"); /* > U+10FFFF */
	assert_string_equal(ESCAPED("ab\xe2\x82"), "ab\\xe2\\x82");		  /* truncated */
	assert_string_equal(ESCAPED("\xe2\x82x"), "\\xe2\\x82x");
}

static void repairs_for_json(void **state)
{
	(void)state;
	assert_string_equal(REPAIRED("a\xff"), "a\xef\xbf\xbd");
	assert_true(was_repaired);
	/* one mark for a truncated character, one for each byte that cannot begin one */
	assert_string_equal(REPAIRED("\xe2\x82"), "\xef\xbf\xbd");
	assert_string_equal(REPAIRED("\xf0\x9f\x98z"), "\xef\xbf\xbdz");
	assert_string_equal(REPAIRED("\xc0\x80"), "\xef\xbf\xbd\xef\xbf\xbd");
	assert_string_equal(REPAIRED("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	/* control characters are json-c's business */
	assert_string_equal(REPAIRED("a\033\n"), "a\033\n");
	assert_false(was_repaired);
}

static void quotes_command_lines(void **state)
{
	(void)state;
	assert_string_equal(COMMAND("python3\0app.py"), "python3 app.py");
	assert_string_equal(COMMAND("python3\0app.py\0"), "python3 app.py");
	assert_string_equal(COMMAND("sh\0-c\0sleep 1; ls *"), "sh -c 'sleep 1; ls *'");
	assert_string_equal(COMMAND("echo\0it's"), "echo $'it\\'s'");
	assert_string_equal(COMMAND("echo\0a\nb\\c"), "echo $'a\\nb\\\\c'");
	assert_string_equal(COMMAND("echo\0\033[m"), "echo $'\\x1b[m'");
	assert_string_equal(COMMAND("a\0\0b"), "a '' b");
	assert_string_equal(COMMAND("caf\xc3\xa9\0--x=1,2:3@4%"), "caf\xc3\xa9 --x=1,2:3@4%");
	assert_string_equal(COMMAND(""), "");
}

static void keeps_empty_arguments(void **state)
{
	(void)state;
	assert_string_equal(COMMAND("prog\0\0"), "prog ''");
	assert_string_equal(COMMAND("prog\0-x\0\0\0"), "prog -x '' ''");
	assert_string_equal(COMMAND("prog\0\0-x\0"), "prog '' -x");
	/* titles, padded as setproctitle() and systemd leave them, or one byte shorter than the arguments */
	assert_string_equal(COMMAND("nginx: master process\0\0\0\0"), "nginx: master process");
	assert_string_equal(COMMAND("nginx: master process\0\0"), "nginx: master process");
	assert_string_equal(COMMAND("(sd-pam)\0\0\0"), "(sd-pam)");
	/* one that fills all of the room, and a process that has wiped its arguments */
	assert_string_equal(COMMAND("sshd: ana [priv]"), "sshd: ana [priv]");
	assert_string_equal(COMMAND("\0\0\0\0"), "");
}

static void writes_report_errors(void **state)
{
	int fds[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write_all(fds[1], "abc", 3), 0);
	close(fds[0]);
	assert_int_equal(write_all(fds[1], "abc", 3), -EPIPE);
	close(fds[1]);
	assert_int_equal(write_all(fds[1], "abc", 3), -EBADF);
	assert_int_equal(write_all(open("/dev/full", O_WRONLY | O_CLOEXEC), "abc", 3), -ENOSPC);
}

/* Wherever a bad byte or a whole character stands among ASCII, however long that is. */
static void tells_utf8(void **state)
{
	char bytes[40];

	(void)state;
	for (size_t n = 2; n <= sizeof(bytes); n++) {
		memset(bytes, 'a', n);
		assert_true(text_is_utf8(bytes, n));
		for (size_t at = 0; at + 1 < n; at++) {
			memset(bytes, 'a', n);
			bytes[at] = '\xc3';
			assert_false(text_is_utf8(bytes, n));
			bytes[at + 1] = '\xa9';
			assert_true(text_is_utf8(bytes, n));
			bytes[at] = 'a';
			assert_false(text_is_utf8(bytes, n));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stays_within_its_buffer),
		cmocka_unit_test(cuts_between_characters),
		cmocka_unit_test(escapes_what_terminals_obey),
		cmocka_unit_test(leaves_printable_utf8),
		cmocka_unit_test(escapes_invalid_utf8),
		cmocka_unit_test(repairs_for_json),
		cmocka_unit_test(quotes_command_lines),
		cmocka_unit_test(keeps_empty_arguments),
		cmocka_unit_test(writes_report_errors),
		cmocka_unit_test(tells_utf8),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
