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

bool in_kernel(void)
{
	const char *rung = getenv("BINDTRACE_RUNG");

	return rung && strcmp(rung, "tracepoint") && strcmp(rung, "iterator");
}

bool is_seen(const char *what)
{
	const char *missing = getenv("BINDTRACE_MISSING");
	char word[32];

	if (!missing) /* nobody traces */
		return true;
	snprintf(word, sizeof(word), "\"%s\"", what);
	if (in_kernel() == !!strstr(missing, word))
		fail("the tracer's header %s coverage.missing %s",
		     in_kernel() ? "has in its" : "lacks in its", word);
	return in_kernel();
}
