// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "enrich/forward.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/number.h"
#include "enrich/container.h"
#include "enrich/netns.h"
#include "enrich/proc.h"
#include "enrich/runtime.h"

/* Argument i of the command line; NULL: there are not so many. */
static const char *argument(const struct process *p, unsigned i, size_t *n)
{
	const char *arg = p->cmdline, *end = p->cmdline + p->cmdline_len;

	for (; arg < end; arg += *n + 1, i--) {
		*n = strnlen(arg, (size_t)(end - arg));
		if (!i)
			return arg;
	}
	return NULL;
}

/* The value of "-name value", "--name value" or "-name=value"; false: not there, or cut. */
static bool option(const struct process *p, const char *name, char *out, size_t size)
{
	size_t n, len = strlen(name);
	const char *arg, *value;

	for (unsigned i = 0; (arg = argument(p, i, &n)); i++) {
		if (*arg != '-')
			continue;
		value = arg + (n > 1 && arg[1] == '-' ? 2 : 1);
		if (n - (size_t)(value - arg) < len || memcmp(value, name, len))
			continue;
		n -= (size_t)(value - arg) + len;
		value += len;
		if (n && *value == '=') {
			value++;
			n--;
		} else if (n || !(value = argument(p, i + 1, &n))) {
			continue;
		}
		if (n >= size || value + n == p->cmdline + sizeof(p->cmdline))
			return false;
		memcpy(out, value, n);
		out[n] = '\0';
		return true;
	}
	return false;
}

/* Anybody may call a program docker-proxy; as root it was root who did, and it speaks for root's. */
static void docker_proxy(struct process *p)
{
	char ip[64], text[64];
	uint32_t port = 0;

	if (!option(p, "container-ip", ip, sizeof(ip)))
		return;
	if (inet_pton(AF_INET, ip, p->to_addr) == 1)
		p->to_family = AF_INET;
	else if (inet_pton(AF_INET6, ip, p->to_addr) == 1)
		p->to_family = AF_INET6;
	else
		return;
	if (option(p, "container-port", text, sizeof(text)) && !number_u32(text, &port) &&
	    port <= UINT16_MAX)
		p->to_port = (uint16_t)port;
	runtime_find_docker(p->uid, ip, 0, NULL, &p->container);
}

/* Its command line does not say which port is whose, but the engine behind it does. */
static void rootlesskit(struct process *p, const struct bt_sock *s)
{
	bool udp = s->protocol == IPPROTO_UDP || s->protocol == IPPROTO_UDPLITE;

	if (p->uid)
		runtime_find_docker(p->uid, NULL, s->port, udp ? "udp" : "tcp", &p->container);
}

/* The namespace it was told to connect: a path, or for slirp4netns the pid before its device. */
static uint64_t target_netns(const struct process *p, bool by_pid)
{
	uint32_t pid, last_pid = 0;
	char text[PATH_MAX];
	uint64_t netns = 0;
	const char *arg;
	size_t n;
	int dir;

	for (unsigned i = 1; (arg = argument(p, i, &n)) && !netns; i++) {
		if (n >= sizeof(text) || arg + n == p->cmdline + sizeof(p->cmdline))
			return 0;
		memcpy(text, arg, n);
		text[n] = '\0';
		if (*text == '/')
			netns = netns_of_path(text);
		/* the last argument but one */
		if (argument(p, i + 1, &n) && !argument(p, i + 2, &n) && !number_u32(text, &pid))
			last_pid = pid;
	}
	if (netns || !by_pid || !last_pid)
		return netns;
	dir = proc_open(last_pid);
	if (dir < 0)
		return 0;
	netns = proc_namespace(dir, "ns/net");
	close(dir);
	return netns;
}

static bool container_at(const char *pid, uint64_t netns, struct container *c)
{
	char text[8192];
	uint32_t number;
	bool found;
	int dir = number_u32(pid, &number) ? -1 : proc_open(number);

	if (dir < 0)
		return false;
	found = proc_namespace(dir, "ns/net") == netns &&
		proc_read(dir, "cgroup", text, sizeof(text)) > 0 && container_of_process(text, c) &&
		c->id[0];
	close(dir);
	return found;
}

/* The container that lives in the namespace, if it is only one. */
static void container_in(uint64_t netns, struct container *out)
{
	DIR *list = netns ? opendir("/proc") : NULL;
	struct container c;
	struct dirent *entry;
	bool several = false;

	while (list && !several && (entry = readdir(list))) {
		if (!container_at(entry->d_name, netns, &c))
			continue;
		several = out->id[0] && strcmp(out->id, c.id);
		*out = c;
	}
	if (list)
		closedir(list);
	if (several)
		memset(out, 0, sizeof(*out));
}

/* A user's proxy speaks for the user's own containers only. */
static void user_network(struct process *p, bool by_pid)
{
	container_in(target_netns(p, by_pid), &p->container);
	if (p->container.owner != p->uid)
		memset(&p->container, 0, sizeof(p->container));
}

void forward_find(struct process *p, const struct bt_sock *s)
{
	const char *slash = strrchr(p->exe, '/'), *name = slash ? slash + 1 : "";

	/* in a container itself, it speaks for one that this machine knows nothing of */
	if (p->container.id[0])
		return;
	p->forwards = true;
	if (!strcmp(name, "docker-proxy") || !strcmp(name, "rootlesskit-docker-proxy"))
		docker_proxy(p);
	else if (!strcmp(name, "rootlesskit"))
		rootlesskit(p, s);
	else if (!strcmp(name, "slirp4netns"))
		user_network(p, true);
	else if (!strcmp(name, "pasta") || !strcmp(name, "pasta.avx2"))
		user_network(p, false);
	else
		p->forwards = false;
}
