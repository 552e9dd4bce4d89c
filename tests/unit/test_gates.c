// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Who said no, when it was not the port table: gates, file systems. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "refusal.h"

static void said_by_a_module(void **state)
{
	(void)state;
	refusal(BT_WHO_LSM, EACCES);
	e.rec.sock.port = 80; /* also where the port is privileged */
	expect_reason(REASON_LSM_DENIED, LAYER_LSM);
	assert_string_equal(e.verdict.summary, "a security module forbids it");
	assert_non_null(advised(ACTION_CHANGE_POLICY));
	assert_null(advised(ACTION_GRANT_CAPABILITY));
	/* one that is made up has no holder */
	refusal(BT_WHO_LSM, EADDRINUSE);
	expect_reason(REASON_LSM_DENIED, LAYER_LSM);
	assert_non_null(strstr(e.verdict.summary, "no socket is in the way"));
}

static void add_module(const char *name, const char *detail, uint32_t program_id)
{
	struct security_module *m = &e.modules[e.n_modules++];

	e.modules_known = true;
	snprintf(m->name, sizeof(m->name), "%s", name);
	snprintf(m->detail, sizeof(m->detail), "%s", detail);
	m->program_id = program_id;
}

/* One module that can have been it was it; of several none is named before the others. */
static void said_by_this_module(void **state)
{
	static const struct {
		const char *name, *detail, *summary, *advice;
		uint32_t program_id;
	} rows[] = {
		{ "apparmor", "web (enforce)", "AppArmor (profile web, enforce) forbids it",
		  "network rule", 0 },
		{ "apparmor", "", "AppArmor forbids it", "network rule", 0 },
		{ "selinux", "u:r:web_t:s0", "SELinux (label u:r:web_t:s0) forbids it",
		  "semanage port", 0 },
		{ "landlock", "",
		  "Landlock forbids it: the program, or who started it, has put it into a sandbox",
		  "(Landlock)", 0 },
		{ "bpf", "deny",
		  "the BPF program \"deny\" (id 42) at the security hooks forbids it",
		  "what has loaded the BPF program", 42 },
		{ "bpf", "", "a BPF program at the security hooks forbids it",
		  "what has loaded the BPF program", 0 },
		{ "tomoyo", "", "TOMOYO forbids it", "its audit log", 0 },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		refusal(BT_WHO_LSM, EACCES);
		add_module(rows[i].name, rows[i].detail, rows[i].program_id);
		expect_reason(REASON_LSM_DENIED, LAYER_LSM);
		assert_string_equal(e.verdict.summary, rows[i].summary);
		assert_non_null(strstr(advised(ACTION_CHANGE_POLICY)->text, rows[i].advice));
	}
	refusal(BT_WHO_UNKNOWN, EADDRINUSE);
	e.rec.sock.port = 80;
	e.rec.walk = BT_WALK_DONE;
	add_module("bpf", "deny", 42);
	expect_reason(REASON_HOLDER_GONE, LAYER_PORT_TABLE);
	assert_string_equal(e.verdict.summary,
			    "whatever held the port was gone a moment later, or a BPF program at "
			    "the security hooks made the error up");
	refusal(BT_WHO_LSM, EACCES);
	add_module("apparmor", "web (enforce)", 0);
	add_module("landlock", "", 0);
	add_module("bpf", "", 0);
	expect_reason(REASON_LSM_DENIED, LAYER_LSM);
	assert_string_equal(e.verdict.summary,
			    "AppArmor (profile web, enforce), Landlock or a BPF program at the "
			    "security hooks forbids it");
	assert_non_null(strstr(advised(ACTION_CHANGE_POLICY)->text, "its audit log"));
}

