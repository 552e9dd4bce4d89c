// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The system calls that exporting needs. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>

#include "base/filter.h"
#include "base/log.h"
#include "base/status.h"
#include "export/privilege.h"

/* By name, as not every architecture has them all. */
static const char *const allowed[] = {
	/* reading and writing what is open */
	"read readv pread64 preadv write writev pwrite64 pwritev close lseek fsync fdatasync",
	"ftruncate fcntl dup dup2 dup3 pipe pipe2 memfd_create fadvise64 fchmod",
	/* looking at files */
	"fstat newfstatat fstatat64 stat lstat statx access faccessat faccessat2 getdents64",
	"readlink readlinkat getcwd",
	/* waiting */
	"poll ppoll select pselect6 epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2",
	"eventfd2 timerfd_create timerfd_settime timerfd_gettime nanosleep clock_nanosleep",
	"restart_syscall",
	/* the network; who does not listen already does not begin to */
	"socket socketpair connect bind accept accept4 getsockname getpeername getsockopt",
	"setsockopt sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg shutdown",
	/* memory, threads, signals */
	"mmap munmap mremap mprotect madvise brk mlock munlock futex set_robust_list rseq",
	"membarrier gettid getpid tgkill sched_yield sched_getaffinity rt_sigaction",
	"rt_sigprocmask rt_sigreturn sigaltstack exit exit_group",
	/* the time, and who we are */
	"clock_gettime clock_getres gettimeofday time getrandom getrusage uname sysinfo",
	"getuid geteuid getgid getegid getresuid getresgid getppid",
};

/* A file that takes the place of another one; what the folder lets the user do there bounds it further. */
static int allow_folder(scmp_filter_ctx filter, int folder)
{
	const scmp_datum_t at = (scmp_datum_t)folder;
	const scmp_datum_t new = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
	const struct scmp_arg_cmp opens[] = { filter_equal(0, at), filter_equal(2, new) };
	const struct scmp_arg_cmp renames[] = { filter_equal(0, at), filter_equal(2, at) };
	int err = filter_allow_if(filter, "openat", opens, 2);

	if (!err)
		err = filter_allow_if(filter, "renameat", renames, 2);
	return err ? err : filter_allow_if_one(filter, "unlinkat", filter_equal(0, at));
}

/* What is harmless only with some arguments. */
static int allow_some(scmp_filter_ctx filter)
{
	static const unsigned requests[] = { FIONREAD, FIONBIO, TCGETS };
	int err = filter_allow_if_one(filter, "clone", filter_has(0, CLONE_THREAD, CLONE_THREAD));

	/* its flags are out of a filter's reach; so libc takes clone() */
	if (!err)
		err = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	if (!err) /* asking only */
		err = filter_allow_if_one(filter, "prlimit64", filter_equal(2, 0));
	if (!err)
		err = filter_allow_if_one(filter, "prctl", filter_equal(0, PR_SET_NAME));
	for (size_t i = 0; i < sizeof(requests) / sizeof(*requests) && !err; i++)
		err = filter_allow_if_one(filter, "ioctl", filter_equal(1, requests[i]));
	return err;
}

int privilege_confine(int folder)
{
	scmp_filter_ctx filter = filter_new();
	int err = filter ? filter_allow(filter, allowed, sizeof(allowed) / sizeof(*allowed))
			 : -ENOMEM;

	if (!err)
		err = filter_allow_reading(filter);
	if (!err && folder >= 0)
		err = allow_folder(filter, folder);
	if (!err)
		err = allow_some(filter);
	err = filter_install(filter, err);
	if (!err)
		return EXIT_OK;
	log_error("cannot give up system calls, with seccomp: %s", strerror(-err));
	return EXIT_FAILED;
}
