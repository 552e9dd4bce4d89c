// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The judgement: reason, roles, when it frees, and which advice is given - and which never. */
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "verdict/verdict.h"

enum { ESTABLISHED = 1, FIN_WAIT1 = 4, TIME_WAIT = 6, CLOSE = 7, LISTEN = 10 };

static struct event e;

static void refusal(int error, const char *address, unsigned port)
{
	memset(&e, 0, sizeof(e));
	e.rec.operation = BT_OP_BIND;
	e.rec.error = (uint16_t)error;
	e.rec.addr_len = 16;
	e.rec.unprivileged_start = 1024;
	e.rec.walk = BT_WALK_DONE;
	e.rec.sock.family = AF_INET;
	e.rec.sock.protocol = IPPROTO_TCP;
	e.rec.sock.state = CLOSE;
	e.rec.sock.sk = 1;
	e.rec.sock.port = (uint16_t)port;
	inet_pton(AF_INET, address, e.rec.sock.addr);
	strcpy(e.asker.comm, "app");
}

/* A holder on 127.0.0.1, counted as the walk would count it. */
static struct bt_sock *hold(unsigned state, unsigned flags)
{
	struct bt_sock *s = &e.rec.holders[e.rec.n_holders].sock;
	struct bt_totals *t = &e.rec.totals;

	s->sk = 100 + e.rec.n_holders;
	s->family = AF_INET;
	s->state = (uint8_t)state;
	s->flags = (uint8_t)flags;
	s->substate = TIME_WAIT;
	inet_pton(AF_INET, "127.0.0.1", s->addr);
	if (!e.rec.n_holders++)
		s->flags |= BT_SOCK_CULPRIT;
	t->total++;
	t->blocking++;
	t->still_reuseaddr++;
	t->still_reuseport++;
	t->still_v6only++;
	if (flags & BT_SOCK_MINI)
		t->last_free_ns = s->frees_in_ns = 60000000000;
	else
		t->blocking_lasting++;
	return s;
}

static void opened_by(unsigned holder, uint32_t pid, const char *unit)
{
	struct process *p = &e.processes[e.n_processes];

	e.holders[holder].first_process = (uint16_t)e.n_processes++;
	e.holders[holder].n_processes = 1;
	p->pid = pid;
	strcpy(p->comm, "server");
	strcpy(p->unit, unit);
}

static const struct advice *advised(enum bt_action action)
{
	for (unsigned i = 0; i < e.verdict.n_advice; i++)
		if (e.verdict.advice[i].action == action)
			return &e.verdict.advice[i];
	return NULL;
}

static void expect(enum bt_reason reason, enum bt_layer layer)
{
	verdict_judge(&e);
	if (e.verdict.reason != reason)
		fail_msg("%s, not %s", reason_name(e.verdict.reason), reason_name(reason));
	assert_int_equal(e.verdict.layer, layer);
	assert_true(strlen(e.verdict.summary) > 10);
	for (unsigned i = 0; i < e.verdict.n_advice; i++)
		assert_null(strstr(e.verdict.advice[i].command, "-9"));
}

static void a_listener(void **state)
{
	(void)state;
	refusal(EADDRINUSE, "127.0.0.1", 8000);
	e.rec.sock.reuse = 1;
	hold(LISTEN, BT_SOCK_BOUND_PORT)->reuse = 1;
	opened_by(0, 812, "nginx.service");
	expect(REASON_LISTENER, LAYER_PORT_TABLE);
	assert_int_equal(e.holders[0].role, ROLE_LISTENER);
	assert_false(e.verdict.has_frees_in);
	assert_null(advised(ACTION_SET_REUSEADDR));
	assert_null(advised(ACTION_WAIT));
	assert_string_equal(advised(ACTION_STOP_HOLDER)->command, "systemctl stop nginx.service");
	assert_non_null(advised(ACTION_USE_OTHER_PORT));
}

static void user_units_and_bare_processes(void **state)
{
	(void)state;
	refusal(EADDRINUSE, "127.0.0.1", 8000);
	hold(LISTEN, 0);
	opened_by(0, 812, "app.service");
	strcpy(e.processes[0].cgroup,
	       "/user.slice/user-1000.slice/user@1000.service/app.slice/app.service");
	expect(REASON_LISTENER, LAYER_PORT_TABLE);
	assert_string_equal(advised(ACTION_STOP_HOLDER)->command,
			    "systemctl --user stop app.service");
	strcpy(e.processes[0].unit, "session-3.scope");
	expect(REASON_LISTENER, LAYER_PORT_TABLE);
	assert_string_equal(advised(ACTION_STOP_HOLDER)->command, "kill 812");
	/* nobody seen with it: nobody is named */
	e.holders[0].n_processes = 0;
	expect(REASON_LISTENER, LAYER_PORT_TABLE);
	assert_null(advised(ACTION_STOP_HOLDER));
}

