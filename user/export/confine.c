// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The system calls that exporting needs. All others are refused with EPERM and kill nobody: what a library of another
 * distribution tries once more than ours becomes an error that is counted, not an exporter that is gone at night;
 * and who has taken it over gains nothing either way.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>

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

static int allow_name(scmp_filter_ctx filter, const char *name, size_t n)
{
	char word[32];
	int call;

	snprintf(word, sizeof(word), "%.*s", (int)n, name);
	call = seccomp_syscall_resolve_name(word);
	/* else this architecture has none of that name */
	return call < 0 ? 0 : seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);
}

static int allow_names(scmp_filter_ctx filter)
{
	int err = 0;

	for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); i++) {
		const char *at = allowed[i];

		while (!err && *at) {
			size_t n = strcspn(at, " ");

			err = allow_name(filter, at, n);
			at += n + (at[n] == ' ');
		}
	}
	return err;
}

static struct scmp_arg_cmp equal(unsigned argument, scmp_datum_t value)
{
	return (struct scmp_arg_cmp){ argument, SCMP_CMP_EQ, value, 0 };
}

/* Of these bits the argument has only those. */
static struct scmp_arg_cmp has(unsigned argument, scmp_datum_t bits, scmp_datum_t only)
{
	return (struct scmp_arg_cmp){ argument, SCMP_CMP_MASKED_EQ, bits, only };
}

static int allow(scmp_filter_ctx filter, int call, struct scmp_arg_cmp condition)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, condition);
}

/* Only for reading, and without making or emptying anything. */
static int allow_open(scmp_filter_ctx filter)
{
	const scmp_datum_t writes = O_ACCMODE | O_CREAT | O_TRUNC;
	int open = seccomp_syscall_resolve_name("open");
	int err = allow(filter, SCMP_SYS(openat), has(2, writes, 0));

	return err || open < 0 ? err : allow(filter, open, has(1, writes, 0));
}

/* A file that takes the place of another one; what the folder lets the user do there bounds it further. */
static int allow_folder(scmp_filter_ctx filter, int folder)
{
	const scmp_datum_t at = (scmp_datum_t)folder;
	const scmp_datum_t new = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
	int err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 2, equal(0, at),
				   equal(2, new));

	if (!err)
		err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(renameat), 2, equal(0, at),
				       equal(2, at));
	return err ? err : allow(filter, SCMP_SYS(unlinkat), equal(0, at));
}

/* What is harmless only with some arguments. */
static int allow_some(scmp_filter_ctx filter)
{
	static const unsigned requests[] = { FIONREAD, FIONBIO, TCGETS };
	int err = allow(filter, SCMP_SYS(clone), has(0, CLONE_THREAD, CLONE_THREAD));

	/* its flags are out of a filter's reach; so libc takes clone() */
	if (!err)
		err = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	if (!err) /* asking only */
		err = allow(filter, SCMP_SYS(prlimit64), equal(2, 0));
	if (!err)
		err = allow(filter, SCMP_SYS(prctl), equal(0, PR_SET_NAME));
	for (size_t i = 0; i < sizeof(requests) / sizeof(*requests) && !err; i++)
		err = allow(filter, SCMP_SYS(ioctl), equal(1, requests[i]));
	return err;
}

int privilege_confine(int folder)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int err = filter ? allow_names(filter) : -ENOMEM;

	if (!err)
		err = allow_open(filter);
	if (!err && folder >= 0)
		err = allow_folder(filter, folder);
	if (!err)
		err = allow_some(filter);
	/* threads that a library may have begun are no exception */
	if (!err)
		err = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
	if (!err)
		err = seccomp_load(filter);
	if (filter)
		seccomp_release(filter);
	if (!err)
		return EXIT_OK;
	log_error("cannot give up system calls, with seccomp: %s", strerror(-err));
	return EXIT_FAILED;
}
