/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Port proxies and the containers behind them; network namespaces by name. */
#define _GNU_SOURCE /* unshare */
#include <arpa/inet.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enrich/forward.h"
#include "enrich/netns.h"
#include "enrich/root.h"
#include "fixture.h"
#include "tree.h"

#define ID     "3f4e5d6c7b8a90112233445566778899aabbccddeeff00112233445566778899"
#define CONFIG "/containers/" ID "/config.v2.json"

static const char running[] =
	"{\"State\":{\"Running\":true},\"Name\":\"/web\",\"NetworkSettings\":{\"Networks\":{"
	"\"bridge\":{\"IPAddress\":\"172.17.0.2\"}},\"Ports\":{\"80/tcp\":[{\"HostPort\":"
	"\"8080\"}]}}}";

static struct bt_sock sock = { .family = AF_INET, .protocol = IPPROTO_TCP, .port = 8080 };
static struct process p;

static void proxy(const char *exe, const char *cmdline, size_t size)
{
	fixture_process(&p, 812, "proxy", cmdline, size);
	p.uid = 0;
	strcpy(p.exe, exe);
	forward_find(&p, &sock);
}

#define PROXY(exe, cmdline) proxy(exe, cmdline, sizeof(cmdline))

static void docker_proxy(void **state)
{
	struct in_addr addr;

	(void)state;
	tree_file("/var/lib/docker" CONFIG, running);
	PROXY("/usr/bin/docker-proxy", "/usr/bin/docker-proxy\0-proto\0tcp\0-host-ip\0"
				       "0.0.0.0\0-host-port\0"
				       "8080\0-container-ip\0"
				       "172.17.0.2\0-container-port\0"
				       "80\0-use-listen-fd");
	assert_true(p.forwards);
	assert_string_equal(p.container.id, ID);
	assert_int_equal(p.to_port, 80);
	assert_int_equal(p.to_family, AF_INET);
	inet_pton(AF_INET, "172.17.0.2", &addr);
	assert_memory_equal(p.to_addr, &addr, 4);
	/* the other way to write options; another container's address */
	PROXY("/usr/libexec/docker/docker-proxy",
	      "docker-proxy\0--container-ip=172.17.0.3\0--container-port=81");
	assert_true(p.forwards);
	assert_string_equal(p.container.id, "");
	assert_int_equal(p.to_port, 81);
	PROXY("/usr/bin/docker-proxy", "docker-proxy\0-container-ip\0nonsense");
	assert_int_equal(p.to_family, 0);
	PROXY("/usr/bin/docker-proxy", "docker-proxy\0-container-ip");
	assert_int_equal(p.to_family, 0);
	PROXY("/usr/bin/docker-proxy", "");
	assert_int_equal(p.to_family, 0);
}

static void no_proxy(void **state)
{
	(void)state;
	tree_file("/var/lib/docker" CONFIG, running);
	PROXY("/usr/sbin/nginx", "nginx\0-container-ip=172.17.0.2");
	assert_false(p.forwards);
	assert_string_equal(p.container.id, "");
	PROXY("", "docker-proxy");
	assert_false(p.forwards);
	/* a user's program of that name does not speak for root's containers */
	fixture_process(&p, 812, "docker-proxy", "docker-proxy\0-container-ip=172.17.0.2",
			sizeof("docker-proxy\0-container-ip=172.17.0.2"));
	p.uid = 3999999;
	strcpy(p.exe, "/home/eve/docker-proxy");
	forward_find(&p, &sock);
	assert_string_equal(p.container.id, "");
	/* one that runs in a container itself */
	strcpy(p.container.id, ID);
	p.forwards = false;
	forward_find(&p, &sock);
	assert_false(p.forwards);
}

static void cut_command_lines(void **state)
{
	(void)state;
	memset(&p, 0, sizeof(p));
	strcpy(p.exe, "/usr/bin/docker-proxy");
	memset(p.cmdline, 'x', sizeof(p.cmdline));
	p.cmdline_len = sizeof(p.cmdline);
	/* the address may go on where the record ends: 172.17.0.2 or 172.17.0.25 */
	memcpy(p.cmdline + sizeof(p.cmdline) - 25,
	       "\0-container-ip\0"
	       "172.17.0.2",
	       25);
	forward_find(&p, &sock);
	assert_int_equal(p.to_family, 0);
}

static void namespaces_by_name(void **state)
{
	char name[64], path[512];
	int status = 77;
	pid_t pid;

	(void)state;
	netns_name(netns_own(), name, sizeof(name));
	assert_string_equal(name, "");
	tree_file("/run/netns/stale", "");
	tree_file("/run/netns/blue", "");
	assert_int_equal(netns_of_path("/run/netns/stale"), 0);
	assert_int_equal(root_path("/run/netns/blue", path, sizeof(path)), 0);
	pid = fork();
	if (!pid) {
		if (unshare(CLONE_NEWNS | CLONE_NEWNET) ||
		    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		    mount("/proc/self/ns/net", path, NULL, MS_BIND, NULL))
			_exit(77);
		netns_name(netns_own(), name, sizeof(name));
		umount(path);
		_exit(strcmp(name, "blue") ? 1 : 0);
	}
	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		print_message("network namespaces may not be made here: not tested\n");
	else
		assert_int_equal(status, 0);
}

#define IN_TREE(test) cmocka_unit_test_setup_teardown(test, tree_make, tree_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TREE(docker_proxy),
		IN_TREE(no_proxy),
		IN_TREE(cut_command_lines),
		IN_TREE(namespaces_by_name),
	};

	return cmocka_run_group_tests_name("forward", tests, NULL, NULL);
}
