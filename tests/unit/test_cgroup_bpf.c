// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* BPF programs of a control group: when they are the answer, what is said of them, whether one chooses the error. */
#include <errno.h>
#include <linux/bpf.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "enrich/cgroup_bpf.h"
#include "refusal.h"
#include "verdict/verdict.h"

/* By a kernel that has been asked for its programs, where a walk found nobody on the port. */
static void bind_refused(unsigned who, int error)
{
	refusal(who, error);
	e.rec.walk = BT_WALK_DONE;
	e.programs_known = true;
}

static struct cgroup_program *attach(const char *name, const char *cgroup, int sets_error)
{
	struct cgroup_program *p = &e.programs[e.n_programs++];

	p->id = 11 + e.n_programs;
	p->sets_error = (int8_t)sets_error;
	strcpy(p->name, name);
	strcpy(p->cgroup, cgroup);
	return p;
}

static void forbids(void **state)
{
	(void)state;
	bind_refused(BT_WHO_PROTOCOL, EPERM);
	e.programs_known = false;
	expect_said(REASON_CGROUP_DENIED, "a BPF program attached to the cgroup forbids it");
	assert_int_equal(e.verdict.layer, LAYER_CGROUP_BPF);
	attach("sd_bind4", "/system.slice/foo.service", 0);
	expect_said(REASON_CGROUP_DENIED,
		    "the BPF program \"sd_bind4\" (id 12) of /system.slice/foo.service forbids it");
	assert_null(strstr(e.verdict.summary, "keeps the port"));
	e.rec.bound_port = 8000;
	expect_said(REASON_CGROUP_DENIED, "the socket keeps the port all the same");
	attach("", "/", -1);
	e.more_programs = 2;
	expect_said(REASON_CGROUP_DENIED, "one of the BPF programs \"sd_bind4\" (id 12) of "
					  "/system.slice/foo.service, with id 13 of / and 2 more");
}

static void advice_of_systemd(void **state)
{
	struct cgroup_program *p;

	(void)state;
	bind_refused(BT_WHO_PROTOCOL, EPERM);
	p = attach("sd_bind4", "/system.slice/foo.service", 0);
	strcpy(p->unit, "foo.service");
	verdict_judge(&e);
	assert_int_equal(e.verdict.n_advice, 1);
	assert_int_equal(e.verdict.advice[0].action, ACTION_CHANGE_POLICY);
	assert_string_equal(e.verdict.advice[0].text,
			    "allow the port where systemd denies it: SocketBindAllow=8000 beside "
			    "SocketBindDeny= (systemctl edit foo.service)");
	p->unit[0] = '\0';
	verdict_judge(&e);
	assert_non_null(
		strstr(e.verdict.advice[0].text, "(in the unit of /system.slice/foo.service)"));
}

static void makes_an_error_up(void **state)
{
	(void)state;
	bind_refused(BT_WHO_PROTOCOL, EADDRINUSE);
	expect_said(REASON_HOLDER_GONE, "gone");
	attach("bt", "/a", 0); /* it can say nothing but EPERM */
	expect_said(REASON_HOLDER_GONE, "gone");
	e.programs[0].sets_error = 1;
	expect_said(REASON_CGROUP_DENIED,
		    "no socket is in the way: the BPF program \"bt\" (id 12) of /a "
		    "forbids it, and made the error up");
	assert_int_equal(e.verdict.layer, LAYER_CGROUP_BPF);
	e.programs[0].sets_error = -1;
	expect_said(REASON_HOLDER_GONE,
		    "later, or a BPF program of the control group made the error up");
	e.programs[0].sets_error = 1;
	/* a walk that did not see everything proves nothing */
	e.rec.walk |= BT_WALK_STALE;
	expect_said(REASON_HOLDER_GONE, "gone");
	/* behind the system call the address is the one before a program changed it */
	bind_refused(BT_WHO_UNKNOWN, EADDRINUSE);
	attach("bt", "/a", 1);
	expect_said(REASON_CGROUP_DENIED, "or sent the call to another port");
	e.programs[0].sets_error = 0;
	expect_said(REASON_HOLDER_GONE, "sent the call to another port");
}

