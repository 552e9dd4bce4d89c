// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "enrich/runtime.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "enrich/root.h"

enum { MAX_CONFIG = 1 << 20, MAX_STORE = 8 << 20, MAX_SCANNED = 4096 };

/* Where containerd keeps what runs, below its state directory: of itself, of k3s and of MicroK8s. */
static const char *const containerd_dirs[] = {
	"/run/containerd/io.containerd.runtime.v2.task/k8s.io",
	"/run/containerd/io.containerd.runtime.v2.task/default",
	"/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io",
	"/var/snap/microk8s/common/run/containerd/io.containerd.runtime.v2.task/k8s.io",
};

#define N(table) (sizeof(table) / sizeof((table)[0]))

/* "/var/lib/docker", what daemon.json says instead, or a user's own. */
static int docker_dir(uint32_t uid, char *out, size_t size)
{
	char root[PATH_MAX];
	struct json_object *o;

	if (uid) {
		if (root_home(uid, root, sizeof(root)))
			return -ENOENT;
		return snprintf(out, size, "%s/.local/share/docker/containers", root) < (int)size
			       ? 0
			       : -ENAMETOOLONG;
	}
	o = root_json("/etc/docker/daemon.json", MAX_CONFIG);
	json_copy(json_at(o, "data-root", NULL), root, sizeof(root));
	json_object_put(o);
	return snprintf(out, size, "%s/containers", root[0] ? root : "/var/lib/docker") < (int)size
		       ? 0
		       : -ENAMETOOLONG;
}

static struct json_object *docker_config(uint32_t uid, const char *id)
{
	char dir[PATH_MAX], path[PATH_MAX + 96];

	if (docker_dir(uid, dir, sizeof(dir)))
		return NULL;
	snprintf(path, sizeof(path), "%s/%s/config.v2.json", dir, id);
	return root_json(path, MAX_CONFIG);
}

static struct json_object *containerd_config(const char *id)
{
	struct json_object *o = NULL;
	char path[PATH_MAX];

	for (size_t i = 0; i < N(containerd_dirs) && !o; i++) {
		snprintf(path, sizeof(path), "%s/%s/config.json", containerd_dirs[i], id);
		o = root_json(path, MAX_CONFIG);
	}
	return o;
}

/* Podman's and CRI-O's list of containers: on disk, and of those that do not outlive a boot. */
static int store_path(uint32_t uid, unsigned which, char *out, size_t size)
{
	char home[PATH_MAX];
	int n;

	if (which)
		n = uid ? snprintf(out, size,
				   "/run/user/%u/containers/overlay-containers/"
				   "volatile-containers.json",
				   uid)
			: snprintf(out, size,
				   "/run/containers/storage/overlay-containers/"
				   "volatile-containers.json");
	else if (!uid)
		n = snprintf(out, size,
			     "/var/lib/containers/storage/overlay-containers/containers.json");
	else if (root_home(uid, home, sizeof(home)))
		return -ENOENT;
	else
		n = snprintf(out, size,
			     "%s/.local/share/containers/storage/overlay-containers/"
			     "containers.json",
			     home);
	return n < (int)size ? 0 : -ENAMETOOLONG;
}

/* The first name of the container in one list; false when the list does not know it. */
static bool name_in_store(const char *path, const char *id, char *name, size_t size)
{
	struct json_object *list = root_json(path, MAX_STORE), *entry;
	bool found = false;
	char other[80];

	name[0] = '\0';
	for (size_t i = 0; json_object_is_type(list, json_type_array) &&
			   i < json_object_array_length(list) && !found;
	     i++) {
		entry = json_object_array_get_idx(list, i);
		json_copy(json_at(entry, "id", NULL), other, sizeof(other));
		found = !strcmp(other, id);
		if (!found)
			continue;
		entry = json_at(entry, "names", NULL);
		if (json_object_is_type(entry, json_type_array))
			json_copy(json_object_array_get_idx(entry, 0), name, size);
	}
	json_object_put(list);
	return found;
}

static bool store_name(const struct container *c, char *name, size_t size)
{
	char path[PATH_MAX];

	for (unsigned which = 0; which < 2; which++)
		if (!store_path(c->owner, which, path, sizeof(path)) &&
		    name_in_store(path, c->id, name, size))
			return true;
	return false;
}

/*
 * "k8s_<container>_<pod>_<namespace>_<uid>_<attempt>" is how CRI-O and cri-dockerd name what they
 * run; none of the parts may have a "_" in it. The container called POD is the sandbox.
 */
static void split_kubernetes_name(const char *name, struct container_names *names)
{
	char container[64], pod[254], ns[64];
	int end = 0;

	sscanf(name, "k8s_%63[^_]_%253[^_]_%63[^_]_%*[^_]_%*[0-9]%n", container, pod, ns, &end);
	if (!end || name[end])
		return;
	strcpy(names->name, strcmp(container, "POD") ? container : "");
	strcpy(names->pod_name, pod);
	strcpy(names->pod_namespace, ns);
}

static void docker_names(const struct container *c, struct container_names *names)
{
	struct json_object *o = docker_config(c->owner, c->id);
	char name[512];

	json_copy(json_at(o, "Name", NULL), name, sizeof(name));
	json_object_put(o);
	if (name[0] == '/')
		memmove(name, name + 1, strlen(name));
	if (strlen(name) < sizeof(names->name))
		strcpy(names->name, name);
	split_kubernetes_name(name, names);
}