/* In another pid namespace the number is somebody else's. */
static void no_number_of_another_namespace(void **state)
{
	(void)state;
	refusal(EADDRINUSE, "127.0.0.1", 8000);
	hold(LISTEN, 0);
	opened_by(0, 812, "");
	e.foreign_pids = true;
	expect(REASON_LISTENER, LAYER_PORT_TABLE);
	assert_non_null(strstr(advised(ACTION_STOP_HOLDER)->text, "stop server[812]"));
	assert_string_equal(advised(ACTION_STOP_HOLDER)->command, "");
}

/* A listener that one process has, which then becomes many things */
static struct process *listening(void)
{
	refusal(EADDRINUSE, "127.0.0.1", 8000);
	hold(LISTEN, 0);
	opened_by(0, 812, "");
	return &e.processes[0];
}

static void expect_stop(const char *text, const char *command)
{
	const struct advice *a;

	expect(REASON_LISTENER, LAYER_PORT_TABLE);
	a = advised(ACTION_STOP_HOLDER);
	if (!a || !strstr(a->text, text))
		fail_msg("%s", a ? a->text : "no advice");
	else
		assert_string_equal(a->command, command);
}

static void containers(void **state)
{
	struct process *p = listening();

	(void)state;
	p->container.runtime = RUNTIME_DOCKER;
	strcpy(p->container.id, "0123456789abcdef");
	strcpy(p->unit, "docker-0123456789abcdef.scope");
	expect_stop("stop container 0123456789ab, in which server[812]",
		    "docker stop 0123456789ab");
	e.n_containers = 1;
	strcpy(e.containers[0].id, "0123456789abcdef");
	strcpy(e.containers[0].name, "web");
	expect_stop("stop container web,", "docker stop web");
	strcpy(e.containers[0].name, "x;reboot");
	expect_stop("stop container 0123456789ab,", "docker stop 0123456789ab");
	p->container.runtime = RUNTIME_PODMAN;
	p->container.owner = 1000;
	expect_stop("(as uid 1000)", "podman stop 0123456789ab");
	/* a service would start it again */
	strcpy(p->unit, "web.service");
	expect_stop("stop server[812]", "systemctl stop web.service");
	p->container.runtime = RUNTIME_CONTAINERD;
	strcpy(p->unit, "containerd.service");
	strcpy(p->container.pod_uid, "uid");
	expect_stop("stop the pod of server[812]", "");
	strcpy(e.containers[0].pod_name, "web-0");
	strcpy(e.containers[0].pod_namespace, "prod");
	expect_stop("delete the pod of server[812]", "kubectl -n prod delete pod web-0");
}

static void proxies(void **state)
{
	struct process *p = listening();

	(void)state;
	p->forwards = true;
	strcpy(p->exe, "/usr/bin/docker-proxy");
	strcpy(p->unit, "docker.service");
	e.rec.holders[0].sock.port = e.rec.sock.port;
	expect_stop("find the container for which server[812]", "docker ps --filter publish=8000");
	p->container.runtime = RUNTIME_DOCKER;
	strcpy(p->container.id, "0123456789abcdef");
	expect_stop("stop container 0123456789ab, for which server[812]",
		    "docker stop 0123456789ab");
}

static void systemd_itself(void **state)
{
	struct process *p = listening();

	(void)state;
	p->pid = 1;
	strcpy(p->comm, "systemd");
	strcpy(p->unit, "init.scope");
	expect_stop("find the .socket unit", "systemctl list-sockets");
	strcpy(p->unit, "web.socket");
	opened_by(0, 812, "web\\x2d1.service");
	opened_by(0, 813, "web\\x2d1.service");
	e.holders[0].first_process = 0;
	e.holders[0].n_processes = 3;
	expect_stop("stop web.socket, for which systemd[1]",
		    "systemctl stop web.socket 'web\\x2d1.service'");
	/* another init: nobody ends that */
	strcpy(p->unit, "");
	strcpy(p->comm, "init");
	expect(REASON_LISTENER, LAYER_PORT_TABLE);
	assert_null(advised(ACTION_STOP_HOLDER));
}

