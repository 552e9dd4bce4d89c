// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What an exporter can do no more once it is confined, and what it still can. Each in a process of its own. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/status.h"
#include "export/privilege.h"
#include "fixture.h"
#include "scratch.h"

static int folder = -1, listener = -1;

/* How a call ended in a process that is confined: 0 or an errno. */
static int confined(int (*call)(void), int where)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		if (privilege_drop(NULL) || privilege_confine(where))
			_exit(255);
		errno = 0;
		_exit(call() == -1 ? errno : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int run_true(void)
{
	return execl("/bin/true", "true", NULL);
}

static int fork_one(void)
{
	return fork();
}

static int trace_parent(void)
{
	return (int)ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
}

static int mount_one(void)
{
	return mount("none", "/tmp", "tmpfs", 0, NULL);
}

static int new_namespace(void)
{
	return unshare(CLONE_NEWUSER);
}

static int set_user(void)
{
	return setuid(0);
}

static int kill_parent(void)
{
	return kill(getppid(), 0);
}

static int listen_anew(void)
{
	return listen(listener, 1);
}

static int write_file(void)
{
	return open("new", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

static int empty_file(void)
{
	return open("old", O_RDONLY | O_TRUNC | O_CLOEXEC);
}

static int write_elsewhere(void)
{
	return openat(AT_FDCWD, "new", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
}

static int remove_file(void)
{
	return unlink("old");
}

static int more_files(void)
{
	const struct rlimit limit = { 10, 10 };

	return setrlimit(RLIMIT_NOFILE, &limit);
}

static int dump(void)
{
	return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static void cannot(void **state)
{
	static int (*const calls[])(
		void) = { run_true,	   fork_one,	trace_parent, mount_one,  new_namespace,
			  set_user,	   kill_parent, listen_anew,  write_file, empty_file,
			  write_elsewhere, remove_file, more_files,   dump };

	(void)state;
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	scratch_append("old", "x");
	assert_int_equal(chmod(".", 0777) || chmod("old", 0666), 0);
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (confined(calls[i], -1) != EPERM)
			fail_msg("call %zu ended with %d", i, confined(calls[i], -1));
	close(listener);
}

static void *nothing(void *arg)
{
	return arg;
}

static int thread(void)
{
	pthread_t id;

	errno = pthread_create(&id, NULL, nothing, NULL);
	return errno || pthread_join(id, NULL) ? -1 : 0;
}

static int read_file(void)
{
	char byte;
	int fd = open("old", O_RDONLY | O_CLOEXEC);

	return fd < 0 || read(fd, &byte, 1) != 1 ? -1 : 0;
}

static int connect_out(void)
{
	const struct sockaddr_un where = { .sun_family = AF_UNIX, .sun_path = "nobody" };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	/* it gets so far that nobody is there */
	return connect(fd, (const struct sockaddr *)&where, sizeof(where)) && errno == ENOENT ? 0
											      : -1;
}

/* As textfile.c does it. */
static int replace_file(void)
{
	int fd = openat(folder, "new", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, "x", 1) != 1 || fchmod(fd, 0644) || close(fd))
		return -1;
	return renameat(folder, "new", folder, "old");
}

static void can(void **state)
{
	(void)state;
	scratch_append("old", "x");
	assert_int_equal(chmod(".", 0777) || chmod("old", 0666), 0);
	folder = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(confined(thread, -1), 0);
	assert_int_equal(confined(read_file, -1), 0);
	assert_int_equal(confined(connect_out, -1), 0);
	assert_int_equal(confined(replace_file, folder), 0);
	assert_int_equal(confined(replace_file, -1), EPERM);
	close(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(cannot, scratch_begin, scratch_end),
		cmocka_unit_test_setup_teardown(can, scratch_begin, scratch_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
