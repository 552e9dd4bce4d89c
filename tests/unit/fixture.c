/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#define _GNU_SOURCE /* memfd_create */
#include "fixture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define S 1000000000ull

static void address(uint8_t out[16], const char *ip)
{
	memset(out, 0, 16);
	assert_int_equal(inet_pton(strchr(ip, ':') ? AF_INET6 : AF_INET, ip, out), 1);
}

void fixture_process(struct process *p, uint32_t pid, const char *comm, const char *cmdline,
		     size_t size)
{
	memset(p, 0, sizeof(*p));
	p->pid = pid;
	p->uid = 1000;
	p->start_ns = pid * S;
	p->fd = -1;
	p->alive = -1;
	p->inherited = -1;
	snprintf(p->comm, sizeof(p->comm), "%s", comm);
	memcpy(p->cmdline, cmdline, size - 1);
	p->cmdline_len = (uint16_t)(size - 1);
}

static struct event *refused_bind(const char *ip, uint16_t port)
{
	struct event *e = calloc(1, sizeof(*e));
	struct bt_record *r = &e->rec;

	assert_non_null(e);
	e->seq = 7;
	e->realtime_ns = FIXTURE_REALTIME_NS;
	r->hdr.kind = BT_KIND_REFUSAL;
	r->hdr.boottime_ns = FIXTURE_BOOTTIME_NS;
	r->operation = BT_OP_BIND;
	r->error = EADDRINUSE;
	r->walk = BT_WALK_DONE;
	r->sock.family = AF_INET;
	r->sock.protocol = IPPROTO_TCP;
	r->sock.state = BT_TCP_CLOSE;
	r->sock.uid = 1000;
	r->sock.port = port;
	address(r->sock.addr, ip);
	r->sa_family = AF_INET;
	r->addr_len = 16;
	r->task.netns = 4026531840u;
	fixture_process(&e->asker, 4242, "python3", "python3\0app.py", sizeof("python3\0app.py"));
	strcpy(e->asker.user, "ana");
	strcpy(e->asker.unit, "user@1000.service");
	strcpy(e->parent_comm, "bash");
	e->asker.ppid = 4100;
	e->sharers_known = true;
	e->verdict.layer = LAYER_PORT_TABLE;
	return e;
}

static unsigned add_holder(struct event *e, const char *ip, uint16_t port, uint8_t state)
{
	unsigned i = e->rec.n_holders++;
	struct bt_sock *s = &e->rec.holders[i].sock;

	s->family = AF_INET;
	s->protocol = IPPROTO_TCP;
	s->state = state;
	s->port = port;
	address(s->addr, ip);
	e->holders[i].pair = (struct bt_pair){
		.blocks = 1,
		.overlap = BT_OVERLAP_SAME_ADDRESS,
		.reuseaddr = BT_REUSEADDR_BOTH_LACK,
		.reuseport = BT_REUSEPORT_BOTH_LACK,
	};
	e->rec.totals.total++;
	e->rec.totals.blocking++;
	e->rec.totals.state[state]++;
	return i;
}

unsigned fixture_add_time_wait(struct event *e, uint16_t peer_port)
{
	unsigned i = add_holder(e, "127.0.0.1", 8000, BT_TCP_TIME_WAIT);
	struct bt_sock *s = &e->rec.holders[i].sock;

	s->substate = BT_TCP_TIME_WAIT;
	s->flags = BT_SOCK_MINI;
	s->cookie = 0x955d00 + i;
	s->peer_port = peer_port;
	address(s->peer, "127.0.0.1");
	s->timer_left_ns = 59200000000;
	s->frees_in_ns = 60380000000;
	e->holders[i].role = ROLE_TIME_WAIT;
	fixture_process(&e->holders[i].closer, 4188, "python3", "python3\0app.py",
			sizeof("python3\0app.py"));
	e->holders[i].closer.alive = 0;
	e->holders[i].closer.time_ns = FIXTURE_BOOTTIME_NS - 8 * S / 10;
	return i;
}

