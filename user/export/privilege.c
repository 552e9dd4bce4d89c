// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/privilege.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"
#include "base/power.h"
#include "base/status.h"

static const char *const users[] = { "bindtrace", "nobody" };

static const struct passwd *find_user(const char *wanted)
{
	const struct passwd *user = NULL;

	for (unsigned i = 0; i < (wanted ? 1 : 2) && !user; i++) {
		errno = 0;
		user = getpwnam(wanted ? wanted : users[i]);
	}
	if (user && user->pw_uid)
		return user;
	if (user)
		log_error("an exporter does not run as root; --user names another user");
	else if (errno)
		log_error("cannot look up a user to become: %s", strerror(errno));
	else if (wanted)
		log_error("there is no user '%s'; adduser --system %s makes one", wanted, wanted);
	else
		log_error("there is neither a user bindtrace nor nobody; --user names another one");
	return NULL;
}

static int become(const char *wanted)
{
	const struct passwd *user = find_user(wanted);

	if (!user)
		return EXIT_FAILED;
	if (setgroups(0, NULL) || setresgid(user->pw_gid, user->pw_gid, user->pw_gid) ||
	    setresuid(user->pw_uid, user->pw_uid, user->pw_uid)) {
		log_error("cannot become user %s: %s", user->pw_name, strerror(errno));
		return EXIT_FAILED;
	}
	return EXIT_OK;
}

int privilege_drop(const char *user)
{
	const struct rlimit no_core = { 0, 0 };
	int err;

	if (!geteuid()) {
		/* before the user changes: it takes a capability, which goes then */
		power_bound(NULL, 0);
		if (become(user))
			return EXIT_FAILED;
	} else if (user) {
		log_error("only root can become another user; leave out --user");
		return EXIT_USAGE;
	}
	err = power_keep(NULL, 0);
	if (!err && (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) || setrlimit(RLIMIT_CORE, &no_core)))
		err = -errno;
	if (!err)
		return EXIT_OK;
	log_error("cannot give up privileges: %s", strerror(-err));
	return EXIT_FAILED;
}