static void stopped_jobs(void **state)
{
	struct process *p = listening();

	(void)state;
	p->stopped = 1;
	expect_stop("it is stopped", "kill 812 && kill -CONT 812");
	p->shell.pid = 700;
	strcpy(p->shell.comm, "bash");
	strcpy(p->tty, "pts/3");
	expect_stop("fg and Ctrl-C in bash[700] on pts/3", "kill 812 && kill -CONT 812");
}

/* Not every master ends its children: while one has the socket, the port is not free. */
static void everybody_who_has_the_socket(void **state)
{
	struct process *p = listening();
	unsigned i;

	(void)state;
	for (i = 1; i < 3; i++) {
		p[i] = p[0];
		p[i].pid = 812 + i;
	}
	e.holders[0].n_processes = 3;
	expect_stop("stop server[812] and the others that have the socket open, if they are not wanted",
		    "kill 812 813 814");
	/* one that no signal should end, or one that is not known: no command at all */
	strcpy(p[2].container.id, "0123456789abcdef");
	expect_stop("and the others", "");
	p[2].container.id[0] = '\0';
	e.asker.pid = 814;
	expect_stop("and the others", "");
	e.asker.pid = 4242;
	e.holders[0].more_processes = 1;
	expect_stop("and the others", "");
	/* nor half of one */
	e.holders[0].more_processes = 0;
	e.holders[0].n_processes = EVENT_MAX_PROCESSES;
	for (i = 0; i < EVENT_MAX_PROCESSES; i++) {
		p[i] = p[0];
		p[i].pid = 1000000 + i;
	}
	expect_stop("and the others", "");
}

static void the_parent_of_a_reloader(void **state)
{
	struct process *p = listening();

	(void)state;
	p->relation = RELATION_PARENT;
	expect_stop("stop server[812]", "kill 812");
	p->same_program = true;
	expect(REASON_LISTENER, LAYER_PORT_TABLE);
	assert_null(advised(ACTION_STOP_HOLDER));
	assert_non_null(
		strstr(advised(ACTION_LISTEN_ONCE)->text, "server[812], the asker's parent"));
}

static void a_time_wait(void **state)
{
	(void)state;
	refusal(EADDRINUSE, "127.0.0.1", 8000);
	hold(TIME_WAIT, BT_SOCK_MINI);
	expect(REASON_TIME_WAIT, LAYER_PORT_TABLE);
	assert_int_equal(e.verdict.frees_in_ns, 60000000000);
	assert_true(e.verdict.has_frees_in);
	assert_false(e.verdict.frees_at_least);
	assert_int_equal(advised(ACTION_WAIT)->effective, EFFECTIVE_AFTER_WAIT);
	assert_int_equal(advised(ACTION_SET_REUSEADDR)->effective, EFFECTIVE_NEXT_RESTART);
	/* the old one had it, the new one has not: then it helps at once */
	e.rec.holders[0].sock.reuse = 1;
	e.rec.totals.still_reuseaddr = 0;
	expect(REASON_TIME_WAIT, LAYER_PORT_TABLE);
	assert_int_equal(advised(ACTION_SET_REUSEADDR)->effective, EFFECTIVE_NOW);
	/* ... but not when the walk did not see everything */
	e.rec.walk = BT_WALK_TRUNCATED;
	expect(REASON_TIME_WAIT, LAYER_PORT_TABLE);
	assert_true(!advised(ACTION_SET_REUSEADDR) ||
		    advised(ACTION_SET_REUSEADDR)->effective != EFFECTIVE_NOW);
	assert_true(e.verdict.frees_at_least);
}

static void a_fin_wait2(void **state)
{
	(void)state;
	refusal(EADDRINUSE, "127.0.0.1", 8000);
	hold(TIME_WAIT, BT_SOCK_MINI)->substate = 5;
	e.rec.totals.fin_wait2 = 1;
	expect(REASON_FIN_WAIT2, LAYER_PORT_TABLE);
	assert_true(e.verdict.frees_at_least);
}

