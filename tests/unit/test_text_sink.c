/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "replayed.h"

static const struct text_options plain;

static void expect(const struct event *e, const struct text_options *o, const char *expected)
{
	char *text = replayed_text(e, o);

	assert_string_equal(text, expected);
	free(text);
}

static void expect_part(const struct event *e, const struct text_options *o, const char *part)
{
	char *text = replayed_text(e, o);

	if (!strstr(text, part))
		fail_msg("no \"%s\" in:\n%s", part, text);
	free(text);
}

static void sample_of_the_issue(void **state)
{
	struct event *e = fixture_time_wait();

	(void)state;
	expect(e, &plain,
	       "09:41:07.123  bind refused: tcp 127.0.0.1:8000  EADDRINUSE\n"
	       "  who   python3[4242] \"python3 app.py\"  uid 1000 (ana)  unit user@1000.service\n"
	       "  held  TIME_WAIT 127.0.0.1:8000 <- 127.0.0.1:51234, closed by python3[4188] "
	       "\"python3 app.py\" (exited) 0.8 s ago\n"
	       "  why   neither socket set SO_REUSEADDR; the old connection keeps the port\n"
	       "  frees in 60.4 s, at 09:42:07.6\n"
	       "  do    wait until then, or move to another port\n"
	       "        set SO_REUSEADDR before bind() in app.py: "
	       "it helps from the restart after this one\n");
	free(e);
}

static void listener_with_workers(void **state)
{
	struct event *e = fixture_listener();

	(void)state;
	expect(e, &plain,
	       "09:41:07.123  bind refused: tcp 127.0.0.1:80  EADDRINUSE\n"
	       "  who   python3[4242] \"python3 app.py\"  uid 1000 (ana)  unit user@1000.service\n"
	       "  held  LISTEN 0.0.0.0:80 by nginx[812] \"nginx: master process "
	       "/usr/sbin/nginx\" "
	       "for 3 min  unit nginx.service, shared with nginx[813], nginx[814], nginx[815] and "
	       "2 more\n"
	       "  why   nginx listens there\n"
	       "  do    stop nginx:  systemctl stop nginx.service\n"
	       "        or move to another port\n");

	/* the opener has exited, its children hold on; one of them twice */
	e->holders[0].opener.alive = 0;
	e->holders[0].first_process = 1;
	e->holders[0].n_processes = 3;
	e->processes[3] = e->processes[2];
	expect_part(e, &plain,
		    " by nginx[813] \"nginx: worker\", nginx[814], opened by nginx[812] ");
	expect_part(e, &plain, " (exited) 3 min ago\n");

	/* nobody saw who opened it */
	memset(&e->holders[0].opener, 0, sizeof(e->holders[0].opener));
	expect_part(e, &plain, "LISTEN 0.0.0.0:80 by nginx[813] \"nginx: worker\", nginx[814]\n");
	e->holders[0].n_processes = 0;
	expect_part(e, &plain, "LISTEN 0.0.0.0:80, no process has it open\n");
	e->sharers_known = false;
	expect_part(e, &plain, "LISTEN 0.0.0.0:80, owner not seen\n");

	/* known only from the look around at the start: no claim about who opened it */
	e->holders[0].opener = e->asker;
	e->holders[0].opener.time_ns = 0;
	expect_part(e, &plain, ", when tracing began open in python3[4242], the asker itself\n");
	free(e);
}

/* Neither a process of its own, nor one that could be named. */
static void held_by_no_process(void **state)
{
	struct event *e = fixture_listener();
	struct bt_sock *s = &e->rec.holders[0].sock;

	(void)state;
	e->holders[0].n_processes = 0;
	s->inode = 4711;
	expect_part(e, &plain,
		    ", no process has it open now (it is closed, or io_uring or a message under way has it)\n");
	s->kernel = 1;
	expect_part(e, &plain, " 3 min ago, a socket of the kernel's own\n");
	free(e);
}

static void asked_otherwise(void **state)
{
	struct event *e = fixture_listener();

	(void)state;
	e->rec.uring = 1;
	expect_part(e, &plain, "unit user@1000.service  through io_uring\n");
	e->rec.uring = 0;
	e->rec.sock.kernel = 1;
	expect_part(e, &plain, "  for which the kernel binds a socket of its own\n");
	free(e);
}

