// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Runs a command on a terminal of its own, and types a key when the command says "up", or what is in AWAITS:
 *
 *   terminal ^C|^Z|^\|- COMMAND [ARGUMENT...]
 *
 * The terminal's output is copied to standard output. When the command is stopped, it says "stopped" and
 * lets it go on. Exit status: the command's as a shell gives it; 77: no terminal to be had.
 */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "kit.h"

static void type(int master, const char *key)
{
	char byte = (char)(key[1] & 0x1f);

	if (key[0] == '^')
		must(write(master, &byte, 1) == 1, "the terminal takes no key");
}

/* What a shell does with a command in the foreground. Its own leader cannot be stopped by a key. */
static int lead(int slave, char **argv)
{
	int status;
	pid_t pid;

	setsid();
	ioctl(slave, TIOCSCTTY, 0);
	signal(SIGTTOU, SIG_IGN);
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		tcsetpgrp(slave, getpid());
		signal(SIGTTOU, SIG_DFL);
		/* who runs the tests in the background of a shell has had these ignored for us */
		signal(SIGINT, SIG_DFL);
		signal(SIGQUIT, SIG_DFL);
		dup2(slave, STDIN_FILENO);
		dup2(slave, STDOUT_FILENO);
		dup2(slave, STDERR_FILENO);
		execvp(argv[0], argv);
		_exit(127);
	}
	while (waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status)) {
		dprintf(slave, "stopped\n");
		kill(-pid, SIGCONT);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void copy(int master, const char *key)
{
	const char *awaits = getenv("AWAITS") ?: "up\r\n";
	char all[65536] = "";
	size_t n = 0;
	ssize_t got;
	bool typed = false;

	while (n < sizeof(all) - 1 && (got = read(master, all + n, sizeof(all) - 1 - n)) > 0) {
		must(fwrite(all + n, 1, (size_t)got, stdout) == (size_t)got, "write failed");
		fflush(stdout);
		n += (size_t)got;
		all[n] = '\0';
		if (typed || !strstr(all, awaits))
			continue;
		typed = true;
		type(master, key);
	}
}

int main(int argc, char **argv)
{
	int slave, status, master;
	pid_t pid;

	if (argc < 3)
		return 2;
	master = open_terminal(&slave);
	if (master < 0)
		return 77;
	pid = fork();
	if (pid == 0)
		return lead(slave, argv + 2);
	close(slave);
	copy(master, argv[1]);
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}