/* A pod's sandbox has no container name; nerdctl keeps its own. */
static void containerd_names(const struct container *c, struct container_names *names)
{
	struct json_object *o = containerd_config(c->id), *notes = json_at(o, "annotations", NULL);

	json_copy(json_at(notes, "io.kubernetes.cri.container-name", NULL), names->name,
		  sizeof(names->name));
	if (!names->name[0])
		json_copy(json_at(notes, "nerdctl/name", NULL), names->name, sizeof(names->name));
	json_copy(json_at(notes, "io.kubernetes.cri.sandbox-name", NULL), names->pod_name,
		  sizeof(names->pod_name));
	json_copy(json_at(notes, "io.kubernetes.cri.sandbox-namespace", NULL), names->pod_namespace,
		  sizeof(names->pod_namespace));
	json_object_put(o);
}

static void store_names(const struct container *c, struct container_names *names)
{
	char name[512];

	if (!store_name(c, name, sizeof(name)))
		return;
	if (strlen(name) < sizeof(names->name))
		strcpy(names->name, name);
	split_kubernetes_name(name, names);
}

void runtime_names(const struct container *c, struct container_names *names)
{
	memset(names, 0, sizeof(*names));
	memcpy(names->id, c->id, sizeof(names->id));
	if (c->runtime == RUNTIME_DOCKER)
		docker_names(c, names);
	else if (c->runtime == RUNTIME_CONTAINERD)
		containerd_names(c, names);
	else if (c->runtime)
		store_names(c, names);
}

enum bt_runtime runtime_of(const struct container *c)
{
	struct json_object *o = docker_config(c->owner, c->id);
	enum bt_runtime runtime = o ? RUNTIME_DOCKER : RUNTIME_UNKNOWN;

	if (!o) {
		o = containerd_config(c->id);
		runtime = o ? RUNTIME_CONTAINERD : RUNTIME_UNKNOWN;
	}
	json_object_put(o);
	return runtime;
}

/* Is one of its networks' addresses this one? */
static bool has_address(struct json_object *config, const char *addr)
{
	struct json_object *networks = json_at(config, "NetworkSettings", "Networks", NULL);
	char ip[64];

	if (!json_object_is_type(networks, json_type_object))
		return false;
	json_object_object_foreach(networks, name, network)
	{
		(void)name;
		json_copy(json_at(network, "IPAddress", NULL), ip, sizeof(ip));
		if (!strcmp(ip, addr))
			return true;
		json_copy(json_at(network, "GlobalIPv6Address", NULL), ip, sizeof(ip));
		if (!strcmp(ip, addr))
			return true;
	}
	return false;
}

/* Does it publish one of its ports as this one of the host? */
static bool publishes(struct json_object *config, unsigned host_port, const char *protocol)
{
	struct json_object *ports = json_at(config, "NetworkSettings", "Ports", NULL), *one;
	char text[16], wanted[16];

	snprintf(wanted, sizeof(wanted), "%u", host_port);
	if (!json_object_is_type(ports, json_type_object))
		return false;
	json_object_object_foreach(ports, inside, list)
	{
		const char *slash = strchr(inside, '/');

		if (!slash || strcmp(slash + 1, protocol) ||
		    !json_object_is_type(list, json_type_array))
			continue;
		for (size_t i = 0; i < json_object_array_length(list); i++) {
			one = json_object_array_get_idx(list, i);
			json_copy(json_at(one, "HostPort", NULL), text, sizeof(text));
			if (!strcmp(text, wanted))
				return true;
		}
	}
	return false;
}

static bool is_match(struct json_object *config, const char *addr, unsigned host_port,
		     const char *protocol)
{
	/* what is left of one that has stopped may still have its last address */
	if (!json_object_get_boolean(json_at(config, "State", "Running", NULL)))
		return false;
	return addr ? has_address(config, addr) : publishes(config, host_port, protocol);
}

int runtime_find_docker(uint32_t uid, const char *addr, unsigned host_port, const char *protocol,
			struct container *c)
{
	char path[PATH_MAX];
	DIR *dir = docker_dir(uid, path, sizeof(path)) ? NULL : root_opendir(path);
	unsigned found = 0, scanned = 0;
	struct dirent *entry;

	memset(c, 0, sizeof(*c));
	while (dir && (entry = readdir(dir))) {
		struct json_object *o;

		if (strlen(entry->d_name) >= sizeof(c->id) || entry->d_name[0] == '.')
			continue;
		if (++scanned > MAX_SCANNED) /* one was not looked at: it may be another match */
			found = 2;
		if (found > 1)
			break;
		o = docker_config(uid, entry->d_name);
		if (is_match(o, addr, host_port, protocol)) {
			found++;
			strcpy(c->id, entry->d_name);
		}
		json_object_put(o);
	}
	if (dir)
		closedir(dir);
	if (found != 1) {
		memset(c, 0, sizeof(*c));
		return -ENOENT;
	}
	c->runtime = RUNTIME_DOCKER;
	c->owner = uid;
	return 0;
}
