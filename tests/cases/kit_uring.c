/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* io_uring by its three raw system calls: one request at a time, and its answer. */
#include <dirent.h>
#include <linux/io_uring.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "kit.h"
#include "kit_uring.h"

enum { OP_BIND = 56, OP_LISTEN = 57 }; /* 6.11; newer than many a linux/io_uring.h */
enum { ENTRIES = 4, MAX_OPS = 256 };

struct uring {
	int fd;
	bool polled;
	unsigned *sq_tail, *sq_flags, *cq_head, *cq_tail;
	unsigned sq_mask, cq_mask, *sq_array;
	struct io_uring_sqe *sqes;
	struct io_uring_cqe *cqes;
};

static int enter(const struct uring *u, unsigned submit, unsigned flags)
{
	return (int)syscall(SYS_io_uring_enter, u->fd, submit, 1, flags, NULL, 0);
}

static void must_have(const struct uring *u, unsigned op)
{
	char room[sizeof(struct io_uring_probe) + MAX_OPS * sizeof(struct io_uring_probe_op)] = {
		0
	};
	const struct io_uring_probe *probe = (void *)room;

	must(!syscall(SYS_io_uring_register, u->fd, IORING_REGISTER_PROBE, room, MAX_OPS),
	     "IORING_REGISTER_PROBE failed");
	if (op > probe->last_op || !(probe->ops[op].flags & IO_URING_OP_SUPPORTED))
		skip("this kernel's io_uring has neither bind nor listen (6.11)");
}

static void *map(const struct uring *u, size_t size, off_t what)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, u->fd, what);

	must(at != MAP_FAILED, "mapping the ring failed");
	return at;
}

static struct uring *open_ring(unsigned flags)
{
	struct io_uring_params p = { .flags = flags };
	struct uring *u = calloc(1, sizeof(*u));
	char *sq, *cq;

	must(u != NULL, "out of memory");
	u->fd = (int)syscall(SYS_io_uring_setup, ENTRIES, &p);
	if (u->fd < 0)
		skip("this kernel has no io_uring, or forbids it");
	u->polled = flags & IORING_SETUP_SQPOLL;
	sq = map(u, p.sq_off.array + p.sq_entries * sizeof(unsigned), IORING_OFF_SQ_RING);
	cq = map(u, p.cq_off.cqes + p.cq_entries * sizeof(*u->cqes), IORING_OFF_CQ_RING);
	u->sqes = map(u, p.sq_entries * sizeof(*u->sqes), IORING_OFF_SQES);
	u->sq_tail = (void *)(sq + p.sq_off.tail);
	u->sq_flags = (void *)(sq + p.sq_off.flags);
	u->sq_array = (void *)(sq + p.sq_off.array);
	u->sq_mask = *(unsigned *)(void *)(sq + p.sq_off.ring_mask);
	u->cq_head = (void *)(cq + p.cq_off.head);
	u->cq_tail = (void *)(cq + p.cq_off.tail);
	u->cq_mask = *(unsigned *)(void *)(cq + p.cq_off.ring_mask);
	u->cqes = (void *)(cq + p.cq_off.cqes);
	return u;
}

struct uring *uring(void)
{
	struct uring *u = open_ring(0);

	must_have(u, OP_LISTEN);
	return u;
}

struct uring *uring_polled(void)
{
	struct uring *u = open_ring(IORING_SETUP_SQPOLL);

	must_have(u, OP_LISTEN);
	return u;
}

struct uring *uring_of_files(void)
{
	return open_ring(0);
}

void uring_register(struct uring *u, int fd)
{
	must(!syscall(SYS_io_uring_register, u->fd, IORING_REGISTER_FILES, &fd, 1),
	     "registering a descriptor with the ring failed");
}

