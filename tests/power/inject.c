// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 *   inject PID CALL...
 *
 * What would somebody get who has taken the process over? Has it make each system call, from outside and as root
 * may: by ptrace(), in a thread that waits in one. Prints "CALL RESULT" lines: "done", or the error by its name.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

/* Arguments that are addresses in the process: of a text, and of zeroes. */
#define TEXT   (1ul << 60)
#define ZEROES (1ul << 61)

static const struct call {
	const char *name;
	long number;
	unsigned long args[6];
	const char *text;
} calls[] = {
	{ "read_file", SYS_openat, { (unsigned long)AT_FDCWD, TEXT, O_RDONLY }, "/proc/self/stat" },
	{ "make_file",
	  SYS_openat,
	  { (unsigned long)AT_FDCWD, TEXT, O_WRONLY | O_CREAT, 0600 },
	  "/tmp/bindtrace-injected" },
	{ "make_new_file",
	  SYS_openat,
	  { (unsigned long)AT_FDCWD, TEXT, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC,
	    0600 },
	  "/tmp/bindtrace-injected" },
	{ "write_file", SYS_openat, { (unsigned long)AT_FDCWD, TEXT, O_RDWR }, "/dev/null" },
	{ "empty_file", SYS_openat, { (unsigned long)AT_FDCWD, TEXT, O_TRUNC }, "/dev/null" },
	{ "open_anyhow", SYS_openat2, { (unsigned long)AT_FDCWD, TEXT, ZEROES, 24 }, "/dev/null" },
#ifdef SYS_unlink
	{ "remove_file", SYS_unlink, { TEXT }, "/tmp/not-there" },
	{ "make_folder", SYS_mkdir, { TEXT, 0700 }, "/proc" },
#else
	{ "remove_file", SYS_unlinkat, { (unsigned long)AT_FDCWD, TEXT, 0 }, "/tmp/not-there" },
	{ "make_folder", SYS_mkdirat, { (unsigned long)AT_FDCWD, TEXT, 0700 }, "/proc" },
#endif
	{ "socket_inet", SYS_socket, { AF_INET, SOCK_STREAM, 0 }, "" },
	{ "socket_inet6", SYS_socket, { AF_INET6, SOCK_DGRAM, 0 }, "" },
	{ "socket_packet", SYS_socket, { AF_PACKET, SOCK_RAW, 0 }, "" },
	{ "socket_unix_stream", SYS_socket, { AF_UNIX, SOCK_STREAM, 0 }, "" },
	{ "exec", SYS_execve, { TEXT, 0, 0 }, "/not-there" },
	{ "trace", SYS_ptrace, { PTRACE_ATTACH, 1 << 29 }, "" },
	{ "read_memory", SYS_process_vm_readv, { 1, 0, 0, 0, 0, 0 }, "" },
	{ "fork", SYS_clone, { SIGCHLD }, "" },
	{ "signal_others", SYS_kill, { 1, 0 }, "" },
	{ "mount", SYS_mount, { TEXT, TEXT, TEXT }, "none" },
	{ "enter_mounts", SYS_setns, { 0, CLONE_NEWNS }, "" },
	{ "unshare", SYS_unshare, { CLONE_NEWNS }, "" },
	{ "load_program", SYS_bpf, { BPF_PROG_LOAD, ZEROES, 0 }, "" },
	{ "look_up", SYS_bpf, { BPF_MAP_LOOKUP_ELEM, ZEROES, 0 }, "" },
	{ "change_map", SYS_bpf, { BPF_MAP_UPDATE_ELEM, ZEROES, 0 }, "" },
	{ "become_user", SYS_setuid, { 0 }, "" },
	{ "load_module", SYS_finit_module, { 0, TEXT, 0 }, "" },
};

static void must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "inject: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void put(pid_t pid, unsigned long at, const void *from, size_t n)
{
	long word;

	for (size_t i = 0; i < n; i += sizeof(word)) {
		memcpy(&word, (const char *)from + i, sizeof(word));
		must(!ptrace(PTRACE_POKEDATA, pid, at + i, word), "cannot write");
	}
}

static void await_stop(pid_t pid)
{
	int status;

	must(waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status), "it did not stop");
}

