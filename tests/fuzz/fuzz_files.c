// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Files that other programs leave behind: /proc/PID/stat, the lists of container engines, systemd's units. They
 * lie in the working directory, which is the target's own.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "enrich/proc.h"
#include "enrich/root.h"
#include "enrich/runtime.h"
#include "enrich/socket_unit.h"
#include "fuzz.h"

#define ID   "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define TASK "/run/containerd/io.containerd.runtime.v2.task/default/" ID

static const char *const paths[] = {
	"/stat",
	"/etc/docker/daemon.json",
	"/var/lib/docker/containers/" ID "/config.v2.json",
	TASK "/config.json",
	"/var/lib/containers/storage/overlay-containers/containers.json",
	"/etc/systemd/system/a.socket",
};

enum { N_PATHS = sizeof(paths) / sizeof(*paths) };

static void write_file(const char *path, const uint8_t *data, size_t n)
{
	char full[256] = ".";
	int fd;

	strcat(full, path);
	for (char *slash = strchr(full + 2, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(full, 0700);
		*slash = '/';
	}
	fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	fuzz_expect(fd >= 0 && write(fd, data, n) == (ssize_t)n);
	close(fd);
}

static void look(void)
{
	static const enum bt_runtime runtimes[] = { RUNTIME_DOCKER, RUNTIME_CONTAINERD,
						    RUNTIME_CRIO, RUNTIME_PODMAN };
	struct bt_sock sock = { .family = AF_INET, .protocol = IPPROTO_TCP, .port = 8000 };
	struct container c = { .id = ID };
	struct container_names names;
	int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct proc_stat stat;
	char unit[64];

	proc_stat_read(here, &stat);
	close(here);
	for (unsigned i = 0; i < sizeof(runtimes) / sizeof(*runtimes); i++) {
		c.runtime = runtimes[i];
		runtime_names(&c, &names);
	}
	runtime_of(&c);
	runtime_find_docker(0, "172.17.0.2", 8000, "tcp", &c);
	socket_unit_find(&sock, unit, sizeof(unit));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *path;

	if (!n)
		return 0;
	path = paths[data[0] % N_PATHS];
	root_set(".");
	write_file(path, data + 1, n - 1);
	look();
	fuzz_expect(!unlink(path + 1));
	return 0;
}