pid_t uring_thread(const char *prefix)
{
	DIR *tasks = opendir("/proc/self/task");
	char path[64], comm[32] = "";
	struct dirent *entry;
	int tid = 0;

	while (tasks && (entry = readdir(tasks)) && strncmp(comm, prefix, strlen(prefix))) {
		FILE *f;

		tid = atoi(entry->d_name);
		snprintf(path, sizeof(path), "/proc/self/task/%d/comm", tid);
		f = tid ? fopen(path, "re") : NULL;
		if (!f || !fgets(comm, sizeof(comm), f))
			*comm = '\0';
		if (f)
			fclose(f);
	}
	must(!strncmp(comm, prefix, strlen(prefix)), "io_uring has no thread of that name here");
	closedir(tasks);
	return tid;
}

void uring_close(struct uring *u)
{
	syscall(SYS_io_uring_register, u->fd, IORING_UNREGISTER_FILES, NULL, 0);
	shut(u->fd);
}

/* 0 or a negative errno, as the kernel answers. */
static int submit(struct uring *u, const struct io_uring_sqe *sqe)
{
	unsigned tail = *u->sq_tail, head = *u->cq_head, flags = IORING_ENTER_GETEVENTS;
	int result;

	u->sqes[tail & u->sq_mask] = *sqe;
	u->sq_array[tail & u->sq_mask] = tail & u->sq_mask;
	__atomic_store_n(u->sq_tail, tail + 1, __ATOMIC_SEQ_CST);
	if (u->polled && __atomic_load_n(u->sq_flags, __ATOMIC_SEQ_CST) & IORING_SQ_NEED_WAKEUP)
		flags |= IORING_ENTER_SQ_WAKEUP;
	must(enter(u, u->polled ? 0 : 1, flags) >= 0, "io_uring_enter failed");
	must(__atomic_load_n(u->cq_tail, __ATOMIC_ACQUIRE) == head + 1,
	     "the ring gave not one answer to one request");
	result = u->cqes[head & u->cq_mask].res;
	__atomic_store_n(u->cq_head, head + 1, __ATOMIC_RELEASE);
	return result;
}

static struct io_uring_sqe request(unsigned op, int fd, unsigned how)
{
	struct io_uring_sqe sqe = { .opcode = (uint8_t)op, .fd = fd };

	if (how & URING_FIXED)
		sqe.flags |= IOSQE_FIXED_FILE;
	if (how & URING_ASYNC)
		sqe.flags |= IOSQE_ASYNC;
	return sqe;
}

static int bind_by(struct uring *u, int fd, unsigned how, const struct ep *ep)
{
	struct io_uring_sqe sqe = request(OP_BIND, fd, how);

	sqe.addr = (uintptr_t)&ep->sa;
	sqe.addr2 = ep->len;
	return submit(u, &sqe);
}

void uring_bind_refused(struct uring *u, int fd, unsigned how, struct ep ep, int error)
{
	int r = bind_by(u, fd, how, &ep);

	errno = -r;
	if (r != -error)
		fail("bind to port %u through io_uring had to fail with errno %d", port_of(ep),
		     error);
	remember("bind", how & URING_FIXED ? -1 : fd, ep, error);
}

void uring_bind_ok(struct uring *u, int fd, unsigned how, struct ep ep)
{
	must(!bind_by(u, fd, how, &ep), "bind through io_uring was refused, it had to succeed");
}

static int listen_by(struct uring *u, int fd)
{
	struct io_uring_sqe sqe = request(OP_LISTEN, fd, 0);

	sqe.len = 8; /* the backlog */
	return submit(u, &sqe);
}

void uring_listen_refused(struct uring *u, int fd, struct ep ep, int error)
{
	int r = listen_by(u, fd);

	errno = -r;
	if (r != -error)
		fail("listen on port %u through io_uring had to fail with errno %d", port_of(ep),
		     error);
	remember("listen", fd, ep, error);
}

void uring_listen_ok(struct uring *u, int fd)
{
	must(!listen_by(u, fd), "listen through io_uring was refused, it had to succeed");
}