static void said_before(void **state)
{
	(void)state;
	/* what comes as far as this the filter of the task has let pass */
	refusal(BT_WHO_BEFORE, EPERM);
	e.rec.seccomp = 1;
	expect_reason(REASON_OTHER, N_LAYERS);
	e.rec.error = EFAULT;
	expect_reason(REASON_BAD_LENGTH, LAYER_ARGUMENTS);
	e.rec.error = EINVAL;
	expect_reason(REASON_OTHER, N_LAYERS);
	e.rec.addr_len = 129;
	expect_reason(REASON_BAD_LENGTH, LAYER_ARGUMENTS);
	e.rec.error = EBADF;
	expect_reason(REASON_OTHER, N_LAYERS); /* the descriptor was a socket */
	e.rec.sock.sk = 0;
	expect_reason(REASON_NOT_A_SOCKET, LAYER_ARGUMENTS);
	e.rec.error = ENOTSOCK;
	expect_reason(REASON_NOT_A_SOCKET, LAYER_ARGUMENTS);
}

/* A filter may say anything, also what the kernel says itself. */
static void said_by_filter(void **state)
{
	static const uint16_t errors[] = { EPERM, EADDRINUSE, EFAULT, EBADF };

	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
		refusal(BT_WHO_SECCOMP, errors[i]);
		expect_reason(REASON_SECCOMP_DENIED, LAYER_SECCOMP);
	}
}

/* Where programs are skipped, that none was reached proves nothing. */
static void not_seen(void **state)
{
	(void)state;
	refusal(BT_WHO_SKIPPED, EADDRINUSE);
	e.rec.seccomp = 1;
	expect_reason(REASON_OTHER, N_LAYERS);
	assert_non_null(strstr(e.verdict.summary, "preemptible"));
	e.rec.error = EACCES;
	expect_reason(REASON_OTHER, N_LAYERS);
	e.rec.error = EPERM; /* nor has a filter said it: that is seen elsewhere */
	expect_reason(REASON_OTHER, N_LAYERS);
	unix_refusal(EADDRINUSE, "\0name", 5);
	e.rec.who = BT_WHO_SKIPPED;
	expect_reason(REASON_OTHER, N_LAYERS);
	assert_non_null(strstr(e.verdict.summary, "preemptible"));
}

static void said_by_somebody(void **state)
{
	(void)state;
	refusal(BT_WHO_UNKNOWN, EPERM);
	expect_reason(REASON_OTHER, N_LAYERS);
	assert_non_null(strstr(e.verdict.summary, "a security module"));
	assert_null(strstr(e.verdict.summary, "seccomp"));
	e.modules_known = true; /* none can have been it */
	expect_reason(REASON_OTHER, N_LAYERS);
	assert_null(strstr(e.verdict.summary, "a security module"));
	e.rec.seccomp = 1;
	e.rec.error = EACCES;
	expect_reason(REASON_OTHER, N_LAYERS);
	assert_non_null(strstr(e.verdict.summary, "seccomp"));
	e.rec.sock.port = 80;
	expect_reason(REASON_PRIVILEGED_PORT, LAYER_PRIVILEGE);
}

static void files_in_the_way(void **state)
{
	(void)state;
	unix_refusal(EADDRINUSE, "/run/a b", 9);
	expect_reason(REASON_OTHER, LAYER_FILESYSTEM); /* nobody could look */
	assert_int_equal(e.verdict.n_advice, 0);
	e.name.file = UNIX_FILE_SOCKET;
	expect_reason(REASON_OTHER, LAYER_FILESYSTEM);
	assert_null(advised(ACTION_REMOVE_FILE));
	e.name.served = 0;
	expect_reason(REASON_UNIX_PATH_STALE, LAYER_FILESYSTEM);
	/* a command only where the path is the same file for whoever types it */
	assert_string_equal(advised(ACTION_REMOVE_FILE)->command, "");
	e.name.ours = true;
	expect_reason(REASON_UNIX_PATH_STALE, LAYER_FILESYSTEM);
	assert_string_equal(advised(ACTION_REMOVE_FILE)->command, "rm -- '/run/a b'");
	e.name.served = 1;
	expect_reason(REASON_UNIX_PATH_LIVE, LAYER_FILESYSTEM);
	assert_null(advised(ACTION_REMOVE_FILE));
	e.name.file = UNIX_FILE_OTHER;
	expect_reason(REASON_UNIX_PATH_NOT_SOCKET, LAYER_FILESYSTEM);
	assert_null(advised(ACTION_REMOVE_FILE));
	e.name.file = UNIX_FILE_NONE;
	expect_reason(REASON_HOLDER_GONE, LAYER_FILESYSTEM);
	assert_non_null(advised(ACTION_RETRY));
}

