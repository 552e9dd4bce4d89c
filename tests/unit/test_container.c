/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Every runtime's control groups and files, as they are on real machines; and what is none of them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "enrich/container.h"
#include "enrich/root.h"
#include "enrich/runtime.h"
#include "fixture.h"
#include "tree.h"

#define ID    "3f4e5d6c7b8a90112233445566778899aabbccddeeff00112233445566778899"
#define OTHER "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define UID   "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
#define UID_  "0f1e2d3c_4b5a_6978_8796_a5b4c3d2e1f0"

static struct container c;
static struct container_names names;

static void is(const char *path, enum bt_runtime runtime, const char *pod)
{
	if (!container_of_path(path, &c))
		fail_msg("nothing in %s", path);
	assert_string_equal(c.id, ID);
	assert_int_equal(c.runtime, runtime);
	assert_string_equal(c.pod_uid, pod);
}

static void docker_paths(void **state)
{
	(void)state;
	is("/docker/" ID, RUNTIME_DOCKER, "");
	is("/system.slice/docker-" ID ".scope", RUNTIME_DOCKER, "");
	assert_int_equal(c.owner, 0);
	is("/user.slice/user-1000.slice/user@1000.service/user.slice/docker-" ID ".scope",
	   RUNTIME_DOCKER, "");
	assert_int_equal(c.owner, 1000);
	/* seen from a cgroup namespace, and with systemd inside */
	is("/../../system.slice/docker-" ID ".scope", RUNTIME_DOCKER, "");
	is("/docker/" ID "/system.slice/nginx.service", RUNTIME_DOCKER, "");
	is("/system.slice/docker-" ID ".scope/init.scope", RUNTIME_DOCKER, "");
	/* docker in docker: the outer one is this machine's */
	is("/docker/" ID "/docker/" OTHER, RUNTIME_DOCKER, "");
	is("/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" UID_
	   ".slice/docker-" ID ".scope",
	   RUNTIME_DOCKER, UID);
}

static void kubernetes_paths(void **state)
{
	(void)state;
	is("/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" UID_
	   ".slice/cri-containerd-" ID ".scope",
	   RUNTIME_CONTAINERD, UID);
	is("/kubepods.slice/kubepods-pod" UID_ ".slice/cri-containerd-" ID ".scope",
	   RUNTIME_CONTAINERD, UID);
	is("/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice/"
	   "kubelet-kubepods-besteffort-pod" UID_ ".slice/cri-containerd-" ID ".scope",
	   RUNTIME_CONTAINERD, UID);
	is("/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" UID_
	   ".slice/crio-" ID ".scope/container",
	   RUNTIME_CRIO, UID);
	is("/kubepods/besteffort/pod" UID "/crio-" ID, RUNTIME_CRIO, UID);
	/* the cgroupfs driver does not say whose it is */
	is("/kubepods/besteffort/pod" UID "/" ID, RUNTIME_UNKNOWN, UID);
	is("/kubepods/pod" UID "/" ID, RUNTIME_UNKNOWN, UID);
	/* a static pod's uid is a hash */
	is("/kubepods/burstable/pod0123456789abcdef0123456789abcdef/" ID, RUNTIME_UNKNOWN,
	   "0123456789abcdef0123456789abcdef");
	/* the systemd driver's name handed to the cgroupfs driver */
	is("/system.slice/containerd.service/kubepods-burstable-pod" UID_
	   ".slice:cri-containerd:" ID,
	   RUNTIME_CONTAINERD, UID);
	/* the pod's own group: a pod, no container */
	assert_true(container_of_path("/kubepods/pod" UID, &c));
	assert_string_equal(c.id, "");
	assert_string_equal(c.pod_uid, UID);
}

static void podman_paths(void **state)
{
	(void)state;
	is("/machine.slice/libpod-" ID ".scope/container", RUNTIME_PODMAN, "");
	is("/libpod_parent/libpod-" ID, RUNTIME_PODMAN, "");
	is("/machine.slice/machine-libpod_pod_" OTHER ".slice/libpod-" ID ".scope", RUNTIME_PODMAN,
	   "");
	is("/user.slice/user-1001.slice/user@1001.service/user.slice/libpod-" ID ".scope/container",
	   RUNTIME_PODMAN, "");
	assert_int_equal(c.owner, 1001);
	/* Quadlet: the group of the service is split */
	is("/system.slice/web.service/libpod-payload-" ID, RUNTIME_PODMAN, "");
	is("/system.slice/nerdctl-" ID ".scope", RUNTIME_CONTAINERD, "");
}

