// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The system calls that a tracer needs once it has attached. */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/fs.h>
#include <linux/netlink.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/filter.h"
#include "cmd/confine.h"

/* By name, as not every architecture has them all. */
static const char *const allowed[] = {
	/* reading and writing what is open */
	"read readv pread64 preadv write writev pwrite64 close lseek fsync fdatasync ftruncate",
	"fcntl dup memfd_create fadvise64",
	/* looking at files */
	"fstat newfstatat fstatat64 stat lstat statx statfs fstatfs access faccessat faccessat2",
	"getdents64 readlink readlinkat getcwd",
	/* waiting */
	"poll ppoll epoll_create1 epoll_ctl epoll_wait epoll_pwait timerfd_settime nanosleep",
	"clock_nanosleep restart_syscall wait4 waitid",
	/* with the exporter and, by netlink, about addresses */
	"getsockname getsockopt sendto sendmsg recvfrom recvmsg shutdown connect",
	/* memory, threads that there are, signals to ourselves */
	"mmap munmap mremap mprotect madvise brk munlock futex set_robust_list rseq membarrier",
	"gettid getpid getppid sched_yield sched_getaffinity rt_sigaction rt_sigprocmask",
	"rt_sigreturn sigaltstack exit exit_group",
	/* the time, and who we are */
	"clock_gettime clock_getres gettimeofday time getrandom getrusage uname sysinfo",
	"getuid geteuid getgid getegid",
};

struct rule {
	const char *call;
	struct scmp_arg_cmp conditions[3];
	unsigned n;
};

static int allow_rules(scmp_filter_ctx filter, const struct rule *rules, size_t n)
{
	int err = 0;

	for (size_t i = 0; i < n && !err; i++)
		err = filter_allow_if(filter, rules[i].call, rules[i].conditions, rules[i].n);
	return err;
}

#define EQUAL(argument, value)                                                                     \
	{                                                                                          \
		argument, SCMP_CMP_EQ, (scmp_datum_t)(value), 0                                    \
	}
#define HAS(argument, bits, only)                                                                  \
	{                                                                                          \
		argument, SCMP_CMP_MASKED_EQ, bits, (scmp_datum_t)(only)                           \
	}
#define COUNT(rules) (sizeof(rules) / sizeof(*(rules)))

/* Of bpf() what reads. No program or map is made, none is changed or attached. */
static int allow_bpf(scmp_filter_ctx filter, const struct confinement *c)
{
	static const struct rule look_up = { "bpf", { EQUAL(0, BPF_MAP_LOOKUP_ELEM) }, 1 };
	static const struct rule rules[] = {
		{ "bpf", { EQUAL(0, BPF_MAP_GET_NEXT_KEY) }, 1 },
		{ "bpf", { EQUAL(0, BPF_OBJ_GET_INFO_BY_FD) }, 1 },
		{ "bpf", { EQUAL(0, BPF_ITER_CREATE) }, 1 },
		{ "bpf", { EQUAL(0, BPF_PROG_GET_NEXT_ID) }, 1 },
		{ "bpf", { EQUAL(0, BPF_PROG_GET_FD_BY_ID) }, 1 },
		{ "bpf", { EQUAL(0, BPF_PROG_QUERY) }, 1 },
		{ "ioctl", { EQUAL(1, PERF_EVENT_IOC_DISABLE) }, 1 },
	};
	int err = allow_rules(filter, rules, COUNT(rules));

	return err || !c->looks_up ? err : allow_rules(filter, &look_up, 1);
}

/*
 * What is harmless only with some arguments. A socket of the network is none of them: netlink tells of addresses, and
 * a datagram socket asks a UNIX socket's file whether it is served. Who listens as a stream, as those do that give
 * power to whoever reaches them, does not talk to a datagram socket.
 */
static int allow_some(scmp_filter_ctx filter)
{
	enum { TYPE = 0xf, NETLINK_ADDRESS = 12, RULESET_VERSION = 1 };
	static const struct rule rules[] = {
		{ "ioctl", { EQUAL(1, TCGETS) }, 1 },
		{ "ioctl", { EQUAL(1, TIOCGWINSZ) }, 1 },
		{ "ioctl", { EQUAL(1, SIOCGIFINDEX) }, 1 },
		{ "setns", { EQUAL(1, CLONE_NEWNET) }, 1 },
		{ "socket", { EQUAL(0, AF_UNIX), HAS(1, TYPE, SOCK_DGRAM) }, 2 },
		{ "socket", { EQUAL(0, AF_NETLINK), EQUAL(2, NETLINK_ROUTE) }, 2 },
		{ "bind", { EQUAL(2, NETLINK_ADDRESS) }, 1 },
		{ "prctl", { EQUAL(0, PR_SET_NAME) }, 1 },
		/* by the number of a control group */
		{ "open_by_handle_at", { HAS(2, O_ACCMODE | O_CREAT | O_TRUNC, 0) }, 1 },
		/* which version of landlock there is */
		{ "landlock_create_ruleset", { EQUAL(0, 0), EQUAL(2, RULESET_VERSION) }, 2 },
	};

	return allow_rules(filter, rules, COUNT(rules));
}

/* New files, their names and their end; what is there is not opened for writing. */
static int allow_recording(scmp_filter_ctx filter, const struct confinement *c)
{
	const scmp_datum_t new = O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC;
	const struct rule rules[] = {
		{ "openat", { EQUAL(0, c->folder), EQUAL(2, new) }, 2 },
		{ "renameat2",
		  { EQUAL(0, c->folder), EQUAL(2, c->folder), EQUAL(4, RENAME_NOREPLACE) },
		  3 },
		{ "unlinkat", { EQUAL(0, c->folder), EQUAL(2, 0) }, 2 },
		{ "flock", { EQUAL(1, 0) }, 0 },
	};
	const struct rule group[] = {
		{ "fchown", { EQUAL(1, 0) }, 0 },
		{ "fchmod", { EQUAL(1, 0640) }, 1 },
		/* without CAP_SETGID only a group that it has already */
		{ "setfsgid", { EQUAL(0, 0) }, 0 },
		{ "umask", { EQUAL(0, 0) }, 0 },
	};
	int err = allow_rules(filter, rules, COUNT(rules));

	return err || !c->group ? err : allow_rules(filter, group, COUNT(group));
}

/* To the program and the exporter; an end of our own by abort(). */
static int allow_signals(scmp_filter_ctx filter, const struct confinement *c)
{
	int err = filter_allow_if_one(filter, "tgkill", filter_equal(0, (scmp_datum_t)getpid()));

	if (!err && c->program >= 0)
		err = filter_allow_if_one(filter, "pidfd_send_signal",
					  filter_equal(0, (scmp_datum_t)c->program));
	if (!err && c->child)
		err = filter_allow_if_one(filter, "kill", filter_equal(0, (scmp_datum_t)c->child));
	return err;
}

bool confine_has_filter(void)
{
	return seccomp_api_get() > 0;
}

int confine_calls(const struct confinement *c)
{
	scmp_filter_ctx filter = filter_new();
	int err = filter ? filter_allow(filter, allowed, COUNT(allowed)) : -ENOMEM;

	if (!err)
		err = filter_allow_reading(filter);
	if (!err)
		err = allow_bpf(filter, c);
	if (!err)
		err = allow_some(filter);
	if (!err && c->folder >= 0)
		err = allow_recording(filter, c);
	if (!err)
		err = allow_signals(filter, c);
	return filter_install(filter, err);
}