/* What the opener is called now, where it was another program, or a thread, that opened the socket. */
static void opener_by_another_name(void **state)
{
	struct event *e = fixture_listener();

	(void)state;
	strcpy(e->holders[0].opener.comm, "systemd-socket-");
	expect_part(e, &plain,
		    " by nginx[812] \"nginx: worker\" for 3 min, shared with nginx[813]");
	free(e);
}

static void opened_by_the_asker(void **state)
{
	struct event *e = fixture_listener();

	(void)state;
	e->asker.pid = 812;
	e->asker.start_ns = e->processes[0].start_ns;
	expect_part(e, &plain,
		    " by nginx[812], the asker itself, for 3 min, shared with nginx[813]");
	e->holders[0].opener.time_ns = 0;
	expect_part(e, &plain, " by nginx[812], the asker itself, shared with nginx[813]");
	free(e);
}

/* The holder as people know it. */
static void known_as(void **state)
{
	struct event *e = fixture_listener();
	struct process *p = &e->holders[0].opener;

	(void)state;
	fixture_container(p);
	expect_part(e, &plain, "for 3 min  container 0123456789ab (docker), pid 7 inside, shared");
	fixture_container_name(e, p);
	expect_part(e, &plain, "  container web\\x1b (docker), pid 7 inside");
	strcpy(p->container.pod_uid, "0f1e");
	expect_part(e, &plain, "  pod 0f1e  container web\\x1b (docker)");
	strcpy(e->containers[0].pod_name, "web-0");
	strcpy(e->containers[0].pod_namespace, "prod");
	expect_part(e, &plain, "  pod prod/web-0  container ");
	p->forwards = true;
	p->to_family = AF_INET;
	p->to_port = 80;
	memcpy(p->to_addr, "\xac\x11\0\x02", 4);
	expect_part(e, &plain,
		    "\" -> container web\\x1b (docker) at 172.17.0.2:80 for 3 min, shared");
	memset(&p->container, 0, sizeof(p->container));
	expect_part(e, &plain, "\" -> 172.17.0.2:80 for 3 min");
	free(e);
}

static void family(void **state)
{
	struct event *e = fixture_listener();
	struct process *p = &e->holders[0].opener, *first = &e->processes[0];

	(void)state;
	p->stopped = 1;
	expect_part(e, &plain, "\" (stopped) for 3 min");
	p->shell.pid = 700;
	expect_part(e, &plain, "\" (stopped, as by Ctrl-Z) for 3 min");
	p->stopped = 0;
	p->start_ns = FIXTURE_BOOTTIME_NS - 180000000000;
	first->start_ns = p->start_ns;
	p->same_program = p->orphaned = true;
	expect_part(
		e, &plain,
		"\" (the same program, started 3 min ago, its own parent has exited) for 3 min");
	p->relation = RELATION_PARENT;
	expect_part(e, &plain, "\" (the asker's parent, the same program, started");
	first->n_parents = e->asker.n_parents = 2;
	first->parents[0] = e->asker.parents[0] = (struct ancestor){ 700, "ba\033sh" };
	first->parents[1] = e->asker.parents[1] = (struct ancestor){ 1, "systemd" };
	strcpy(e->netns_name, "blue");
	expect_part(e, &(struct text_options){ .verbose = 1 },
		    "\n        nginx[812] started by ba\\x1bsh[700] <- systemd[1]\n");
	expect_part(
		e, &(struct text_options){ .verbose = 1 },
		"started by ba\\x1bsh[700] <- systemd[1], network namespace 4026531840 (blue)\n");
	e->netns_foreign = true;
	expect_part(e, &plain, "unit user@1000.service  netns blue\n");
	free(e);
}

static void many_holders(void **state)
{
	struct event *e = fixture_time_wait();

	(void)state;
	for (uint16_t port = 51235; port < 51239; port++)
		fixture_add_time_wait(e, port);
	e->verdict.decisive = 2;
	e->rec.totals.blocking = e->rec.totals.state[BT_TCP_TIME_WAIT] = 30000;
	e->rec.totals.state[BT_TCP_ESTABLISHED] = 2;
	/* the decisive one first */
	expect_part(e, &plain, "  held  TIME_WAIT 127.0.0.1:8000 <- 127.0.0.1:51236,");
	expect_part(
		e, &plain,
		"\n        TIME_WAIT 127.0.0.1:8000 <- 127.0.0.1:51234, closed by the same process "
		"0.8 s ago\n");
	expect_part(e, &plain,
		    "\n        and 29997 more in the way; on the port in all: 2 ESTABLISHED, 30000 "
		    "TIME_WAIT\n");
	e->rec.walk |= BT_WALK_TRUNCATED;
	expect_part(
		e, &plain,
		"\n        and at least 29997 more in the way; on the port in all: at least 2 ");
	/* the others are in the record, and somebody wants to see them */
	expect_part(e, &(struct text_options){ .verbose = 1 }, "51238, closed by");
	expect_part(e, &(struct text_options){ .verbose = 1 }, "and at least 29995 more");
	free(e);
}

