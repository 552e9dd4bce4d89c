// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A reading explains what came before it, and nothing that came after. */
#define _GNU_SOURCE /* pipe2 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "child.h"
#include "enrich/recent.h"
#include "fixture.h"
#include "tree.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct process known(pid_t pid)
{
	return child_process(pid, child_start(pid));
}

/* What is told of a process for a refusal at this time. */
static struct process told(pid_t pid, uint64_t event_ns)
{
	struct process p = known(pid);

	recent_enrich(&p, event_ns);
	return p;
}

/* A machine that was busy for so long reads anew, and rightly. */
static bool in_time(uint64_t before)
{
	return clock_boottime_ns() - before < RECENT_LIFE_NS;
}

static void only_what_came_before(void **state)
{
	const uint64_t s = 1000000000;

	(void)state;
	assert_true(recent_serves(5 * s, 5 * s, 5 * s));
	assert_true(recent_serves(5 * s, 3 * s, 6 * s - 1));
	assert_false(recent_serves(5 * s, 5 * s + 1, 5 * s + 1));
	assert_false(recent_serves(5 * s, 3 * s, 6 * s)); /* too old to act on */
	assert_false(recent_serves(0, 0, 0));		  /* nothing was read */
}

static void stops_and_goes_on(void **state)
{
	pid_t pid = child_sleeper("stops");
	uint64_t before = clock_boottime_ns();

	(void)state;
	assert_int_equal(told(pid, before).stopped, 0);
	kill(pid, SIGSTOP);
	assert_int_equal(waitpid(pid, NULL, WUNTRACED), pid);
	/* a refusal from before is explained by how things were soon after it */
	assert_true(told(pid, before).stopped == 0 || !in_time(before));
	assert_int_equal(told(pid, clock_boottime_ns()).stopped, 1);
	assert_int_equal(told(pid, before).stopped, 1);
	child_stop(pid);
}

