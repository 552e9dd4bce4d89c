// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the child: with the dispositions, the mask and the descriptors that bindtrace was started with. */
__attribute__((noreturn)) static void become(char **argv, int go, int failed)
{
	int err;
	char byte;

	if (read(go, &byte, 1) != 1)
		_exit(1);
	execvp(argv[0], argv);
	err = errno;
	if (write(failed, &err, sizeof(err)) < 0)
		_exit(1);
	_exit(127);
}

int program_hold(struct program *p, char **argv)
{
	int go[2], failed[2], err;

	if (pipe2(go, O_CLOEXEC))
		return -errno;
	if (pipe2(failed, O_CLOEXEC)) {
		err = -errno;
		close(go[0]);
		close(go[1]);
		return err;
	}
	p->pid = fork();
	err = -errno;
	if (p->pid == 0) {
		close(go[1]);
		become(argv, go[0], failed[1]);
	}
	close(go[0]);
	close(failed[1]);
	p->go = go[1];
	p->failed = failed[0];
	if (p->pid < 0)
		return err;
	/* with SIGCHLD ignored, as some start us, the exit status would be thrown away */
	signal(SIGCHLD, SIG_DFL);
	p->pidfd = (int)syscall(SYS_pidfd_open, p->pid, 0);
	return p->pidfd < 0 ? -errno : 0;
}

int program_go(struct program *p)
{
	int err = 0;

	/* a signal may have been faster: then it has ended by that, which is no failure of ours */
	if (write(p->go, "", 1) != 1 || read(p->failed, &err, sizeof(err)) != sizeof(err))
		err = 0;
	close(p->go);
	close(p->failed);
	return -err;
}

void program_signal(const struct program *p, const struct signalfd_siginfo *info)
{
	if (info->ssi_code != SI_KERNEL)
		syscall(SYS_pidfd_send_signal, p->pidfd, (int)info->ssi_signo, NULL, 0);
}

int program_status(struct program *p)
{
	int status;

	while (waitpid(p->pid, &status, 0) < 0)
		if (errno != EINTR)
			return 1;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
