// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* How far a report has come, as a terminal shows it: when it is said, in which words, and that it goes away. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"
#include "base/log.h"
#include "cmd/progress.h"

#define SECOND 1000000000ull

/* A terminal, and what standard output and error are while something is tried on it. */
struct screen {
	int master, slave, before_out, before_err;
	char shows[4096];
};

static void put_in_place(struct screen *s, int out, int err)
{
	s->before_out = dup(STDOUT_FILENO);
	s->before_err = dup(STDERR_FILENO);
	assert_int_equal(dup2(out, STDOUT_FILENO), STDOUT_FILENO);
	assert_int_equal(dup2(err, STDERR_FILENO), STDERR_FILENO);
}

static void give_back(struct screen *s)
{
	dup2(s->before_out, STDOUT_FILENO);
	dup2(s->before_err, STDERR_FILENO);
	close(s->before_out);
	close(s->before_err);
}

static int open_terminal(struct screen *s, unsigned short columns)
{
	struct winsize size = { .ws_row = 24, .ws_col = columns };

	s->master = posix_openpt(O_RDWR | O_NOCTTY);
	assert_true(s->master >= 0);
	assert_int_equal(grantpt(s->master), 0);
	assert_int_equal(unlockpt(s->master), 0);
	s->slave = open(ptsname(s->master), O_RDWR | O_NOCTTY);
	assert_true(s->slave >= 0);
	assert_int_equal(ioctl(s->slave, TIOCSWINSZ, &size), 0);
	return s->slave;
}

/* What has come since the last look: the kernel takes its time, so it ends with a mark of our own. */
static const char *seen(struct screen *s)
{
	size_t n = 0;

	assert_int_equal(write(s->slave, "~", 1), 1);
	do {
		ssize_t got = read(s->master, s->shows + n, sizeof(s->shows) - n);

		assert_true(got > 0);
		n += (size_t)got;
	} while (s->shows[n - 1] != '~');
	s->shows[n - 1] = '\0';
	return s->shows;
}

/* A file of 1,000,000 bytes that takes no room, and is called so. */
static int add_file(struct progress *p, const char *path)
{
	int fd = fixture_open();

	assert_int_equal(ftruncate(fd, 1000000), 0);
	progress_add(p, path, fd);
	return fd;
}

static void said_and_taken_back(void **state)
{
	struct screen s;
	struct progress p;
	int slave = open_terminal(&s, 80), out = fixture_open(), file;

	(void)state;
	setenv("TERM", "xterm", 1);
	put_in_place(&s, out, slave);
	progress_begin(&p);
	file = add_file(&p, "/var/log/trace.jsonl");
	progress_read(&p, 100000, 500, 5 * SECOND);
	progress_read(&p, 100000, 500, 6 * SECOND - 1);
	give_back(&s);
	assert_string_equal(seen(&s), ""); /* a second is not long */

	put_in_place(&s, out, slave);
	progress_make_way(&p); /* of a standard output that is elsewhere */
	progress_read(&p, 230000, 1233567, 6 * SECOND);
	progress_read(&p, 10000, 1, 6 * SECOND + SECOND / 8);
	give_back(&s);
	assert_string_equal(seen(&s), "\rreading trace.jsonl: 43 %, 1,234,567 lines\033[K");

	put_in_place(&s, out, slave);
	progress_read(&p, 1000000, 0, 7 * SECOND); /* it has grown meanwhile */
	log_error("something is wrong");
	progress_end(&p);
	progress_read(&p, 10, 10, 9 * SECOND);
	give_back(&s);
	assert_string_equal(seen(&s), "\rreading trace.jsonl: 100 %, 1,234,568 lines\033[K"
				      "\r\033[Kbindtrace: something is wrong\r\n");
	close(slave), close(out), close(file), close(s.master);
}