/* The TIME_WAIT of somebody's outgoing connection: our own restart changes nothing about it */
static void a_foreign_time_wait(void **state)
{
	(void)state;
	refusal(EADDRINUSE, "127.0.0.1", 8000);
	hold(TIME_WAIT, BT_SOCK_MINI);
	e.rec.fastreuse = -1;
	expect(REASON_TIME_WAIT, LAYER_PORT_TABLE);
	assert_null(advised(ACTION_SET_REUSEADDR));
	assert_string_equal(advised(ACTION_RESERVE_PORT)->command,
			    "sysctl -w net.ipv4.ip_local_reserved_ports=\"$(sysctl -n "
			    "net.ipv4.ip_local_reserved_ports | sed 's/.$/&,/')8000\"");
	/* a port that no connect() is given, and one that the client itself asked for */
	e.rec.port_low = 32768;
	e.rec.port_high = 60999;
	expect(REASON_TIME_WAIT, LAYER_PORT_TABLE);
	assert_null(advised(ACTION_RESERVE_PORT));
	e.rec.port_low = 1024;
	expect(REASON_TIME_WAIT, LAYER_PORT_TABLE);
	assert_non_null(strstr(advised(ACTION_RESERVE_PORT)->text, "1024 to 60999"));
	e.rec.holders[0].sock.flags |= BT_SOCK_BOUND_PORT;
	expect(REASON_TIME_WAIT, LAYER_PORT_TABLE);
	assert_null(advised(ACTION_RESERVE_PORT));
}

static void the_listener_decides(void **state)
{
	(void)state;
	refusal(EADDRINUSE, "127.0.0.1", 8000);
	hold(TIME_WAIT, BT_SOCK_MINI);
	hold(ESTABLISHED, 0);
	hold(LISTEN, 0);
	expect(REASON_LISTENER, LAYER_PORT_TABLE);
	assert_int_equal(e.verdict.culprit, 0);
	assert_int_equal(e.verdict.decisive, 2);
	assert_false(e.verdict.has_frees_in);
}

static void roles(void **state)
{
	(void)state;
	refusal(EADDRINUSE, "127.0.0.1", 8000);
	hold(ESTABLISHED, 0);
	hold(ESTABLISHED, BT_SOCK_BOUND_PORT);
	hold(ESTABLISHED, BT_SOCK_NO_SOCKET);
	hold(FIN_WAIT1, BT_SOCK_NO_SOCKET);
	hold(CLOSE, 0);
	hold(ESTABLISHED, 0);
	e.holders[5].opener.time_ns = 1;
	verdict_judge(&e);
	assert_int_equal(e.holders[0].role, ROLE_ACCEPTED);
	assert_int_equal(e.holders[1].role, ROLE_OUTGOING);
	assert_int_equal(e.holders[2].role, ROLE_ACCEPTED); /* in the backlog */
	assert_int_equal(e.holders[3].role, ROLE_ORPHAN);
	assert_int_equal(e.holders[4].role, ROLE_BOUND);
	assert_int_equal(e.holders[5].role, ROLE_OUTGOING); /* seen connecting */
}

static void sharing(void **state)
{
	(void)state;
	refusal(EADDRINUSE, "127.0.0.1", 8000);
	e.rec.sock.reuseport = 1;
	e.rec.sock.uid = 1000;
	hold(LISTEN, 0)->reuseport = 1;
	expect(REASON_REUSEPORT_UID, LAYER_PORT_TABLE);
	assert_int_equal(advised(ACTION_SAME_USER)->effective, EFFECTIVE_NOW);
	assert_non_null(strstr(e.verdict.summary, "uid 0 holds it, uid 1000 asks"));
	e.rec.holders[0].sock.reuseport = 0;
	expect(REASON_REUSEPORT_ONE_SIDED, LAYER_PORT_TABLE);
	assert_int_equal(advised(ACTION_SET_REUSEPORT)->effective, EFFECTIVE_NEXT_RESTART);
	e.rec.sock.reuseport = 0;
	e.rec.holders[0].sock.reuseport = 1;
	e.rec.totals.still_reuseport = 0;
	expect(REASON_REUSEPORT_ONE_SIDED, LAYER_PORT_TABLE);
	assert_int_equal(advised(ACTION_SET_REUSEPORT)->effective, EFFECTIVE_NOW);
}

static void expect_each(const char *text, const char *command)
{
	expect(REASON_UDP_IN_USE, LAYER_PORT_TABLE);
	assert_non_null(strstr(advised(ACTION_STOP_HOLDER)->text, text));
	assert_string_equal(advised(ACTION_STOP_HOLDER)->command, command);
}

