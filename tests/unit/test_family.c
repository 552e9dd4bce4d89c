/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Parents, orphans, jobs of a shell and older instances, with live processes. */
#define _GNU_SOURCE /* pipe2 */
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "enrich/family.h"
#include "enrich/event.h"
#include "fixture.h"

static struct process known(pid_t pid)
{
	return child_process(pid, child_start(pid));
}

static void parents(void **state)
{
	pid_t pid = child_sleeper("child");
	struct process p = known(pid);
	char comm[17];

	(void)state;
	family_of(&p);
	family_parents(&p);
	child_stop(pid);
	prctl(PR_GET_NAME, comm);
	assert_true(p.n_parents >= 2 || getppid() <= 1);
	assert_int_equal(p.parents[0].pid, getpid());
	assert_string_equal(p.parents[0].comm, comm);
	assert_int_equal(p.parents[1].pid, getppid());
	assert_false(p.orphaned);
	/* another process with that pid */
	p = child_process(getpid(), child_start(getpid()) + 1000000000);
	family_parents(&p);
	assert_int_equal(p.n_parents, 0);
}

static void parents_of_an_asker_that_has_exited(void **state)
{
	struct event *e = fixture_time_wait();

	(void)state;
	e->rec.n_holders = 0;
	e->rec.task.ppid = (uint32_t)getpid();
	e->rec.task.parent_start_ns = child_start(getpid());
	enrich_parents(e);
	assert_int_equal(e->asker.parents[0].pid, getpid());
	assert_string_equal(e->asker.parents[0].comm, "bash"); /* as it was called then */
	assert_int_equal(e->asker.parents[1].pid, getppid());
	/* its parent has exited too */
	e->rec.task.parent_start_ns += 1000000000;
	enrich_parents(e);
	assert_int_equal(e->asker.n_parents, 1);
	free(e);
}

/* A process that leads a session forks another and exits; 0 on a machine where it is not init's then. */
static pid_t make_orphan(void)
{
	struct process p;
	pid_t pid, leader;
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	leader = fork();
	if (!leader) {
		setsid();
		pid = child_sleeper("orphan");
		_exit(write(fds[1], &pid, sizeof(pid)) < 0);
	}
	assert_int_equal(read(fds[0], &pid, sizeof(pid)), sizeof(pid));
	waitpid(leader, NULL, 0);
	close(fds[0]);
	close(fds[1]);
	p = known(pid);
	family_parents(&p);
	if (p.parents[0].pid == 1)
		return pid;
	kill(pid, SIGKILL);
	return 0;
}

static void orphans(void **state)
{
	pid_t pid = make_orphan();
	struct process p;

	(void)state;
	if (!pid) {
		print_message("orphans do not go to init here: not tested\n");
		return;
	}
	p = known(pid);
	family_of(&p);
	kill(pid, SIGKILL);
	assert_true(p.orphaned);
}

static void stopped_job(void **state)
{
	char tty[64] = "", expected[64];
	struct process p;
	pid_t shell, job;
	int master, fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	shell = forkpty(&master, tty, NULL, NULL);
	assert_true(shell >= 0);
	if (!shell) {
		prctl(PR_SET_NAME, "my-shell");
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		job = child_sleeper("job");
		setpgid(job, job);
		kill(job, SIGSTOP);
		waitpid(job, NULL, WUNTRACED);
		if (write(fds[1], &job, sizeof(job)) < 0)
			_exit(1);
		for (;;)
			pause();
	}
	assert_int_equal(read(fds[0], &job, sizeof(job)), sizeof(job));
	p = known(job);
	p.stopped = 1;
	family_of(&p);
	kill(job, SIGKILL);
	child_stop(shell);
	snprintf(expected, sizeof(expected), "/dev/%s", p.tty);
	assert_string_equal(expected, tty);
	assert_int_equal(p.shell.pid, shell);
	assert_string_equal(p.shell.comm, "my-shell");
	close(master);
}

static void stopped_without_a_shell(void **state)
{
	pid_t pid = child_sleeper("stopped");
	struct process p = known(pid);

	(void)state;
	p.stopped = 1;
	family_of(&p);
	child_stop(pid);
	/* this program is its parent, but in the same process group: no shell */
	assert_int_equal(p.shell.pid, 0);
}