static void what_is_none(void **state)
{
	static const char *const none[] = {
		"",
		"/",
		"/init.scope",
		"/system.slice/nginx.service",
		"/system.slice/docker.service",
		/* the monitor outside of the container */
		"/machine.slice/libpod-conmon-" ID ".scope",
		"/system.slice/crio-conmon-" ID ".scope",
		"/system.slice/docker-" ID "0.scope",
		"/system.slice/docker-3f4e.scope",
		"/docker/3F4E5D6C7B8A90112233445566778899AABBCCDDEEFF00112233445566778899",
		"/docker",
		"/docker/buildx",
		/* an id that nobody's files know */
		"/" ID,
		"/custom/" ID,
		/* made by a service below itself */
		"/system.slice/evil.service/docker-" ID ".scope",
		"/system.slice/evil.service/docker/" ID,
		"/pod" UID "/x",
		"/kubepods/podnotauid/x",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		if (container_of_path(none[i], &c))
			fail_msg("%s", none[i]);
		assert_string_equal(c.id, "");
	}
}

static void hierarchies(void **state)
{
	(void)state;
	assert_true(container_of_process("0::/system.slice/docker-" ID ".scope\n", &c));
	assert_string_equal(c.id, ID);
	/* the first version, without systemd */
	assert_true(container_of_process("12:pids:/\n11:cpu,cpuacct:/docker/" ID "\n"
					 "1:name=openrc:/docker\n0::/\n",
					 &c));
	assert_string_equal(c.id, ID);
	assert_false(container_of_process("garbage\n1:x\n::\n0::/a.service\n\n", &c));
	assert_false(container_of_process("", &c));
}

static void bare_ids_that_files_know(void **state)
{
	(void)state;
	tree_file("/var/lib/docker/containers/" ID "/config.v2.json", "{\"Name\":\"/web\"}");
	is("/custom/parent/" ID, RUNTIME_DOCKER, "");
	is("/kubepods/pod" UID "/" ID, RUNTIME_DOCKER, UID);
	assert_false(container_of_path("/custom/" OTHER, &c));
	tree_file("/run/containerd/io.containerd.runtime.v2.task/default/" OTHER "/config.json",
		  "{}");
	assert_true(container_of_path("/default/" OTHER, &c));
	assert_int_equal(c.runtime, RUNTIME_CONTAINERD);
}

static void look_up(enum bt_runtime runtime)
{
	c = (struct container){ .runtime = runtime, .id = ID };
	runtime_names(&c, &names);
	assert_string_equal(names.id, ID);
}

static void docker_names(void **state)
{
	(void)state;
	tree_file("/var/lib/docker/containers/" ID "/config.v2.json",
		  "{\"ID\":\"" ID "\",\"Name\":\"/web-1\",\"Config\":{\"Labels\":{}}}");
	look_up(RUNTIME_DOCKER);
	assert_string_equal(names.name, "web-1");
	assert_string_equal(names.pod_name, "");
	/* kept elsewhere, and run by Kubernetes */
	tree_file("/etc/docker/daemon.json", "{\"data-root\": \"/data/docker\"}");
	look_up(RUNTIME_DOCKER);
	assert_string_equal(names.name, "");
	tree_file("/data/docker/containers/" ID "/config.v2.json",
		  "{\"Name\":\"/k8s_nginx_web-0_default_" UID "_3\"}");
	look_up(RUNTIME_DOCKER);
	assert_string_equal(names.name, "nginx");
	assert_string_equal(names.pod_name, "web-0");
	assert_string_equal(names.pod_namespace, "default");
}

static void containerd_names(void **state)
{
	(void)state;
	tree_file("/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/" ID "/config.json",
		  "{\"ociVersion\":\"1.0.2\",\"annotations\":{"
		  "\"io.kubernetes.cri.container-name\":\"coredns\","
		  "\"io.kubernetes.cri.container-type\":\"container\","
		  "\"io.kubernetes.cri.sandbox-name\":\"coredns-77ccd57875-x\","
		  "\"io.kubernetes.cri.sandbox-namespace\":\"kube-system\"}}");
	look_up(RUNTIME_CONTAINERD);
	assert_string_equal(names.name, "coredns");
	assert_string_equal(names.pod_name, "coredns-77ccd57875-x");
	assert_string_equal(names.pod_namespace, "kube-system");
	tree_file("/run/containerd/io.containerd.runtime.v2.task/default/" ID "/config.json",
		  "{\"annotations\":{\"nerdctl/name\":\"n1\"}}");
	look_up(RUNTIME_CONTAINERD);
	assert_string_equal(names.name, "n1");
}

static void store_names(void **state)
{
	static const char list[] =
		"[{\"id\":\"" OTHER "\",\"names\":[\"no\"]},{\"id\":5},7,{\"id\":\"" ID
		"\",\"names\":[\"db\",\"alias\"],\"image\":\"x\"}]";

	(void)state;
	tree_file("/var/lib/containers/storage/overlay-containers/containers.json", list);
	look_up(RUNTIME_PODMAN);
	assert_string_equal(names.name, "db");
	tree_file("/var/lib/containers/storage/overlay-containers/containers.json", "[]");
	tree_file("/run/containers/storage/overlay-containers/volatile-containers.json",
		  "[{\"id\":\"" ID "\",\"names\":[\"k8s_POD_web-0_prod_" UID "_0\"]}]");
	look_up(RUNTIME_CRIO);
	/* the sandbox is the pod, not a container in it */
	assert_string_equal(names.name, "");
	assert_string_equal(names.pod_name, "web-0");
	assert_string_equal(names.pod_namespace, "prod");
}