/* Two programs are in the way, then two processes of one unit, then the asker itself. */
static void udp_holders(void **state)
{
	(void)state;
	refusal(EADDRINUSE, "0.0.0.0", 5353);
	e.rec.sock.protocol = IPPROTO_UDP;
	e.asker.pid = 7;
	hold(CLOSE, 0)->reuse = 1;
	hold(CLOSE, 0);
	opened_by(0, 30, "");
	opened_by(1, 31, "");
	expect(REASON_UDP_IN_USE, LAYER_PORT_TABLE);
	assert_string_equal(advised(ACTION_STOP_HOLDER)->text,
			    "2 sockets are in the way: stop server[30], stop server[31]");
	assert_string_equal(advised(ACTION_STOP_HOLDER)->command, "kill 30; kill 31");
	assert_int_equal(advised(ACTION_SET_REUSEADDR)->effective, EFFECTIVE_NEXT_RESTART);
	strcpy(e.processes[0].unit, "avahi.service");
	strcpy(e.processes[1].unit, "avahi.service");
	expect(REASON_UDP_IN_USE, LAYER_PORT_TABLE);
	assert_string_equal(advised(ACTION_STOP_HOLDER)->command, "systemctl stop avahi.service");
	e.processes[1].pid = e.asker.pid;
	expect(REASON_UDP_IN_USE, LAYER_PORT_TABLE);
	assert_string_equal(advised(ACTION_STOP_HOLDER)->command, "");
	e.rec.totals.blocking++;
	e.rec.totals.still_reuseaddr = 0;
	e.processes[1].pid = 31;
	expect(REASON_UDP_IN_USE, LAYER_PORT_TABLE);
	assert_string_equal(advised(ACTION_STOP_HOLDER)->command, "");
	assert_non_null(strstr(advised(ACTION_STOP_HOLDER)->text, "whoever has the others"));
	assert_int_equal(advised(ACTION_SET_REUSEADDR)->effective, EFFECTIVE_NOW);
}

/* Each is ended as it would be alone. */
static void udp_holders_of_many_kinds(void **state)
{
	struct process *p = e.processes;

	(void)state;
	refusal(EADDRINUSE, "0.0.0.0", 5353);
	e.rec.sock.protocol = IPPROTO_UDP;
	hold(CLOSE, 0);
	hold(CLOSE, 0);
	opened_by(0, 1, "mdns.socket");
	opened_by(1, 31, "a\\x2db.service");
	strcpy(p[0].comm, "systemd");
	expect_each("stop mdns.socket, stop server[31]",
		    "systemctl stop mdns.socket; systemctl stop 'a\\x2db.service'");
	p[1].unit[0] = '\0';
	p[1].stopped = 1;
	expect_each("stop server[31]", "systemctl stop mdns.socket; kill 31 && kill -CONT 31");
	/* one that no command ends: then none is offered for the others either */
	strcpy(p[0].unit, "init.scope");
	expect_each("stop systemd[1], stop server[31]", "");
	p[0].pid = 30;
	strcpy(p[0].container.id, "0123456789abcdef");
	p[0].container.runtime = RUNTIME_DOCKER;
	expect_each("stop systemd[30]", "");
	p[0].container.runtime = RUNTIME_PODMAN;
	strcpy(p[0].unit, "mdns.service");
	expect_each("stop systemd[30]", "systemctl stop mdns.service; kill 31 && kill -CONT 31");
	p[0].forwards = true;
	expect_each("stop systemd[30]", "");
}

/* Nobody can be stopped, and nobody can set an option of the kernel's socket, whichever of the two it is. */
static void sockets_of_the_kernel(void **state)
{
	(void)state;
	refusal(EADDRINUSE, "127.0.0.1", 4789);
	e.rec.sock.protocol = IPPROTO_UDP;
	hold(CLOSE, 0)->kernel = 1;
	expect(REASON_UDP_IN_USE, LAYER_PORT_TABLE);
	assert_non_null(advised(ACTION_STOP_KERNEL_USE));
	assert_null(advised(ACTION_STOP_HOLDER));
	assert_null(advised(ACTION_SET_REUSEADDR));

	refusal(EADDRINUSE, "127.0.0.1", 4789);
	e.rec.sock.protocol = IPPROTO_UDP;
	e.rec.sock.kernel = 1;
	hold(CLOSE, 0);
	opened_by(0, 812, "dns.service");
	expect(REASON_UDP_IN_USE, LAYER_PORT_TABLE);
	assert_null(advised(ACTION_STOP_KERNEL_USE));
	assert_non_null(advised(ACTION_STOP_HOLDER));
	assert_null(advised(ACTION_SET_REUSEADDR));
	assert_non_null(advised(ACTION_USE_OTHER_PORT));
}

