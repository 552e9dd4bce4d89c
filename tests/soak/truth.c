// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <arpa/inet.h>
#include <linux/futex.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#include "soak.h"

enum { PATIENCE_S = 30 };

struct shared *shared;
static unsigned place;

void go_elsewhere(void)
{
	private_net();
	place = atomic_fetch_add(&shared->places, 1) + 1;
}

void add_pid(pid_t *pids, pid_t pid)
{
	unsigned i = 0;

	while (i < MAX_PIDS && pids[i] && pids[i] != pid)
		i++;
	must(i < MAX_PIDS, "too many processes in a scene");
	pids[i] = pid;
}

bool has_pid(const pid_t *pids, pid_t pid)
{
	for (unsigned i = 0; i < MAX_PIDS && pids[i]; i++)
		if (pids[i] == pid)
			return true;
	return false;
}

static unsigned own_netns(void)
{
	struct stat st;

	must(!stat("/proc/thread-self/ns/net", &st), "there is no /proc");
	return (unsigned)st.st_ino;
}

static void write_address(struct truth *t, const struct ep *ep)
{
	const char *path = ep->un.sun_path; /* zeros follow it */

	if (ep->sa.sa_family == AF_UNIX) {
		memcpy(t->address, path, sizeof(ep->un.sun_path));
		t->address[0] = *path ? *path : '@';
		return;
	}
	t->port = port_of(*ep);
	if (ep->sa.sa_family == AF_INET6)
		inet_ntop(AF_INET6, &ep->in6.sin6_addr, t->address, sizeof(t->address));
	else
		inet_ntop(AF_INET, &ep->in.sin_addr, t->address, sizeof(t->address));
}

void take_name(const struct truth *t)
{
	char name[16];

	snprintf(name, sizeof(name), "soak-%u", (unsigned)(t - shared->truths));
	prctl(PR_SET_NAME, name);
}

struct truth *plan(struct ep ep, const char *protocol, int error)
{
	uint32_t number = atomic_fetch_add(&shared->n_truths, 1);
	struct truth *t = &shared->truths[number];

	must(number < MAX_TRUTHS, "more refusals than this soak can count");
	t->protocol = protocol;
	t->error = error;
	t->netns = own_netns();
	t->place = place;
	write_address(t, &ep);
	take_name(t);
	return t;
}

struct truth *truth_named(const char *comm)
{
	uint32_t number;
	char end;

	if (sscanf(comm, "soak-%u%c", &number, &end) != 1 || number >= shared->n_truths)
		return NULL;
	return &shared->truths[number];
}

void note_told(struct truth *t, uint64_t adds)
{
	atomic_fetch_add(&t->told, adds);
	atomic_fetch_add(&t->lines, 1);
	syscall(SYS_futex, &t->lines, FUTEX_WAKE, MAX_PIDS, NULL, NULL, 0);
}

/* A line that was lost never comes: the scene goes on, and the judge counts. */
void await_told(struct truth *t)
{
	struct timespec patience = { .tv_sec = PATIENCE_S };

	while (!t->lines) {
		if (syscall(SYS_futex, &t->lines, FUTEX_WAIT, 0, &patience, NULL, 0) &&
		    errno == ETIMEDOUT) {
			atomic_fetch_add(&shared->unheard, 1);
			return;
		}
	}
}