/* Executes sleep once the pipe is closed, whose other end closes when it has. */
static pid_t fork_sleep(int go[2], int gone[2])
{
	pid_t pid;
	char byte;

	assert_int_equal(pipe2(go, O_CLOEXEC) | pipe2(gone, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(go[1]);
		close(gone[0]);
		if (!read(go[0], &byte, 1))
			execlp("sleep", "sleep", "1000", NULL);
		_exit(1);
	}
	close(go[0]);
	close(gone[1]);
	return pid;
}

static void executes_another_program(void **state)
{
	struct process self = told(getpid(), clock_boottime_ns()), p, asker = known(getpid());
	int go[2], gone[2];
	pid_t pid = fork_sleep(go, gone);
	uint64_t before = clock_boottime_ns();
	char byte;

	(void)state;
	p = told(pid, before);
	assert_string_equal(p.exe, self.exe);
	assert_true(recent_same_program(&asker, &p, before));
	close(go[1]);
	assert_int_equal(read(gone[0], &byte, 1), 0);
	close(gone[0]);
	p = told(pid, clock_boottime_ns());
	assert_string_not_equal(p.exe, self.exe);
	assert_memory_equal(p.cmdline, "sleep\0" "1000", 10);
	assert_false(recent_same_program(&asker, &p, clock_boottime_ns()));
	child_stop(pid);
}

static void exits(void **state)
{
	pid_t pid = child_sleeper("exits");
	uint64_t start_ns = child_start(pid), before = clock_boottime_ns();
	struct process p;

	(void)state;
	assert_int_equal(told(pid, before).alive, 1);
	child_stop(pid);
	p = child_process(pid, start_ns);
	recent_enrich(&p, clock_boottime_ns());
	assert_int_equal(p.alive, 0);
	assert_string_equal(p.exe, "");
	recent_enrich(&p, before);
	assert_int_equal(p.alive, 0);
}

/* The number of a process that is known, given to another one. */
static void another_with_its_pid(void **state)
{
	struct process self = told(getpid(), clock_boottime_ns()),
		       later = child_process(getpid(), child_start(getpid()) + 1000000000);

	(void)state;
	recent_enrich(&later, 0);
	assert_int_equal(later.alive, 0);
	assert_string_equal(later.exe, "");
	assert_string_equal(told(getpid(), 0).exe, self.exe);
}

static void what_is_known_stays(void **state)
{
	struct process p = known(getpid()), unknown = child_process(getpid(), 0);

	(void)state;
	memcpy(p.cmdline, "old\0args", 8);
	p.cmdline_len = 8;
	p.ppid = 77;
	recent_enrich(&p, 0);
	assert_int_equal(p.alive, 1);
	assert_memory_equal(p.cmdline, "old\0args", 8);
	assert_int_equal(p.ppid, 77);
	recent_enrich(&unknown, 0);
	assert_int_equal(unknown.alive, -1);
}

static void parents(void **state)
{
	struct process p = known(getpid());

	(void)state;
	recent_parents(&p, clock_boottime_ns());
	assert_true(p.n_parents >= 1);
	assert_int_equal(p.parents[0].pid, getppid());
	p.n_parents = 0;
	recent_parents(&p, 0); /* the same reading */
	assert_int_equal(p.parents[0].pid, getppid());
}

static void a_cgroup_that_is_gone(void **state)
{
	pid_t pid = child_sleeper("asker");
	struct process p = known(pid);

	(void)state;
	child_stop(pid);
	recent_enrich(&p, clock_boottime_ns());
	assert_int_equal(p.alive, 0);
	strcpy(p.cgroup, "/somebody/else");
	recent_cgroup(&p, UINT64_MAX, 0);
	assert_string_equal(p.cgroup, "");
}

static void a_container_is_renamed(void **state)
{
	struct container c = { .runtime = RUNTIME_DOCKER, .id = ID };
	uint64_t before = clock_boottime_ns();
	struct container_names names;

	(void)state;
	tree_file("/var/lib/docker/containers/" ID "/config.v2.json", "{\"Name\":\"/old\"}");
	recent_names(&c, &names, before);
	assert_string_equal(names.name, "old");
	tree_file("/var/lib/docker/containers/" ID "/config.v2.json", "{\"Name\":\"/new\"}");
	recent_names(&c, &names, before);
	assert_true(!strcmp(names.name, "old") || !in_time(before));
	recent_names(&c, &names, clock_boottime_ns());
	assert_string_equal(names.name, "new");
}

static void units_of_two_sockets(void **state)
{
	struct bt_sock a = { .sk = 1, .port = 80, .family = AF_INET, .protocol = IPPROTO_TCP };
	struct bt_sock b = { .sk = 2, .port = 81, .family = AF_INET, .protocol = IPPROTO_TCP };
	uint64_t before = clock_boottime_ns();
	char unit[96];

	(void)state;
	tree_file("/etc/systemd/system/a.socket", "[Socket]\nListenStream=80\n");
	tree_file("/etc/systemd/system/b.socket", "[Socket]\nListenStream=81\n");
	recent_socket_unit(&a, unit, sizeof(unit), before);
	assert_string_equal(unit, "a.socket");
	recent_socket_unit(&b, unit, sizeof(unit), before);
	assert_string_equal(unit, "b.socket");
	tree_file("/etc/systemd/system/b.socket", "[Socket]\n");
	recent_socket_unit(&b, unit, sizeof(unit), before);
	assert_true(!strcmp(unit, "b.socket") || !in_time(before));
	recent_socket_unit(&b, unit, sizeof(unit), clock_boottime_ns());
	assert_string_equal(unit, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_came_before),
		cmocka_unit_test(stops_and_goes_on),
		cmocka_unit_test(executes_another_program),
		cmocka_unit_test(exits),
		cmocka_unit_test(another_with_its_pid),
		cmocka_unit_test(what_is_known_stays),
		cmocka_unit_test(parents),
		cmocka_unit_test(a_cgroup_that_is_gone),
		cmocka_unit_test_setup_teardown(a_container_is_renamed, tree_make, tree_remove),
		cmocka_unit_test_setup_teardown(units_of_two_sockets, tree_make, tree_remove),
	};

	return cmocka_run_group_tests_name("recent", tests, NULL, NULL);
}
