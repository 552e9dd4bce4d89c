/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The process that tries the bind of `bindtrace check`: in the network namespace and as the user that are
 * asked for. It is started before the tracer, which then looks at this process only, and tries when told.
 */
#ifndef BT_TRIER_H
#define BT_TRIER_H

#include <grp.h>
#include <limits.h>
#include <sys/types.h>

#include "cmd/options.h"
#include "cmd/target.h"

enum { MAX_GROUPS = 256 };

/* Who it becomes; not set: who we are. */
struct identity {
	bool set;
	uid_t uid;
	gid_t gid;
	int n_groups;
	gid_t groups[MAX_GROUPS];
};

/* How far a trial came: what failed, if anything did. */
enum step { STEP_NETNS, STEP_USER, STEP_SOCKET, STEP_OPTION, STEP_BIND, STEP_LISTEN, N_STEPS };

/* What is at the path of a UNIX socket that is taken. */
enum unix_holder { UNIX_UNKNOWN, UNIX_LIVE, UNIX_STALE, UNIX_NO_SOCKET };

struct trial {
	int error; /* 0: the bind succeeded; an errno */
	enum step step;
	enum unix_holder holder;
	int left_behind; /* the errno for which the socket file it made is still there; 0: it is not */
};

struct trier {
	pid_t pid;
	int channel;
};

/* Looks the user up. 0 or -1 with the reason printed. */
int identity_find(struct identity *id, const char *user);

/* Starts it; netns is a descriptor or -1. 0 or -errno. */
int trier_start(struct trier *t, const struct target *target, const struct bind_request *request,
		const struct identity *id, int netns);

/* Has it try once: whatever it gets is given back at once. 0 or -errno. */
int trier_try(const struct trier *t, struct trial *out);

/* Ends it. */
void trier_end(struct trier *t);

/* The call that failed, as the JSON has it: "setsockopt"; for STEP_USER "setuid". */
const char *step_name(enum step step);

#endif /* BT_TRIER_H */