static void not_in_the_way(void **state)
{
	struct event *e = fixture_time_wait();
	char *text;

	(void)state;
	fixture_add_time_wait(e, 51235);
	e->holders[1].pair.blocks = 0;
	e->rec.totals.blocking = 1;
	text = replayed_text(e, &plain);
	assert_null(strstr(text, "51235"));
	assert_null(strstr(text, "more"));
	free(text);
	expect_part(e, &(struct text_options){ .verbose = 1 },
		    "\n  also  TIME_WAIT 127.0.0.1:8000 <- 127.0.0.1:51235,");
	free(e);
}

static void verbose_clauses(void **state)
{
	struct event *e = fixture_time_wait();
	struct text_options o = { .verbose = 1 };

	(void)state;
	strcpy(e->asker.exe, "/usr/bin/python3.11");
	expect_part(
		e, &o,
		"\n        started by bash[4100], program /usr/bin/python3.11, network namespace "
		"4026531840\n");
	expect_part(e, &o,
		    "\n        same address; SO_REUSEADDR set by neither; SO_REUSEPORT set by "
		    "neither\n");
	free(e);
}

static void what_is_not_known(void **state)
{
	struct event *e = fixture_time_wait();

	(void)state;
	e->holders[0].closer.pid = 0;
	expect_part(e, &plain, "51234, closer not seen\n");
	e->verdict.frees_at_least = true;
	expect_part(e, &plain, "  frees in at least 60.4 s, at 09:42:07.6 or later\n");
	e->rec.walk = BT_WALK_DONE | BT_WALK_STALE;
	expect_part(e, &plain, "changed while they were read: some may be missing\n");
	e->rec.walk = e->rec.n_holders = e->rec.totals.blocking = 0;
	e->verdict.culprit = e->verdict.decisive = -1;
	expect_part(e, &plain, "  held  not seen: the port's sockets could not be read\n");
	e->rec.error = EINVAL;
	e->rec.addr_len = 7;
	expect_part(e, &plain,
		    "bind refused: tcp (no usable address: family 2, 7 bytes)  EINVAL\n");
	e->rec.error = 4000;
	expect_part(e, &plain, "  E? 4000\n");
	free(e);
}

static void endpoints(void **state)
{
	struct event *e = fixture_time_wait();

	(void)state;
	e->rec.sock.ifindex = 3;
	expect_part(e, &plain, "tcp 127.0.0.1%3:8000  ");
	e->rec.operation = BT_OP_LISTEN;
	e->rec.sock.family = AF_INET6;
	memset(e->rec.sock.addr, 0, 16);
	e->rec.sock.addr[15] = 1;
	e->rec.sock.ifindex = 0;
	expect_part(e, &plain, "listen refused: tcp [::1]:8000  ");
	memcpy(e->rec.sock.addr, "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\x01", 16);
	e->rec.sock.ifindex = 2;
	expect_part(e, &plain, "tcp [fe80::1%2]:8000  ");
	e->holders[0].role = ROLE_OUTGOING;
	expect_part(e, &plain, "127.0.0.1:8000 -> 127.0.0.1:51234");
	e->rec.holders[0].sock.flags = 0;
	e->holders[0].opener = e->holders[0].closer;
	expect_part(e, &plain,
		    "51234, connected by python3[4188] \"python3 app.py\" (exited) 0.8 s ago");
	free(e);
}

