/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enrich/process.h"
#include "fixture.h"

/* When a process started, from field 22 of its stat file, in the middle of that clock tick. */
static uint64_t start_of(pid_t pid)
{
	char path[64], buf[1024], *field;
	unsigned long long ticks;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	f = fopen(path, "r");
	assert_non_null(f);
	buf[fread(buf, 1, sizeof(buf) - 1, f)] = '\0';
	fclose(f);
	/* the space after ")" is the one before field 3 */
	field = strrchr(buf, ')') + 2;
	for (int i = 3; i < 22; i++)
		field = strchr(field, ' ') + 1;
	ticks = strtoull(field, NULL, 10);
	return ticks * (1000000000ull / (uint64_t)sysconf(_SC_CLK_TCK)) + 1234567;
}

static struct process unknown(pid_t pid, uint64_t start_ns)
{
	return (struct process){ .pid = (uint32_t)pid,
		                 .start_ns = start_ns,
		                 .uid = getuid(),
		                 .fd = -1,
		                 .alive = -1,
		                 .inherited = -1 };
}

static void assert_nothing_filled(const struct process *p)
{
	assert_int_equal(p->cmdline_len, 0);
	assert_int_equal(p->ppid, 0);
	assert_string_equal(p->exe, "");
	assert_string_equal(p->cgroup, "");
	assert_string_equal(p->unit, "");
}

static pid_t sleeper(const char *name)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_NAME, name);
		for (;;)
			pause();
	}
	return pid;
}

static void stop(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void the_process_itself(void **state)
{
	struct process p = unknown(getpid(), start_of(getpid()));
	char exe[256] = "";

	(void)state;
	process_enrich(&p);
	assert_int_equal(p.alive, 1);
	assert_int_equal(p.ppid, getppid());
	assert_true(readlink("/proc/self/exe", exe, sizeof(exe) - 1) > 0);
	assert_string_equal(p.exe, exe);
	assert_true(p.cmdline_len > 0 && p.cmdline[p.cmdline_len - 1] != '\0');
	assert_int_equal(p.cgroup[0], '/');
}

static void a_name_that_looks_like_fields(void **state)
{
	pid_t pid = sleeper("x) R 1 2 3 (");
	struct process p = unknown(pid, start_of(pid));

	(void)state;
	process_enrich(&p);
	stop(pid);
	assert_int_equal(p.alive, 1);
	assert_int_equal(p.ppid, getpid());
}

static void what_is_known_stays(void **state)
{
	struct process p = unknown(getpid(), start_of(getpid()));

	(void)state;
	memcpy(p.cmdline, "old\0args", 8);
	p.cmdline_len = 8;
	p.ppid = 77;
	process_enrich(&p);
	assert_int_equal(p.alive, 1);
	assert_int_equal(p.cmdline_len, 8);
	assert_memory_equal(p.cmdline, "old\0args", 8);
	assert_int_equal(p.ppid, 77);
}

static void reused_pid(void **state)
{
	uint64_t start = start_of(getpid());
	struct process earlier = unknown(getpid(), start - 10000000);
	struct process later = unknown(getpid(), start + 10000000);

	(void)state;
	process_enrich(&earlier);
	assert_int_equal(earlier.alive, 0);
	assert_nothing_filled(&earlier);
	process_enrich(&later);
	assert_int_equal(later.alive, 0);
	assert_nothing_filled(&later);
}

static void unknown_identity(void **state)
{
	struct process p = unknown(getpid(), 0);

	(void)state;
	process_enrich(&p);
	assert_int_equal(p.alive, -1);
	assert_nothing_filled(&p);
}

static void exited(void **state)
{
	pid_t pid = sleeper("sleeper");
	struct process zombie = unknown(pid, start_of(pid)), gone = zombie;
	siginfo_t info;

	(void)state;
	kill(pid, SIGKILL);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	process_enrich(&zombie);
	assert_int_equal(zombie.alive, 0);
	assert_nothing_filled(&zombie);
	waitpid(pid, NULL, 0);
	process_enrich(&gone);
	assert_int_equal(gone.alive, 0);
	assert_nothing_filled(&gone);
}

static void users(void **state)
{
	struct process root = { .pid = 1 }, nobody = { .pid = 1, .uid = 3999999999u },
		       none = { .pid = 0 };
	const struct passwd *pw = getpwuid(0);

	(void)state;
	process_enrich(&root);
	assert_string_equal(root.user, pw ? pw->pw_name : "");
	process_enrich(&nobody);
	assert_string_equal(nobody.user, "");
	/* the same place in the cache: 64 apart */
	nobody.uid = 64000000;
	process_enrich(&nobody);
	process_enrich(&root);
	assert_string_equal(root.user, pw ? pw->pw_name : "");
	process_enrich(&none);
	assert_string_equal(none.user, "");
}

static void whole_event(void **state)
{
	struct event *e = fixture_time_wait();
	pid_t pid = sleeper("sharer");

	(void)state;
	e->asker = unknown(getpid(), start_of(getpid()));
	e->asker.alive = -1;
	e->holders[0].closer = unknown(pid, start_of(pid));
	e->holders[0].opener = unknown(pid, start_of(pid) + 20000000);
	e->processes[0] = unknown(pid, start_of(pid));
	e->n_processes = e->holders[0].n_processes = 1;
	enrich_event(e);
	stop(pid);
	assert_int_equal(e->asker.alive, 1);
	assert_int_equal(e->holders[0].closer.alive, 1);
	assert_int_equal(e->holders[0].opener.alive, 0);
	assert_nothing_filled(&e->holders[0].opener);
	assert_int_equal(e->processes[0].alive, 1);
	assert_string_equal(e->processes[0].exe, e->asker.exe);
	free(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_process_itself),
		cmocka_unit_test(a_name_that_looks_like_fields),
		cmocka_unit_test(what_is_known_stays),
		cmocka_unit_test(reused_pid),
		cmocka_unit_test(unknown_identity),
		cmocka_unit_test(exited),
		cmocka_unit_test(users),
		cmocka_unit_test(whole_event),
	};

	return cmocka_run_group_tests_name("process", tests, NULL, NULL);
}