struct event *fixture_time_wait(void)
{
	struct event *e = refused_bind("127.0.0.1", 8000);
	struct verdict *v = &e->verdict;

	v->culprit = v->decisive = (int)fixture_add_time_wait(e, 51234);
	v->reason = REASON_TIME_WAIT;
	v->has_frees_in = true;
	v->frees_in_ns = 60380000000;
	strcpy(v->summary, "neither socket set SO_REUSEADDR; the old connection keeps the port");
	v->n_advice = 2;
	v->advice[0] = (struct advice){ ACTION_WAIT, EFFECTIVE_AFTER_WAIT,
					"wait until then, or move to another port", "" };
	v->advice[1] =
		(struct advice){ ACTION_SET_REUSEADDR, EFFECTIVE_NEXT_RESTART,
				 "set SO_REUSEADDR before bind() in app.py: it helps from the "
				 "restart after this one",
				 "" };
	return e;
}

struct event *fixture_listener(void)
{
	struct event *e = refused_bind("127.0.0.1", 80);
	unsigned i = add_holder(e, "0.0.0.0", 80, BT_TCP_LISTEN);
	struct holder *h = &e->holders[i];

	h->role = ROLE_LISTENER;
	h->pair.overlap = BT_OVERLAP_HOLDER_WILDCARD;
	fixture_process(&h->opener, 812, "nginx", "nginx: master process /usr/sbin/nginx",
			sizeof("nginx: master process /usr/sbin/nginx"));
	h->opener.alive = 1;
	h->opener.uid = 0;
	h->opener.time_ns = FIXTURE_BOOTTIME_NS - 200 * S;
	strcpy(h->opener.unit, "nginx.service");
	for (uint32_t pid = 812; pid <= 817; pid++) {
		struct process *p = &e->processes[e->n_processes++];

		fixture_process(p, pid, "nginx", "nginx: worker", sizeof("nginx: worker"));
		p->fd = 6;
		p->alive = 1;
		p->inherited = pid != 812;
		h->n_processes++;
	}
	e->verdict.culprit = e->verdict.decisive = (int)i;
	e->verdict.reason = REASON_LISTENER;
	strcpy(e->verdict.summary, "nginx listens there");
	e->verdict.n_advice = 2;
	e->verdict.advice[0] = (struct advice){ ACTION_STOP_HOLDER, EFFECTIVE_NOW, "stop nginx",
						"systemctl stop nginx.service" };
	e->verdict.advice[1] = (struct advice){ ACTION_USE_OTHER_PORT, EFFECTIVE_NOW,
						"or move to another port", "" };
	return e;
}

void fixture_container(struct process *p)
{
	p->container.runtime = RUNTIME_DOCKER;
	strcpy(p->container.id, "0123456789abcdef");
	p->pid_in_namespace = 7;
}

void fixture_container_name(struct event *e, const struct process *p)
{
	e->n_containers = 1;
	strcpy(e->containers[0].id, p->container.id);
	strcpy(e->containers[0].name, "web\033");
}

struct folded fixture_folded(uint32_t pid)
{
	return (struct folded){ .key = { .pid = pid,
					 .port = 8000,
					 .protocol = IPPROTO_TCP,
					 .family = AF_INET,
					 .error = EADDRINUSE,
					 .operation = BT_OP_BIND,
					 .addr = { 127, 0, 0, 1 } },
				.comm = "python3",
				.named = true };
}

int fixture_open(void)
{
	int fd = memfd_create("sink", MFD_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

/* Lines of JSON are held against the schema later: tests/install/schema.py. */
static void keep(const char *text)
{
	const char *name = getenv("BINDTRACE_SEEN");
	FILE *seen = name && !strncmp(text, "{\"schema\"", 9) ? fopen(name, "a") : NULL;

	if (!seen)
		return;
	fputs(text, seen);
	fclose(seen);
}

char *fixture_read(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	char *text = malloc((size_t)size + 1);

	assert_non_null(text);
	assert_int_equal(pread(fd, text, (size_t)size, 0), size);
	text[size] = '\0';
	keep(text);
	return text;
}