static void hostile_bytes(void **state)
{
	struct event *e = fixture_listener();
	char *text;
	unsigned lines = 0;

	(void)state;
	strcpy(e->asker.comm, "a\nb\033[2J\xff\xc2\x9b");
	memcpy(e->asker.cmdline, "x\0\033]0;y\a\0\n", 10);
	e->asker.cmdline_len = 10;
	strcpy(e->asker.user, "\033[8m");
	strcpy(e->asker.unit, "\r.service");
	strcpy(e->parent_comm, "\033c");
	strcpy(e->asker.exe, "/\n");
	strcpy(e->holders[0].opener.comm, "\033[31m");
	strcpy(e->holders[0].opener.unit, "");
	strcpy(e->holders[0].opener.cgroup, "/\033\n");
	strcpy(e->processes[1].comm, "\x1b\x9b");
	strcpy(e->verdict.summary, "\033[31m says \n");
	strcpy(e->verdict.advice[0].text, "\n\033");
	strcpy(e->verdict.advice[0].command, "kill '\033\n'");
	text = replayed_text(e, &(struct text_options){ .verbose = 1, .wide = true });
	for (const char *c = text; *c; c++) {
		lines += *c == '\n';
		assert_true(*c == '\n' || ((unsigned char)*c >= 0x20 && (unsigned char)*c < 0x7f));
	}
	assert_int_equal(lines, 8);
	assert_non_null(
		strstr(text, "a\\nb\\x1b[2J\\xff\\xc2\\x9b[4242] \"x $'\\x1b]0;y\\x07' $'\\n'\""));
	free(text);
	free(e);
}

#define LONG                                                                                       \
	"/opt/python/3.11.7/bin/python3\0-m\0http.server\0"                                        \
	"8000\0--bind\0"                                                                           \
	"127.0.0.1"
#define TITLE "nginx: master process /usr/sbin/nginx -c /etc/nginx/nginx.conf -g x"

static void long_command_lines(void **state)
{
	struct event *e = fixture_time_wait();
	char *text;

	(void)state;
	memset(e->asker.cmdline, 'x', sizeof(e->asker.cmdline));
	e->asker.cmdline_len = 200;
	text = replayed_text(e, &plain);
	assert_non_null(strstr(text, "xxx...\"  uid"));
	assert_true(strchr(strchr(text, '\n') + 1, '\n') - strchr(text, '\n') < 130);
	free(text);
	expect_part(e, &(struct text_options){ .wide = true }, "xxx\"  uid");
	/* the kernel side cut it */
	e->asker.cmdline_len = sizeof(e->asker.cmdline);
	expect_part(e, &(struct text_options){ .wide = true }, "xxx...\"  uid");
	/* where it is goes before what it was told to do */
	fixture_process(&e->asker, 4242, "python3", LONG, sizeof(LONG));
	expect_part(e, &plain,
		    "python3[4242] \"python3 -m http.server 8000 --bind 127.0.0.1\"  uid");
	expect_part(e, &(struct text_options){ .wide = true },
		    " \"/opt/python/3.11.7/bin/python3 -m");
	fixture_process(&e->asker, 4242, "nginx", TITLE, sizeof(TITLE));
	expect_part(e, &plain, " \"nginx: master process /usr/sbin/nginx -c /etc/nginx/ngi...\"");
	free(e);
}

static void biggest_report_ends_in_a_newline(void **state)
{
	struct event *e = fixture_listener();
	char *text;

	(void)state;
	while (e->rec.n_holders < BT_MAX_HOLDERS)
		fixture_add_time_wait(e, 1);
	for (unsigned i = 0; i < BT_MAX_HOLDERS; i++) {
		struct process *closer = &e->holders[i].closer;

		closer->pid = i + 1;
		memset(closer->cmdline, 1, sizeof(closer->cmdline));
		closer->cmdline_len = sizeof(closer->cmdline);
		memset(closer->cgroup, 1, sizeof(closer->cgroup) - 1);
		e->holders[i].opener = *closer;
		e->holders[i].n_processes = 6;
	}
	text = replayed_text(e,
			     &(struct text_options){ .verbose = 1, .wide = true, .color = true });
	assert_true(strlen(text) > 20000);
	assert_non_null(strstr(text, "or move to another port\n"));
	assert_int_equal(text[strlen(text) - 1], '\n');
	free(text);
	free(e);
}

static void colours_and_timestamps(void **state)
{
	struct event *e = fixture_time_wait();
	char *text = replayed_text(e, &plain);

	(void)state;
	assert_null(strchr(text, '\033'));
	free(text);
	expect_part(e, &(struct text_options){ .color = true }, "\033[1;31mbind\033[0m");
	expect_part(e, &(struct text_options){ .timestamps = true },
		    "2026-11-23T09:41:07.123456789Z  bind refused: ");
	expect_part(e, &(struct text_options){ .timestamps = true },
		    "60.4 s, at 2026-11-23T09:42:07.6Z\n");
	free(e);
}

