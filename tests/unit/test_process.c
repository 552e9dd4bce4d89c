/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "child.h"
#include "enrich/proc.h"
#include "enrich/event.h"
#include "enrich/process.h"
#include "fixture.h"

static void assert_nothing_filled(const struct process *p)
{
	assert_int_equal(p->cmdline_len, 0);
	assert_int_equal(p->ppid, 0);
	assert_string_equal(p->exe, "");
	assert_string_equal(p->cgroup, "");
	assert_string_equal(p->unit, "");
}

static void the_process_itself(void **state)
{
	struct process p = child_process(getpid(), child_start(getpid()));
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
	pid_t pid = child_sleeper("x) R 1 2 3 (");
	struct process p = child_process(pid, child_start(pid));

	(void)state;
	process_enrich(&p);
	child_stop(pid);
	assert_int_equal(p.alive, 1);
	assert_int_equal(p.ppid, getpid());
}

static void what_is_known_stays(void **state)
{
	struct process p = child_process(getpid(), child_start(getpid()));

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

static void an_empty_last_argument(void **state)
{
	pid_t pid = child_run("/", (const char *const[]){ "sh", "-c", "read x", "", NULL });
	struct process p = child_process(pid, child_start(pid));

	(void)state;
	process_enrich(&p);
	child_stop(pid);
	assert_int_equal(p.cmdline_len, sizeof("sh\0-c\0read x\0") - 1);
	assert_memory_equal(p.cmdline, "sh\0-c\0read x\0", p.cmdline_len);
}

static void reused_pid(void **state)
{
	uint64_t start = child_start(getpid());
	struct process earlier = child_process(getpid(), start - 10000000);
	struct process later = child_process(getpid(), start + 10000000);

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
	struct process p = child_process(getpid(), 0);

	(void)state;
	process_enrich(&p);
	assert_int_equal(p.alive, -1);
	assert_nothing_filled(&p);
}

static void exited(void **state)
{
	pid_t pid = child_sleeper("sleeper");
	struct process zombie = child_process(pid, child_start(pid)), gone = zombie;
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

/* The first thread has exited, another goes on: the process has its program only through that one. */
static void without_its_first_thread(void **state)
{
	pid_t pid = child_headless();
	struct process p = child_process(pid, child_start(pid));
	char exe[256] = "";

	(void)state;
	process_enrich(&p);
	child_stop(pid);
	assert_int_equal(p.alive, 1);
	assert_true(readlink("/proc/self/exe", exe, sizeof(exe) - 1) > 0);
	assert_string_equal(p.exe, exe);
	assert_true(p.cmdline_len > 0);
	assert_int_equal(p.cgroup[0], '/');
	assert_int_equal(p.stopped, 0);
}

static void stopped(void **state)
{
	pid_t pid = child_sleeper("stopped");
	struct process p = child_process(pid, child_start(pid)), going = p;

	(void)state;
	process_enrich(&going);
	kill(pid, SIGSTOP);
	assert_int_equal(waitpid(pid, NULL, WUNTRACED), pid);
	process_enrich(&p);
	child_stop(pid);
	assert_int_equal(going.stopped, 0);
	assert_int_equal(p.stopped, 1);
}

static void pid_namespaces(void **state)
{
	pid_t pid = child_in_pid_namespace();
	struct process p, self = child_process(getpid(), child_start(getpid()));

	(void)state;
	process_enrich(&self);
	if (!pid) {
		print_message("pid namespaces may not be made here: not tested\n");
		return;
	}
	p = child_process(pid, child_start(pid));
	process_enrich(&p);
	child_stop(pid);
	assert_int_equal(self.pid_in_namespace, 0);
	assert_int_equal(p.pid_in_namespace, 1);
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
	pid_t pid = child_sleeper("sharer");

	(void)state;
	e->asker = child_process(getpid(), child_start(getpid()));
	e->asker.alive = -1;
	e->holders[0].closer = child_process(pid, child_start(pid));
	e->holders[0].opener = child_process(pid, child_start(pid) + 20000000);
	e->processes[0] = child_process(pid, child_start(pid));
	e->n_processes = e->holders[0].n_processes = 1;
	enrich_event(e);
	child_stop(pid);
	assert_int_equal(e->asker.alive, 1);
	assert_int_equal(e->holders[0].closer.alive, 1);
	assert_int_equal(e->holders[0].opener.alive, 0);
	assert_nothing_filled(&e->holders[0].opener);
	assert_int_equal(e->processes[0].alive, 1);
	assert_string_equal(e->processes[0].exe, e->asker.exe);
	free(e);
}

/* Our numbers in /proc are not those of the events: what is there is about others. */
static void in_another_pid_namespace(void **state)
{
	struct event *e = fixture_time_wait();

	(void)state;
	e->asker = child_process(getpid(), child_start(getpid()));
	e->holders[0].closer = child_process(getpid(), child_start(getpid()) + 20000000);
	e->sharers_known = true;
	e->rec.hdr.boottime_ns = clock_boottime_ns(); /* later than all that the others have read */
	proc_ignore(true);
	enrich_event(e);
	enrich_parents(e);
	proc_ignore(false);
	assert_int_equal(e->asker.alive, -1);
	assert_string_equal(e->asker.exe, "");
	assert_int_equal(e->holders[0].closer.alive, -1);
	assert_true(e->foreign_pids);
	assert_false(e->sharers_known);
	free(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_process_itself),
		cmocka_unit_test(a_name_that_looks_like_fields),
		cmocka_unit_test(what_is_known_stays),
		cmocka_unit_test(an_empty_last_argument),
		cmocka_unit_test(reused_pid),
		cmocka_unit_test(unknown_identity),
		cmocka_unit_test(exited),
		cmocka_unit_test(without_its_first_thread),
		cmocka_unit_test(stopped),
		cmocka_unit_test(pid_namespaces),
		cmocka_unit_test(users),
		cmocka_unit_test(whole_event),
		cmocka_unit_test(in_another_pid_namespace),
	};

	return cmocka_run_group_tests_name("process", tests, NULL, NULL);
}
