// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Processes whose names and arguments are made to break a terminal or a parser: none of their bytes may
 * come out raw, and none of their lines may look like one of bindtrace's.
 *
 *   hostile [--tracer PATH] [--attach RUNG]
 */
#include <json-c/json.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "kit.h"
#include "tracer.h"

enum { DEADLINE_S = 120, FIRST_PORT = 21000 };

static const char *const names[] = {
	"x\nlisten refus",	 /* a line of its own */
	"a\r\n09:00:00.0  ",	 /* one that begins like a report */
	"\033[2J\033]0;x\a",	 /* clears the screen, sets the title */
	"\xff\xfe\xc3(\xe2\x82", /* no UTF-8: never a lead, a lead without its rest */
	"\xc0\x8a\xed\xa0\x80",	 /* overlong newline, surrogate */
	"\"},\"x\":[\\\"\\",	 /* out of a JSON string */
	"\x9b[31m",		 /* C1 control, raw */
	"\xc2\x9b[31m",		 /* the same in UTF-8 */
	"\xe2\x80\xaetxt.exe",	 /* U+202E: what follows is shown from right to left */
	"\x7f\x01\t\v\f\b",	 /* the other controls */
	"%s%n%99999d",		 /* a format */
	" ",			 /* almost nothing */
};

enum { N_NAMES = sizeof(names) / sizeof(*names) };

static const char *tracer_path = "./bindtrace", *attach;