/* What stands where others have a port is an identifier, or nothing at all. */
static void no_ports(void **state)
{
	struct event *e = fixture_listener();

	(void)state;
	e->rec.sock.protocol = e->rec.holders[0].sock.protocol = IPPROTO_ICMP;
	e->holders[0].role = ROLE_PING;
	e->rec.holders[0].sock.state = BT_TCP_CLOSE;
	expect_part(e, &plain, "bind refused: icmp 127.0.0.1 id 80  EADDRINUSE\n");
	expect_part(e, &plain, "  held  BOUND 0.0.0.0 id 80 by nginx[812]");
	e->rec.n_holders = 0;
	e->verdict.decisive = e->verdict.culprit = -1;
	e->rec.walk = 0;
	e->holders_from_files = true;
	expect_part(e, &plain, "  held  not seen: no process had it open");
	e->rec.sock.protocol = IPPROTO_RAW;
	e->rec.bound_port = 47;
	expect_part(e, &plain, "bind refused: raw 127.0.0.1 (IP protocol 47)  EADDRINUSE\n");
	free(e);
}

static void repeats(void **state)
{
	struct event *e = fixture_time_wait();
	struct folded of = fixture_folded(4242);
	const struct repeat many = { .adds = 41, .since_ns = 3200000000 }, one = { .adds = 1 };
	int fd = fixture_open();
	char *text;

	(void)state;
	strcpy(of.comm, "pyth\033n3");
	e->repeat = (struct repeat){ 42, FIXTURE_BOOTTIME_NS - 3200000000, 1, 42, 0 };
	expect_part(e, &plain, "EADDRINUSE  (42 times in 3.2 s)\n");
	free(e);

	assert_int_equal(text_folded(fd, &plain, &of, &many, FIXTURE_REALTIME_NS), 0);
	strcpy(of.comm, "python3");
	assert_int_equal(text_folded(fd, &plain, &of, &one, FIXTURE_REALTIME_NS), 0);
	of.key.family = AF_UNIX; /* its address is a hash: nobody wants to see that */
	of.key.protocol = 0;
	strcpy(of.path, "/run/\033.sock");
	of.path_len = sizeof("/run/\033.sock");
	assert_int_equal(text_folded(fd, &plain, &of, &one, FIXTURE_REALTIME_NS), 0);
	of.named = false;
	assert_int_equal(text_folded(fd, &plain, &of, &one, FIXTURE_REALTIME_NS), 0);
	of.key.pid = 0;
	assert_int_equal(text_folded(fd, &plain, &of, &many, FIXTURE_REALTIME_NS), 0);
	text = fixture_read(fd);
	assert_string_equal(
		text,
		"09:41:07.123  ... 41 more refusals of the same by pyth\\x1bn3[4242] in 3.2 s: "
		"bind tcp 127.0.0.1:8000  EADDRINUSE\n"
		"09:41:07.123  ... 1 more refusal of the same by python3[4242] in 0.0 s: "
		"bind tcp 127.0.0.1:8000  EADDRINUSE\n"
		"09:41:07.123  ... 1 more refusal of the same by python3[4242] in 0.0 s: "
		"bind unix /run/\\x1b.sock  EADDRINUSE\n"
		"09:41:07.123  ... 1 more refusal of the same by python3[4242] in 0.0 s: "
		"bind unix (no usable address)  EADDRINUSE\n"
		"09:41:07.123  ... 41 more refusals, equal to some that were told of\n");
	free(text);
	close(fd);
}

static void success_line(void **state)
{
	struct event *e = fixture_time_wait();

	(void)state;
	e->rec.hdr.kind = BT_KIND_BOUND;
	e->rec.error = 0;
	expect(e, &plain, "09:41:07.123  bound tcp 127.0.0.1:8000 by python3[4242]\n");
	free(e);
}

static void trial(void **state)
{
	struct event *e = fixture_time_wait();
	char *text;

	(void)state;
	e->trial = true;
	text = replayed_text(e, &(struct text_options){ .verbose = 1 });
	assert_memory_equal(text, "bind would be refused: tcp 127.0.0.1:8000  EADDRINUSE\n", 54);
	assert_non_null(strstr(text, "\n  who   uid 1000 (ana)\n  held  TIME_WAIT "));
	free(text);
	free(e);
}