static bool same(pid_t a, pid_t b)
{
	const struct process p = known(a), q = known(b);
	bool answer = family_same_program(&p, &q);

	child_stop(a);
	child_stop(b);
	return answer;
}

#define RUN(dir, ...) child_run(dir, (const char *const[]){ __VA_ARGS__, NULL })

static void same_program(void **state)
{
	(void)state;
	assert_true(same(RUN("/", "sleep", "100"), RUN("/tmp", "sleep", "100")));
	assert_false(same(RUN("/", "sleep", "100"), RUN("/", "sleep", "101")));
	assert_false(same(RUN("/", "sleep", "100"), RUN("/", "sleep", "100", "1")));
	assert_false(same(RUN("/", "sleep", "100"), RUN("/", "tail", "-f", "/dev/null")));
}

static void same_script(void **state)
{
	char dir[] = "/tmp/bindtrace-script-XXXXXX", sub[64], path[64];
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/app.sh", dir);
	snprintf(sub, sizeof(sub), "/proc/self/root%s", dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs("read x\n", f);
	fclose(f);
	/* other arguments; the same script all the same */
	assert_true(same(RUN("/", "sh", path, "1"), RUN("/tmp", "sh", path, "2")));
	assert_true(same(RUN(dir, "sh", "app.sh", "1"), RUN(sub, "sh", "app.sh", "2")));
	/* started again by itself with the whole path, as Flask's reloader does */
	assert_true(same(RUN(dir, "sh", "app.sh"), RUN("/", "sh", path)));
	assert_true(same(RUN("/", "sh", path), RUN(dir, "sh", "./app.sh")));
	assert_true(same(RUN("/", "sh", path), RUN("/", "sh", path + 1)));
	assert_false(same(RUN("/", "sh", path), RUN("/tmp", "sh", "app.sh")));
	/* what a relative path means depends on where it is run */
	assert_false(same(RUN(dir, "sh", "app.sh"), RUN("/", "sh", "app.sh")));
	assert_false(same(RUN("/", "sh", "-c", "read x"), RUN("/tmp", "sh", "-c", "read x")));
	assert_true(same(RUN("/", "sh", "-c", "read x"), RUN("/", "sh", "-c", "read x")));
	unlink(path);
	rmdir(dir);
}

static void relations(void **state)
{
	struct event *e = fixture_time_wait();
	pid_t pid = child_sleeper("child"), brother = child_sleeper("brother");
	struct process self = known(getpid()), child = known(pid), sibling = known(brother);

	(void)state;
	child.ppid = sibling.ppid = (uint32_t)getpid();
	e->asker = child;
	e->rec.task.pid = child.pid;
	e->rec.task.start_ns = child.start_ns;
	e->rec.task.ppid = self.pid;
	e->rec.task.parent_start_ns = self.start_ns;
	assert_int_equal(family_relation(e, &self), RELATION_PARENT);
	assert_int_equal(family_relation(e, &sibling), RELATION_SIBLING);
	assert_int_equal(family_relation(e, &child), RELATION_NONE); /* the asker itself */
	/* forked, not executed: all three are this program */
	assert_true(family_same_program(&child, &self));
	assert_true(family_same_program(&child, &sibling));

	e->asker = self;
	e->rec.task = (struct bt_task){ .pid = self.pid, .start_ns = self.start_ns };
	assert_int_equal(family_relation(e, &child), RELATION_CHILD);
	/* an asker that has exited shows no program to compare with */
	e->asker.start_ns += 1000000000;
	assert_false(family_same_program(&e->asker, &child));
	child_stop(pid);
	child_stop(brother);
	free(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parents),
		cmocka_unit_test(parents_of_an_asker_that_has_exited),
		cmocka_unit_test(orphans),
		cmocka_unit_test(stopped_job),
		cmocka_unit_test(stopped_without_a_shell),
		cmocka_unit_test(same_program),
		cmocka_unit_test(same_script),
		cmocka_unit_test(relations),
	};

	return cmocka_run_group_tests_name("family", tests, NULL, NULL);
}