static void somebody_is_in_the_way(void **state)
{
	(void)state;
	bind_refused(BT_WHO_PROTOCOL, EADDRINUSE);
	attach("bt", "/a", 1);
	e.rec.n_holders = 1;
	e.rec.totals.blocking = e.rec.totals.total = 1;
	e.rec.holders[0].sock = e.rec.sock;
	e.rec.holders[0].sock.sk = 2;
	e.rec.holders[0].sock.state = BT_TCP_LISTEN;
	e.rec.holders[0].sock.flags = BT_SOCK_CULPRIT;
	expect_said(REASON_LISTENER, "another socket listens there");
}

static void other_errors(void **state)
{
	(void)state;
	bind_refused(BT_WHO_PROTOCOL, EACCES);
	expect_said(REASON_OTHER, "no more than the error");
	attach("bt", "/a", 1);
	expect_said(REASON_CGROUP_DENIED, "made the error up");
	e.rec.sock.port = 80;
	expect_said(REASON_PRIVILEGED_PORT, "CAP_NET_BIND_SERVICE");
	/* every machine has the wildcard */
	e.rec.error = EADDRNOTAVAIL;
	expect_said(REASON_CGROUP_DENIED, "made the error up");
	e.rec.sock.addr[0] = 192;
	expect_said(REASON_ADDRESS_NOT_LOCAL, "no interface");
}

static void another_address(void **state)
{
	(void)state;
	bind_refused(BT_WHO_PROTOCOL, EPERM);
	e.rec.rewritten = 1;
	e.rec.asked_port = 80;
	e.rec.asked_addr[0] = 127;
	expect_said(REASON_CGROUP_DENIED, " forbids it; asked for was 127.0.0.0:80, which a BPF "
					  "program of the control group has changed");
}

/* SCTP, ping and raw sockets have a bind() of their own, which asks no program. */
static void not_asked(void **state)
{
	static const unsigned protocols[] = { IPPROTO_SCTP, IPPROTO_ICMP, IPPROTO_RAW };

	(void)state;
	for (unsigned i = 0; i < sizeof(protocols) / sizeof(*protocols); i++) {
		bind_refused(BT_WHO_PROTOCOL, EPERM);
		e.rec.sock.protocol = (uint16_t)protocols[i];
		attach("bt", "/a", 1);
		expect_said(REASON_OTHER, "no more than the error");
		e.rec.who = BT_WHO_UNKNOWN;
		expect_said(REASON_OTHER, "a security module says no, as far as");
	}
}

/* Where only the error of the system call is seen, those who may have said it are named. */
static void candidates(void **state)
{
	(void)state;
	bind_refused(BT_WHO_UNKNOWN, EPERM);
	expect_said(REASON_OTHER, "a security module says no, as far as");
	e.programs_known = false;
	expect_said(REASON_OTHER,
		    "a security module or a BPF program attached to the cgroup says no;");
	e.programs_known = true;
	e.rec.seccomp = 1;
	expect_said(REASON_OTHER, "a security module or the task's seccomp filter says no;");
	attach("bt", "/a", 0);
	expect_said(REASON_OTHER,
		    "a security module, the task's seccomp filter or the BPF program \"bt\" "
		    "(id 12) of /a says no; this way of watching cannot tell which");
}

static void finds_the_call(void **state)
{
	struct bpf_insn code[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = 4711 },
		{ .code = BPF_JMP | BPF_CALL, .imm = 17 },
		{ .code = BPF_JMP | BPF_CALL, .src_reg = BPF_PSEUDO_CALL, .imm = 4711 },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	(void)state;
	assert_false(cgroup_bpf_calls(code, sizeof(code), 4711));
	code[1].imm = 4711;
	assert_true(cgroup_bpf_calls(code, sizeof(code), 4711));
	assert_false(cgroup_bpf_calls(code, sizeof(*code), 4711));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forbids),	     cmocka_unit_test(advice_of_systemd),
		cmocka_unit_test(makes_an_error_up), cmocka_unit_test(somebody_is_in_the_way),
		cmocka_unit_test(other_errors),	     cmocka_unit_test(another_address),
		cmocka_unit_test(candidates),	     cmocka_unit_test(finds_the_call),
		cmocka_unit_test(not_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