static void somebody_holds_the_name(void **state)
{
	(void)state;
	unix_refusal(EADDRINUSE, "\0name", 5);
	expect_reason(REASON_UNIX_ABSTRACT_IN_USE, LAYER_PORT_TABLE);
	e.rec.n_holders = 1;
	e.rec.holders[0].sock = (struct bt_sock){ .family = AF_UNIX,
						  .state = BT_TCP_LISTEN,
						  .flags = BT_SOCK_CULPRIT };
	e.holders[0].n_processes = e.n_processes = 1;
	e.processes[0].pid = 812;
	expect_reason(REASON_UNIX_ABSTRACT_IN_USE, LAYER_PORT_TABLE);
	assert_int_equal(e.verdict.culprit, 0);
	assert_int_equal(e.holders[0].role, ROLE_UNIX);
	assert_string_equal(advised(ACTION_STOP_HOLDER)->command, "kill 812");
	assert_null(strstr(advised(ACTION_STOP_HOLDER)->text, "file"));
	memcpy(e.rec.path, "/run", 5);
	e.name.file = UNIX_FILE_SOCKET;
	expect_reason(REASON_UNIX_PATH_LIVE, LAYER_FILESYSTEM);
	assert_non_null(strstr(advised(ACTION_STOP_HOLDER)->text, "remove the file"));
}

static void errors_of_the_path(void **state)
{
	static const int errors[] = { ENOENT, ENOTDIR,	    EACCES, EPERM,
				      EROFS,  ENAMETOOLONG, ENOSPC, ELOOP };

	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
		unix_refusal(errors[i], "/srv/x/s", 9);
		expect_reason(REASON_UNIX_PATH_ERROR, LAYER_FILESYSTEM);
		assert_int_equal(e.verdict.n_advice, 1);
	}
	unix_refusal(ENOENT, "/srv/$(x)/s", 12);
	e.name.ours = true;
	expect_reason(REASON_UNIX_PATH_ERROR, LAYER_FILESYSTEM);
	assert_string_equal(advised(ACTION_CREATE_DIRECTORY)->command, "mkdir -p '/srv/$(x)'");
	unix_refusal(EINVAL, "/run/s", 7);
	expect_reason(REASON_ALREADY_BOUND, LAYER_ARGUMENTS);
	e.rec.sa_family = AF_INET;
	expect_reason(REASON_BAD_FAMILY, LAYER_ARGUMENTS);
	e.rec.addr_len = 111;
	expect_reason(REASON_BAD_LENGTH, LAYER_ARGUMENTS);
	unix_refusal(EACCES, "/run/s", 7);
	e.rec.who = BT_WHO_UNKNOWN;
	expect_reason(REASON_UNIX_PATH_ERROR, LAYER_FILESYSTEM);
	assert_non_null(strstr(e.verdict.summary, "or a security module"));
	e.rec.seccomp = 1;
	expect_reason(REASON_UNIX_PATH_ERROR, LAYER_FILESYSTEM);
	e.rec.hook = BT_HOOK_TRACEPOINT;
	expect_reason(REASON_OTHER, N_LAYERS);
	unix_refusal(ENOMEM, "/run/s", 7);
	expect_reason(REASON_KERNEL_MEMORY, LAYER_MEMORY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(said_by_a_module),   cmocka_unit_test(said_by_this_module),
		cmocka_unit_test(said_before),	      cmocka_unit_test(said_by_filter),
		cmocka_unit_test(not_seen),	      cmocka_unit_test(said_by_somebody),
		cmocka_unit_test(files_in_the_way),   cmocka_unit_test(somebody_holds_the_name),
		cmocka_unit_test(errors_of_the_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