static void header_and_footer(void **state)
{
	struct coverage c = { .hook = BT_HOOK_FEXIT, .read = READ_SNAPSHOT };
	struct totals t = { .printed = 3,
			    .folded = 9,
			    .by_reason = { [REASON_TIME_WAIT] = 11, [REASON_LISTENER] = 1 } };
	int fd = fixture_open();
	char *text;

	(void)state;
	assert_int_equal(text_header(fd, &plain, &c), 0);
	c = (struct coverage){ BT_HOOK_TRACEPOINT, READ_NONE,
			       MISSING_IO_URING | MISSING_KERNEL_BINDERS | MISSING_COMPAT };
	assert_int_equal(text_header(fd, &plain, &c), 0);
	c = (struct coverage){ BT_HOOK_ITERATOR, READ_ITERATOR, MISSING_UNIX | MISSING_BOUND };
	assert_int_equal(text_header(fd, &(struct text_options){ .verbose = 1 }, &c), 0);
	c = (struct coverage){ BT_HOOK_KPROBE_MULTI, READ_SNAPSHOT, MISSING_COOKIES };
	assert_int_equal(text_header(fd, &plain, &c), 0);
	assert_int_equal(text_footer(fd, &plain, &t), 0);
	assert_int_equal(text_footer(fd, &(struct text_options){ .verbose = 1 }, &t), 0);
	text = fixture_read(fd);
	assert_string_equal(
		text,
		"watching for refused binds by fexit\n"
		"watching for refused binds by tracepoint, degraded: who holds a port is not seen, "
		"and 3 things are not seen here (-v or bindtrace doctor names them)\n"
		"watching for refused binds by iterator, degraded: who holds a port is looked up "
		"1 ms after the refusal, and 2 things are not seen here\n"
		"  gaps  UNIX sockets\n"
		"        TCP sockets that are bound and do not listen\n"
		"watching for refused binds by kprobe_multi, degraded: 1 thing is not seen here "
		"(-v or bindtrace doctor names it)\n"
		"refused 12 = printed 3 + folded 9 + lost 0\n"
		"refused 12 = printed 3 + folded 9 + lost 0\n"
		"by reason: listener 1, time_wait 11\n");
	free(text);
	close(fd);
}

static void clock_lines(void **state)
{
	struct clock_change change = { .set_ns = 3600000000000 };
	int fd = fixture_open();
	char *text;

	(void)state;
	assert_int_equal(text_clock(fd, &plain, &change, FIXTURE_REALTIME_NS), 0);
	change = (struct clock_change){ .set_ns = -1500000000, .slept_ns = 42000000000 };
	assert_int_equal(text_clock(fd, &plain, &change, FIXTURE_REALTIME_NS), 0);
	text = fixture_read(fd);
	assert_string_equal(
		text,
		"09:41:07.123  clock set forward by 60 min: every time above, also when a port "
		"frees, is now so much later\n"
		"09:41:07.123  clock set back by 1.5 s: every time above, also when a port frees, "
		"is now so much earlier\n"
		"09:41:07.123  asleep for 42.0 s: ports that were to free by themselves do so that "
		"much later\n");
	free(text);
	close(fd);
}

static void reader_gone(void **state)
{
	struct event *e = fixture_time_wait();
	int fds[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(fds), 0);
	close(fds[0]);
	assert_int_equal(text_event(fds[1], &plain, e), -EPIPE);
	close(fds[1]);
	free(e);
}

static int utc(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sample_of_the_issue),
		cmocka_unit_test(listener_with_workers),
		cmocka_unit_test(held_by_no_process),
		cmocka_unit_test(asked_otherwise),
		cmocka_unit_test(opener_by_another_name),
		cmocka_unit_test(opened_by_the_asker),
		cmocka_unit_test(known_as),
		cmocka_unit_test(family),
		cmocka_unit_test(many_holders),
		cmocka_unit_test(not_in_the_way),
		cmocka_unit_test(verbose_clauses),
		cmocka_unit_test(what_is_not_known),
		cmocka_unit_test(endpoints),
		cmocka_unit_test(hostile_bytes),
		cmocka_unit_test(long_command_lines),
		cmocka_unit_test(biggest_report_ends_in_a_newline),
		cmocka_unit_test(colours_and_timestamps),
		cmocka_unit_test(no_ports),
		cmocka_unit_test(repeats),
		cmocka_unit_test(success_line),
		cmocka_unit_test(trial),
		cmocka_unit_test(header_and_footer),
		cmocka_unit_test(clock_lines),
		cmocka_unit_test(reader_gone),
	};

	return cmocka_run_group_tests_name("text sink", tests, utc, NULL);
}
