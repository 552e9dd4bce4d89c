/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Names of UNIX sockets, and a directory for them that ends with the case. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "kit.h"

static char directory[] = "/tmp/bindtrace-XXXXXX";
static pid_t owner;

static void remove_directory(void)
{
	DIR *d = getpid() == owner ? opendir(directory) : NULL;
	struct dirent *entry;

	while (d && (entry = readdir(d)))
		if (unlinkat(dirfd(d), entry->d_name, 0) && errno == EISDIR)
			unlinkat(dirfd(d), entry->d_name, AT_REMOVEDIR);
	if (d)
		closedir(d);
	rmdir(directory);
}

struct ep at_path(const char *path)
{
	struct ep ep = { .un = { .sun_family = AF_UNIX } };
	int n = snprintf(ep.un.sun_path, sizeof(ep.un.sun_path), "%s", path);

	must(n > 0 && (size_t)n < sizeof(ep.un.sun_path), "a bad path in the case");
	ep.len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)n + 1);
	return ep;
}

struct ep at_abstract(const char *name)
{
	struct ep ep = { .un = { .sun_family = AF_UNIX } };
	int n = snprintf(ep.un.sun_path + 1, sizeof(ep.un.sun_path) - 1, "%s", name);

	ep.len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n);
	return ep;
}

struct ep beside(const char *name)
{
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];

	if (!owner) {
		must(mkdtemp(directory) != NULL, "mkdtemp failed");
		must(!chmod(directory, 0755), "chmod failed");
		owner = getpid();
		atexit(remove_directory);
	}
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return at_path(path);
}

static bool on_rung(const char *name)
{
	const char *rung = getenv("BINDTRACE_RUNG");

	return rung && !strcmp(rung, name);
}

/* The driver's line about the case has it, and docs/kernels.md. */
static bool unseen(const char *what)
{
	if (getenv("BINDTRACE_CASE_SETTLE"))
		printf("{\"unseen\": \"%s\"}\n", what);
	return false;
}

bool looks_late(void)
{
	return on_rung("iterator");
}

bool in_kernel(void)
{
	if (!getenv("BINDTRACE_RUNG"))
		return false;
	return !(on_rung("tracepoint") || looks_late()) || unseen("lsm");
}

bool is_seen(const char *what)
{
	static const char *const behind_calls = " io_uring kernel_binders autobind compat ",
				 *const late = " unix connect sctp ";
	const char *missing = getenv("BINDTRACE_MISSING");
	char word[32];
	bool seen;

	if (!missing) /* nobody traces */
		return true;
	snprintf(word, sizeof(word), " %s ", what);
	seen = !((strstr(behind_calls, word) && (on_rung("tracepoint") || looks_late())) ||
		 (strstr(late, word) && looks_late()));
	snprintf(word, sizeof(word), "\"%s\"", what);
	if (seen == !!strstr(missing, word))
		fail("the tracer's header %s coverage.missing %s",
		     seen ? "has in its" : "lacks in its", word);
	return seen || unseen(what);
}