/* Where the report goes to the same terminal, it comes while the report has nothing to say, and never into it. */
static void makes_way(void **state)
{
	struct screen s;
	struct progress p;
	int slave = open_terminal(&s, 80), file;

	(void)state;
	put_in_place(&s, slave, slave);
	progress_begin(&p);
	file = add_file(&p, "a");
	for (uint64_t i = 0; i < 40; i++) {
		progress_make_way(&p);
		progress_read(&p, 1000, 1, SECOND + i * SECOND / 4);
	}
	progress_read(&p, 1000, 1, 11 * SECOND + SECOND * 3 / 4);
	dprintf(STDERR_FILENO, "|");
	progress_make_way(&p);
	dprintf(STDOUT_FILENO, "refused");
	progress_make_way(&p);
	progress_read(&p, 1000, 1, 12 * SECOND);
	progress_end(&p);
	give_back(&s);
	assert_string_equal(seen(&s), "\rreading a: 4 %, 41 lines\033[K|\r\033[Krefused");
	close(slave), close(file), close(s.master);
}

static void fits(void **state)
{
	struct screen s;
	struct progress p;
	int slave = open_terminal(&s, 20), files[2];

	(void)state;
	put_in_place(&s, slave, slave);
	progress_begin(&p);
	files[0] = add_file(&p, "a");
	progress_read(&p, 500000, 1, SECOND);
	progress_read(&p, 0, 0, 2 * SECOND);
	files[1] = add_file(&p, "b\n");
	progress_read(&p, 0, 0, 3 * SECOND);
	progress_end(&p);
	give_back(&s);
	assert_string_equal(seen(&s),
			    "\rreading a: 50 %, 1 \033[K\rreading 2 files: 25\033[K\r\033[K");
	close(slave), close(files[0]), close(files[1]), close(s.master);
}

/* What progress_begin() and the file are like, and that nothing is said. */
static void quiet(bool terminal, const char *term, enum log_level level, bool pipe_instead)
{
	struct screen s;
	struct progress p;
	int slave = open_terminal(&s, 80), elsewhere = fixture_open(), ends[2], file;
	char *text;

	assert_int_equal(pipe(ends), 0);
	setenv("TERM", term, 1);
	log_set_level(level);
	put_in_place(&s, slave, terminal ? slave : elsewhere);
	progress_begin(&p);
	file = add_file(&p, "a");
	if (pipe_instead)
		progress_add(&p, "b", ends[0]);
	progress_read(&p, 10, 1, SECOND);
	progress_read(&p, 10, 1, 3 * SECOND);
	progress_make_way(&p);
	progress_end(&p);
	give_back(&s);
	log_set_level(LOG_LEVEL_WARNING);
	setenv("TERM", "xterm", 1);
	assert_string_equal(seen(&s), "");
	text = fixture_read(elsewhere);
	assert_string_equal(text, "");
	free(text);
	close(slave), close(elsewhere), close(file), close(s.master), close(ends[0]),
		close(ends[1]);
}

/* Ctrl-C takes the line back, and still ends the program as Ctrl-C does. */
static void taken_back_at_the_end(void **state)
{
	struct screen s;
	struct progress p;
	int slave = open_terminal(&s, 80), out = fixture_open(), status;
	pid_t child;

	(void)state;
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		signal(SIGINT, SIG_DFL);
		put_in_place(&s, out, slave);
		progress_begin(&p);
		add_file(&p, "a");
		progress_read(&p, 1000, 1, SECOND);
		progress_read(&p, 1000, 1, 2 * SECOND);
		raise(SIGINT);
		_exit(1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGINT);
	assert_string_equal(seen(&s), "\rreading a: 0 %, 2 lines\033[K\r\033[K");
	close(slave), close(out), close(s.master);
}

static void nobody_looks(void **state)
{
	(void)state;
	quiet(false, "xterm", LOG_LEVEL_WARNING, false);
	quiet(true, "dumb", LOG_LEVEL_WARNING, false);
	quiet(true, "xterm", LOG_LEVEL_ERROR, false);
	quiet(true, "xterm", LOG_LEVEL_WARNING, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(said_and_taken_back),
		cmocka_unit_test(makes_way),
		cmocka_unit_test(fits),
		cmocka_unit_test(taken_back_at_the_end),
		cmocka_unit_test(nobody_looks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