static void broken_files(void **state)
{
	static const char path[] = "/var/lib/docker/containers/" ID "/config.v2.json";
	static const char *const broken[] = {
		"",
		"{",
		"[]",
		"null",
		"{\"Name\":7}",
		"{\"Name\":\"\"}",
		"{\"Name\":\"a\\u0000b\"}",
		"\"x\"",
		"{\"Name\":\"x\"} trailing {",
	};
	char *big = malloc((1 << 20) + 64), *deep = calloc(1, 4096);

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		tree_file(path, broken[i]);
		look_up(RUNTIME_DOCKER);
		if (i < sizeof(broken) / sizeof(broken[0]) - 1)
			assert_string_equal(names.name, "");
	}
	assert_non_null(big);
	assert_non_null(deep);
	memset(big, ' ', (1 << 20) + 63);
	strcpy(big + (1 << 20), "{\"Name\":\"/big\"}");
	tree_file(path, big);
	look_up(RUNTIME_DOCKER);
	assert_string_equal(names.name, "");
	memset(deep, '[', 4000);
	tree_file(path, deep);
	look_up(RUNTIME_DOCKER);
	assert_string_equal(names.name, "");
	free(big);
	free(deep);
}

static void no_waiting_for_a_pipe(void **state)
{
	char full[512];

	(void)state;
	tree_file("/var/lib/docker/containers/" ID "/x", "");
	assert_int_equal(root_path("/var/lib/docker/containers/" ID "/config.v2.json", full,
				   sizeof(full)),
			 0);
	assert_int_equal(mkfifo(full, 0600), 0);
	look_up(RUNTIME_DOCKER);
	assert_string_equal(names.name, "");
}

#define RUNNING(name, ip, port)                                                                    \
	"{\"State\":{\"Running\":true},\"Name\":\"/" name "\",\"NetworkSettings\":{\"Networks\":{" \
	"\"bridge\":{\"IPAddress\":\"" ip "\",\"GlobalIPv6Address\":\"\"}},\"Ports\":{"            \
	"\"443/tcp\":null,\"80/tcp\":[{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"" port "\"}]}}}"

static void behind_an_address(void **state)
{
	static const char path[] = "/var/lib/docker/containers/" ID "/config.v2.json";
	static const char other[] = "/var/lib/docker/containers/" OTHER "/config.v2.json";

	(void)state;
	tree_file(path, RUNNING("web", "172.17.0.2", "8080"));
	tree_file(other, RUNNING("db", "172.17.0.3", "5432"));
	assert_int_equal(runtime_find_docker(0, "172.17.0.2", 0, NULL, &c), 0);
	assert_string_equal(c.id, ID);
	assert_int_equal(c.runtime, RUNTIME_DOCKER);
	assert_int_equal(runtime_find_docker(0, "172.17.0.4", 0, NULL, &c), -ENOENT);
	assert_int_equal(runtime_find_docker(0, NULL, 5432, "tcp", &c), 0);
	assert_string_equal(c.id, OTHER);
	assert_int_equal(runtime_find_docker(0, NULL, 5432, "udp", &c), -ENOENT);
	/* two with one address: neither is named */
	tree_file(other, RUNNING("db", "172.17.0.2", "5432"));
	assert_int_equal(runtime_find_docker(0, "172.17.0.2", 0, NULL, &c), -ENOENT);
	assert_string_equal(c.id, "");
	/* one that has stopped has no address any more */
	tree_file(other, "{\"State\":{\"Running\":false},\"NetworkSettings\":{\"Networks\":{"
			 "\"b\":{\"IPAddress\":\"172.17.0.2\"}}}}");
	assert_int_equal(runtime_find_docker(0, "172.17.0.2", 0, NULL, &c), 0);
}

#define IN_TREE(test) cmocka_unit_test_setup_teardown(test, tree_make, tree_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TREE(docker_paths),		IN_TREE(kubernetes_paths),
		IN_TREE(podman_paths),		IN_TREE(what_is_none),
		IN_TREE(hierarchies),		IN_TREE(bare_ids_that_files_know),
		IN_TREE(docker_names),		IN_TREE(containerd_names),
		IN_TREE(store_names),		IN_TREE(broken_files),
		IN_TREE(no_waiting_for_a_pipe), IN_TREE(behind_an_address),
	};

	return cmocka_run_group_tests_name("container", tests, NULL, NULL);
}
