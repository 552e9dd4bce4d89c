// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Runs a command in other circumstances:
 *
 *   as [--uid UID] [--netns] [--limit S] [--tty] [--nonblock] COMMAND [ARGUMENT...]
 *
 * --limit: SIGALRM ends it after S seconds (status 142 in a shell). --netns: in a network namespace with nothing but lo. --tty: with a terminal as standard output, which
 * is copied to this program's. --nonblock: standard output has room for a page at most where it is a pipe, and says
 * EAGAIN when that is full. Exit status: the command's; 77 when that cannot be had here.
 */
#include <fcntl.h>
#include <grp.h>
#include <sys/wait.h>

#include "kit.h"

static void do_not_block(int fd)
{
	fcntl(fd, F_SETPIPE_SZ, 4096);
	must(!fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK), "fcntl failed");
}

static int on_terminal(char **argv, bool nonblock)
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
		if (nonblock)
			do_not_block(STDOUT_FILENO);
		execvp(*argv, argv);
		_exit(127);
	}
	close(slave);
	while ((n = read(master, bytes, sizeof(bytes))) > 0) /* EIO at its end */
		must(write(STDOUT_FILENO, bytes, (size_t)n) == n, "write failed");
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* With the group of that number, and no other: root's would see more in /proc. */
static void become(uid_t id)
{
	must(!setgroups(0, NULL) && !setresgid(id, id, id), "setresgid failed");
	must(!setresuid(id, id, id), "setresuid failed");
}

int main(int argc, char **argv)
{
	bool tty = false, nonblock = false;

	for (argv++; argc > 1 && *argv && !strncmp(*argv, "--", 2); argv++) {
		if (!strcmp(*argv, "--netns"))
			private_net();
		else if (!strcmp(*argv, "--tty"))
			tty = true;
		else if (!strcmp(*argv, "--nonblock"))
			nonblock = true;
		else if (!strcmp(*argv, "--limit") && *++argv)
			alarm((unsigned)atoi(*argv)); /* goes on across execve() */
		else if (!strcmp(*argv, "--uid") && *++argv)
			become((uid_t)atoi(*argv));
		else
			return 2;
	}
	if (tty)
		return on_terminal(argv, nonblock);
	if (nonblock)
		do_not_block(STDOUT_FILENO);
	execvp(*argv, argv);
	return 127;
}
