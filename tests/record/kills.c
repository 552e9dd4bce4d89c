// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * kill -9 at random moments:
 *
 *   kills --tracer BINDTRACE --folder FOLDER [--seed N] [--times N]
 *
 * Several recorders at a time watch the same refusals, each into a file of its own; every second one syncs
 * each line. One in four is killed while it starts, the others while they record. What a killed one leaves
 * must verify as intact or cut short, and have every line that was seen in the file before.
 */
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "kit.h"

enum { AT_ONCE = 8, STARTS_MS = 800, RECORDS_MS = 400, EVERY_MS = 3, PORT = 21000 };

static struct {
	const char *tracer, *folder;
	unsigned seed, times;
} options = { .seed = 20261123, .times = 200 };

static void parse(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "tracer", required_argument, NULL, 't' },
		{ "folder", required_argument, NULL, 'f' },
		{ "seed", required_argument, NULL, 's' },
		{ "times", required_argument, NULL, 'n' },
		{ 0 },
	};
	int which;

	while ((which = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (which == 't')
			options.tracer = optarg;
		else if (which == 'f')
			options.folder = optarg;
		else if (which == 's')
			options.seed = (unsigned)atoi(optarg);
		else if (which == 'n')
			options.times = (unsigned)atoi(optarg);
		else
			exit(2);
	}
	if (!options.tracer || !options.folder)
		exit(2);
}

/* Something to record, until it is killed. */
static pid_t refuse_on(void)
{
	struct ep ep = at("127.0.0.1", PORT);
	pid_t pid = fork();
	int fd;

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	listen_on(ep, 0);
	fd = new_socket(ep, 0);
	for (;;) {
		bind_refused(fd, ep, EADDRINUSE);
		nap_ms(EVERY_MS);
	}
}

static pid_t start_recorder(const char *path, bool sync)
{
	pid_t pid = fork();
	int null;

	if (pid)
		return pid;
	null = open("/dev/null", O_RDWR);
	dup2(null, STDOUT_FILENO);
	execl(options.tracer, options.tracer, "record", "-o", path, "-P", "21000", "--no-fold",
	      "-n", "/proc/self/ns/net", sync ? "--sync" : NULL, NULL);
	_exit(127);
}

/* Whole lines in the file; -1: it is not there yet. */
static long count_lines(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char bytes[65536];
	ssize_t n, i;
	long lines = 0;

	if (fd < 0)
		return -1;
	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		for (i = 0; i < n; i++)
			lines += bytes[i] == '\n';
	close(fd);
	return lines;
}

/* How many lines verify finds in order; -1: it finds something wrong, and that is printed. */
static long verified_lines(const char *path)
{
	char command[512], sentence[1024] = "";
	long lines = -1;
	char *end;
	FILE *out;
	int status;

	snprintf(command, sizeof(command), "%s verify %s", options.tracer, path);
	out = popen(command, "re");
	must(out && fgets(sentence, sizeof(sentence), out), "verify says nothing");
	status = WEXITSTATUS(pclose(out));
	end = strstr(sentence, status == 5 ? ": cut short after line " : ": intact, ");
	if (end && (status == 5 || !status))
		lines = strtol(strpbrk(end, "0123456789"), NULL, 10);
	if (lines < 0)
		printf("status %d: %s", status, sentence);
	return lines;
}

/* One recorder's life: ms from its start on, or from its header on. Whether it had anything to record. */
static bool one(const char *path, bool sync, bool starts, unsigned ms)
{
	pid_t pid = start_recorder(path, sync);
	long before, after;

	while (!starts && count_lines(path) < 1 && !waitpid(pid, NULL, WNOHANG))
		nap_ms(1);
	nap_ms(ms);
	before = count_lines(path);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	if (access(path, F_OK)) {
		must(before < 0, "the file has gone");
		return false;
	}
	after = verified_lines(path);
	if (after < before) {
		printf("%s, killed after %u ms: %ld lines were there, %ld are in order\n", path, ms,
		       before, after);
		exit(1);
	}
	unlink(path);
	return after > 1;
}

/* Every AT_ONCE-th of them; exit status 1: something is wrong. Says how many recorded something. */
static void work(unsigned worker, int out)
{
	unsigned short state[3] = { (unsigned short)options.seed,
				    (unsigned short)(options.seed >> 16), (unsigned short)worker };
	unsigned i, ms, n, busy = 0;
	char path[256];

	for (i = worker; i < options.times; i += AT_ONCE) {
		snprintf(path, sizeof(path), "%s/%u", options.folder, i);
		n = i / AT_ONCE;
		ms = (unsigned)(nrand48(state) % (n % 4 ? RECORDS_MS : STARTS_MS));
		busy += one(path, n / 4 % 2, n % 4 == 0, ms);
	}
	must(write(out, &busy, sizeof(busy)) == sizeof(busy), "no pipe");
	fflush(stdout);
	_exit(0);
}

int main(int argc, char **argv)
{
	unsigned worker, busy = 0, n;
	int ends[2], status, failed = 0;
	pid_t refuser, pid;

	parse(argc, argv);
	private_net();
	must(!pipe2(ends, O_CLOEXEC), "no pipe");
	refuser = refuse_on();
	for (worker = 0; worker < AT_ONCE; worker++)
		if (!fork())
			work(worker, ends[1]);
	close(ends[1]);
	for (worker = 0; worker < AT_ONCE; worker++) {
		do
			pid = waitpid(-1, &status, 0);
		while (pid == refuser);
		failed |= status;
	}
	kill(refuser, SIGKILL);
	waitpid(refuser, NULL, 0);
	while (read(ends[0], &n, sizeof(n)) == sizeof(n))
		busy += n;
	if (failed)
		printf("FAIL kills: see above\n");
	else if (busy < options.times / 2)
		printf("FAIL kills: only %u of %u recorded anything before\n", busy, options.times);
	else
		printf("ok kills\n");
	return failed || busy < options.times / 2;
}