static void nobody_is_invented(void **state)
{
	(void)state;
	refusal(EADDRINUSE, "127.0.0.1", 8000);
	expect(REASON_HOLDER_GONE, LAYER_PORT_TABLE);
	assert_int_equal(e.verdict.culprit, -1);
	assert_non_null(advised(ACTION_RETRY));
	/* a socket on the port that is not in the way is not blamed */
	hold(LISTEN, 0);
	inet_pton(AF_INET, "127.0.0.2", e.rec.holders[0].sock.addr);
	memset(&e.rec.totals, 0, sizeof(e.rec.totals));
	expect(REASON_HOLDER_GONE, LAYER_PORT_TABLE);
	assert_int_equal(e.verdict.decisive, -1);
	/* nor is anything said to be gone when nobody looked */
	e.rec.walk = 0;
	expect(REASON_OTHER, LAYER_PORT_TABLE);
}

static void other_errors(void **state)
{
	(void)state;
	refusal(EACCES, "127.0.0.1", 80);
	expect(REASON_PRIVILEGED_PORT, LAYER_PRIVILEGE);
	e.rec.unprivileged_start = 80;
	expect(REASON_OTHER, N_LAYERS);
	refusal(EADDRNOTAVAIL, "10.1.2.3", 80);
	expect(REASON_ADDRESS_NOT_LOCAL, LAYER_ADDRESS);
	refusal(EINVAL, "127.0.0.1", 80);
	e.rec.bound_port = 81;
	expect(REASON_ALREADY_BOUND, LAYER_ARGUMENTS);
	e.rec.addr_len = 15;
	expect(REASON_BAD_LENGTH, LAYER_ARGUMENTS);
	refusal(EINVAL, "127.0.0.1", 80);
	e.rec.addr_len = 28;
	e.rec.sock.family = AF_INET6;
	inet_pton(AF_INET6, "fe80::1", e.rec.sock.addr);
	expect(REASON_SCOPE_MISSING, LAYER_ARGUMENTS);
	inet_pton(AF_INET6, "::ffff:127.0.0.1", e.rec.sock.addr);
	e.rec.sock.v6only = 1;
	expect(REASON_V6ONLY_MAPPED, LAYER_ARGUMENTS);
	refusal(EAFNOSUPPORT, "127.0.0.1", 80);
	expect(REASON_BAD_FAMILY, LAYER_ARGUMENTS);
	refusal(ENOMEM, "127.0.0.1", 80);
	expect(REASON_KERNEL_MEMORY, LAYER_MEMORY);
	refusal(EADDRINUSE, "127.0.0.1", 0);
	expect(REASON_EPHEMERAL_EXHAUSTED, LAYER_PORT_TABLE);
	/* only the kernel's own function can tell a cgroup program from a security module */
	refusal(EPERM, "127.0.0.1", 80);
	e.rec.who = BT_WHO_PROTOCOL;
	expect(REASON_CGROUP_DENIED, LAYER_CGROUP_BPF);
	e.rec.who = BT_WHO_UNKNOWN;
	expect(REASON_OTHER, N_LAYERS);
}

static void successes_are_not_judged(void **state)
{
	(void)state;
	refusal(0, "127.0.0.1", 8000);
	e.rec.sock.reuse = 1;
	hold(CLOSE, 0)->reuse = 1;
	verdict_judge(&e);
	assert_int_equal(e.verdict.n_advice, 0);
	assert_false(e.holders[0].pair.blocks);
	assert_int_equal(e.verdict.culprit, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_listener),
		cmocka_unit_test(user_units_and_bare_processes),
		cmocka_unit_test(no_number_of_another_namespace),
		cmocka_unit_test(containers),
		cmocka_unit_test(proxies),
		cmocka_unit_test(systemd_itself),
		cmocka_unit_test(stopped_jobs),
		cmocka_unit_test(everybody_who_has_the_socket),
		cmocka_unit_test(the_parent_of_a_reloader),
		cmocka_unit_test(a_time_wait),
		cmocka_unit_test(a_fin_wait2),
		cmocka_unit_test(a_foreign_time_wait),
		cmocka_unit_test(the_listener_decides),
		cmocka_unit_test(roles),
		cmocka_unit_test(sharing),
		cmocka_unit_test(udp_holders),
		cmocka_unit_test(udp_holders_of_many_kinds),
		cmocka_unit_test(sockets_of_the_kernel),
		cmocka_unit_test(nobody_is_invented),
		cmocka_unit_test(other_errors),
		cmocka_unit_test(successes_are_not_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