/* The length of the character at s, 0 when it is no UTF-8 or one no terminal may see. */
static size_t harmless(const unsigned char *s, bool for_terminal)
{
	unsigned c = s[0], n = c < 0x80	  ? 1
			       : c < 0xc2 ? 0
			       : c < 0xe0 ? 2
			       : c < 0xf0 ? 3
			       : c < 0xf5 ? 4
					  : 0;

	c &= n == 1 ? 0x7f : 0x7fu >> n;
	for (unsigned i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if ((n == 3 && c < 0x800) || (c >= 0xd800 && c < 0xe000) || (n == 4 && c < 0x10000) ||
	    c > 0x10ffff || c < 0x20)
		return 0;
	if (for_terminal && ((c >= 0x7f && c < 0xa0) || (c >= 0x200b && c < 0x2010) ||
			     (c >= 0x2028 && c < 0x202f) || (c >= 0x2060 && c < 0x2070)))
		return 0;
	return n;
}

static void check_bytes(const struct tracer *t, bool for_terminal)
{
	size_t i = 0, n;

	while (i < t->length) {
		n = harmless((const unsigned char *)t->line + i, for_terminal);
		if (!n) {
			trouble("byte 0x%02x came out as it was, after \"%.*s\"",
				(unsigned char)t->line[i], (int)(i < 60 ? i : 60),
				t->line + (i < 60 ? 0 : i - 60));
			return;
		}
		i += n;
	}
}

/* ---- the askers */

/* In the program started anew with hostile arguments: holds a port and asks for it. */
static int ask(unsigned i)
{
	struct ep ep = at("127.0.0.1", FIRST_PORT + i);

	prctl(PR_SET_NAME, names[i]);
	listen_on(ep, 0);
	refuse(ep, 0, EADDRINUSE);
	return 0;
}

static void ask_all(void)
{
	for (unsigned i = 0; i < N_NAMES; i++) {
		int status;
		pid_t pid = fork();

		if (pid == 0) {
			char number[16];

			snprintf(number, sizeof(number), "%u", i);
			execl("/proc/self/exe", names[i], "--ask", number, "", names[i], NULL);
			_exit(1);
		}
		must(waitpid(pid, &status, 0) == pid && !status, "an asker failed");
	}
}

static bool begin(struct tracer *t, const char *format)
{
	const char *argv[8] = { tracer_path, "--color=never", "--wide", "-v", format };
	int n = format ? 5 : 4;

	if (attach) {
		argv[n++] = "--attach";
		argv[n++] = attach;
	}
	if (tracer_start(t, argv))
		return true;
	trouble("the tracer printed nothing and ended with %d", tracer_wait(t));
	return false;
}

static void end(struct tracer *t)
{
	int status = tracer_wait(t);

	if (status)
		trouble("the tracer ended with %d", status);
}

/* ---- text */

/* "17:30:01.234  bind refused: tcp 127.0.0.1:21003  EADDRINUSE" and nothing else */
static bool is_title(const char *line)
{
	unsigned hour, minute, second, ms, port;
	int n = 0;

	return sscanf(line, "%2u:%2u:%2u.%3u  bind refused: tcp 127.0.0.1:%u  EADDRINUSE%n", &hour,
		      &minute, &second, &ms, &port, &n) == 5 &&
	       n && !line[n];
}

static int test_text(void)
{
	unsigned titles = 0, footers = 0;
	struct tracer t;

	if (!begin(&t, NULL))
		return report("hostile_text");
	ask_all();
	kill(t.pid, SIGINT);
	while (tracer_line(&t)) {
		check_bytes(&t, true);
		if (is_title(t.line))
			titles++;
		else if (!strncmp(t.line, "refused ", 8) || !strncmp(t.line, "by reason: ", 11))
			footers++;
		else if (strncmp(t.line, "  ", 2))
			trouble("a line begins like none of bindtrace's: %.100s", t.line);
	}
	if (titles != N_NAMES || footers > 2)
		trouble("%u reports and %u closing lines for %u refusals", titles, footers,
			N_NAMES);
	end(&t);
	return report("hostile_text");
}

/* ---- JSON */

static bool has_jq(void)
{
	return !system("command -v jq >/dev/null 2>&1");
}

/* jq reads them all as well, each of them an object. */
static void ask_jq(const char *path)
{
	char command[256];

	snprintf(command, sizeof(command),
		 "jq -e -s 'all(type == \"object\") and length == %d' <%s >/dev/null", N_NAMES + 1,
		 path);
	if (system(command))
		trouble("jq does not read it");
}

static void take(const struct tracer *t, unsigned *failures)
{
	struct json_object *line = json_tokener_parse(t->line), *args;

	check_bytes(t, false);
	if (!line)
		trouble("a line that is no JSON: %.100s", t->line);
	if (!strcmp(json_text(line, "kind"), "failure")) {
		++*failures;
		args = json_member(line, "process.cmdline");
		if (json_object_array_length(args) != 5)
			trouble("a command line of 5 arguments has %zu: %.200s",
				json_object_array_length(args), json_object_to_json_string(args));
		if (!*json_text(line, "process.comm"))
			trouble("a process without a name");
	}
	json_object_put(line);
}

static int test_json(void)
{
	char path[] = "/tmp/hostile.XXXXXX";
	int fd = mkstemp(path);
	FILE *copy = fd < 0 ? NULL : fdopen(fd, "w");
	unsigned failures = 0;
	struct tracer t;

	must(copy, "no temporary file");
	if (!begin(&t, "--json"))
		return report("hostile_json");
	ask_all();
	kill(t.pid, SIGINT);
	while (tracer_line(&t)) {
		take(&t, &failures);
		fprintf(copy, "%s\n", t.line);
	}
	fclose(copy);
	if (failures != N_NAMES)
		trouble("%u failure lines for %u refusals", failures, N_NAMES);
	if (has_jq())
		ask_jq(path);
	unlink(path);
	end(&t);
	return report("hostile_json");
}

int main(int argc, char **argv)
{
	int failed;

	if (argc > 2 && !strcmp(argv[1], "--ask"))
		return ask((unsigned)atoi(argv[2]));
	for (int i = 1; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "--tracer"))
			tracer_path = argv[i + 1];
		else if (!strcmp(argv[i], "--attach"))
			attach = argv[i + 1];
	}
	tracer_deadline(DEADLINE_S, "hostile");
	private_net();
	failed = test_text();
	failed += test_json();
	printf("%d passed, %d failed\n", 2 - failed, failed);
	return !!failed;
}
