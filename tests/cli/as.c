// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Runs a command in other circumstances:
 *
 *   as [--uid UID] [--netns] [--limit S] [--tty] COMMAND [ARGUMENT...]
 *
 * --limit: SIGALRM ends it after S seconds (status 142 in a shell). --netns: in a network namespace with nothing but lo. --tty: with a terminal as standard output, which
 * is copied to this program's. Exit status: the command's; 77 when that cannot be had here.
 */
#include <sys/wait.h>

#include "kit.h"

static int on_terminal(char **argv)
{
	int slave, status, master = open_terminal(&slave);
	char bytes[4096];
	ssize_t n;
	pid_t pid;

	if (master < 0)
		return 77;
	pid = fork();
	if (pid == 0) {
		dup2(slave, STDOUT_FILENO);
		execvp(*argv, argv);
		_exit(127);
	}
	close(slave);
	while ((n = read(master, bytes, sizeof(bytes))) > 0) /* EIO at its end */
		must(write(STDOUT_FILENO, bytes, (size_t)n) == n, "write failed");
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	bool tty = false;

	for (argv++; argc > 1 && *argv && !strncmp(*argv, "--", 2); argv++) {
		if (!strcmp(*argv, "--netns"))
			private_net();
		else if (!strcmp(*argv, "--tty"))
			tty = true;
		else if (!strcmp(*argv, "--limit") && *++argv)
			alarm((unsigned)atoi(*argv)); /* goes on across execve() */
		else if (!strcmp(*argv, "--uid") && *++argv)
			must(!setresuid((uid_t)atoi(*argv), (uid_t)atoi(*argv), (uid_t)atoi(*argv)),
			     "setresuid failed");
		else
			return 2;
	}
	if (tty)
		return on_terminal(argv);
	execvp(*argv, argv);
	return 127;
}