static void registers(pid_t pid, int request, struct user_regs_struct *regs)
{
	struct iovec all = { regs, sizeof(*regs) };

	must(!ptrace(request, pid, NT_PRSTATUS, &all), "cannot read or set registers");
}

static void step(pid_t pid)
{
	must(!ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL), "cannot go on");
	await_stop(pid);
}

/* leave() ends the system call in which it waits, as a signal would; of that, the instruction stays known. */
static unsigned long call_at;

#ifdef __x86_64__

#define STACK  rsp
#define RESULT rax

static void leave(pid_t pid)
{
	struct user_regs_struct regs;

	registers(pid, PTRACE_GETREGSET, &regs);
	call_at = regs.rip - 2;
	regs.orig_rax = (unsigned long)-1; /* nothing is to be restarted */
	regs.rax = (unsigned long)-EINTR;
	registers(pid, PTRACE_SETREGSET, &regs);
}

static void set_call(struct user_regs_struct *regs, long number, const unsigned long args[6])
{
	regs->rip = call_at;
	regs->rax = (unsigned long)number;
	regs->rdi = args[0];
	regs->rsi = args[1];
	regs->rdx = args[2];
	regs->r10 = args[3];
	regs->r8 = args[4];
	regs->r9 = args[5];
}

#else /* arm64 */

#define STACK  sp
#define RESULT regs[0]

enum { SVC_BYTES = 4 };
static const uint32_t svc = 0xd4000001;

/*
 * The kernel has already gone back to the call, to make it anew. It does so, whatever the registers then say, unless
 * they are somewhere else (arch/arm64/kernel/signal.c): so one instruction is run that follows.
 */
static void leave(pid_t pid)
{
	struct user_regs_struct regs;

	registers(pid, PTRACE_GETREGSET, &regs);
	call_at = regs.pc;
	if ((uint32_t)ptrace(PTRACE_PEEKTEXT, pid, call_at, NULL) != svc)
		call_at -= SVC_BYTES;
	must((uint32_t)ptrace(PTRACE_PEEKTEXT, pid, call_at, NULL) == svc, "it waits in no call");
	regs.pc = call_at + SVC_BYTES;
	regs.regs[0] = (unsigned long)-EINTR;
	registers(pid, PTRACE_SETREGSET, &regs);
	step(pid);
}

static void set_call(struct user_regs_struct *regs, long number, const unsigned long args[6])
{
	regs->pc = call_at;
	regs->regs[8] = (unsigned long)number;
	memcpy(regs->regs, args, 6 * sizeof(*args));
}

#endif

static long make(pid_t pid, const struct call *c)
{
	struct user_regs_struct before, regs;
	unsigned long room, args[6];
	char text[64] = "";

	registers(pid, PTRACE_GETREGSET, &before);
	regs = before;
	room = (before.STACK - 1024) & ~15ul; /* beyond the red zone */
	strcpy(text, c->text);
	put(pid, room, text, sizeof(text));
	for (int i = 0; i < 6; i++)
		args[i] = c->args[i] == TEXT	 ? room
			  : c->args[i] == ZEROES ? room + sizeof(text) / 2
						 : c->args[i];
	set_call(&regs, c->number, args);
	registers(pid, PTRACE_SETREGSET, &regs);
	step(pid);
	registers(pid, PTRACE_GETREGSET, &regs);
	registers(pid, PTRACE_SETREGSET, &before);
	return (long)regs.RESULT;
}

static const struct call *find(const char *name)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (!strcmp(calls[i].name, name))
			return &calls[i];
	errno = EINVAL;
	must(0, name);
	return NULL;
}

int main(int argc, char **argv)
{
	pid_t pid = argc > 1 ? atoi(argv[1]) : 0;
	long result;

	must(pid > 0 && !ptrace(PTRACE_ATTACH, pid, NULL, NULL), "cannot attach");
	await_stop(pid);
	leave(pid);
	for (int i = 2; i < argc; i++) {
		result = make(pid, find(argv[i]));
		printf("%s %s\n", argv[i], result >= 0 ? "done" : strerrorname_np((int)-result));
	}
	must(!ptrace(PTRACE_DETACH, pid, NULL, NULL), "cannot detach");
	return 0;
}
