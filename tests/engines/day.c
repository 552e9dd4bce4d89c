// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A day of one host of a fleet, in lines of bindtrace/1 on standard output:
 *
 *   day HOST LINES
 *
 * HOST is a number from 1 on; the host is called node01, and so on. Planted, and to be found again:
 *   - node07: api.service is started every 2 s from 14:00 to 16:30, and its port 8080 is legacy-proxy.service's
 *   - node01 to node05: since 09:30 a new release of shop/checkout wants 9090, which metrics-agent.service has, every
 *     5 s; the release before it did so three times at 02:00
 *   - everywhere: web.service is started again every 2 minutes, against its own TIME_WAIT on port 3000
 *   - node03 loses 17 refusals at noon; node13's noise is refused ten times as often; node20 runs an older release
 * The rest is noise: jobs that want a port some tenant has, and get it two lines later.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "marked.h"
#include "verdict/verdict.h"

enum { JOBS = 20, TENANTS = 5, PAIRS = JOBS * TENANTS, LOST = 17, DAY_S = 86400 };

/* Who wants a port that somebody has. */
struct story {
	const char *asker, *pod, *holder;
	uint16_t port;
	bool time_wait;
	unsigned first_host, last_host, from_s, until_s, every_s; /* of what is planted */
	struct marked failure, folded, resolved;
	uint64_t refusals, began_ns, first_incident, incident;
};

static struct story planted[] = {
	{ .asker = "api",
	  .holder = "legacy-proxy",
	  .port = 8080,
	  .first_host = 7,
	  .last_host = 7,
	  .from_s = 50400,
	  .until_s = 59400,
	  .every_s = 2 },
	{ .asker = "checkout",
	  .pod = "checkout-5d8b9c7f6-q8r4t",
	  .holder = "metrics-agent",
	  .port = 9090,
	  .first_host = 1,
	  .last_host = 5,
	  .from_s = 7200,
	  .until_s = 7380,
	  .every_s = 60 },
	{ .asker = "checkout",
	  .pod = "checkout-6c9f7d5b8c-x2x7k",
	  .holder = "metrics-agent",
	  .port = 9090,
	  .first_host = 1,
	  .last_host = 5,
	  .from_s = 34200,
	  .until_s = DAY_S,
	  .every_s = 5 },
	{ .asker = "web",
	  .holder = "web",
	  .port = 3000,
	  .time_wait = true,
	  .first_host = 1,
	  .last_host = 20,
	  .until_s = DAY_S,
	  .every_s = 120 },
};
enum { N_PLANTED = sizeof(planted) / sizeof(*planted) };

static struct host_facts host = { .kernel = "6.1.0-28-amd64", .machine = "x86_64" };
static const struct coverage coverage = { .hook = BT_HOOK_FEXIT };
static const struct json_moment moment = { MARK_SEQ, MARK_BOOT_NS, MARK_TIME_NS };
static struct totals totals;
static uint64_t values[N_FIELDS], incidents;
static int memory; /* where the sink writes */

static void name(struct process *p, uint32_t pid, const char *comm)
{
	*p = (struct process){
		.pid = pid, .uid = 1000, .alive = 1, .fd = 3, .stopped = -1, .inherited = -1
	};
	snprintf(p->comm, sizeof(p->comm), "%s", comm);
	snprintf(p->exe, sizeof(p->exe), "/usr/sbin/%s", comm);
	p->cmdline_len = (uint16_t)snprintf(p->cmdline, sizeof(p->cmdline), "/usr/sbin/%s", comm);
	snprintf(p->unit, sizeof(p->unit), "%s.service", comm);
	snprintf(p->cgroup, sizeof(p->cgroup), "/system.slice/%s.service", comm);
}

static void name_pod(struct event *e, const char *pod)
{
	struct container *c = &e->asker.container;
	struct container_names *names = &e->containers[e->n_containers++];

	memset(c->id, 'c', 64);
	c->runtime = RUNTIME_CONTAINERD;
	strcpy(c->pod_uid, "5f0c2b1e-8a4d-4a1c-9c3e-2d7b6e5f4a39");
	*names = (struct container_names){ .name = "app", .pod_namespace = "shop" };
	strcpy(names->id, c->id);
	snprintf(names->pod_name, sizeof(names->pod_name), "%s", pod);
	snprintf(e->asker.cgroup, sizeof(e->asker.cgroup), "/kubepods/pod%s", c->pod_uid);
	e->asker.unit[0] = '\0';
}

static void prepare_holder(struct event *e, const struct story *s)
{
	struct bt_sock *sock = &e->rec.holders[0].sock;

	*sock = e->rec.sock;
	sock->sk = 1;
	sock->flags = BT_SOCK_CULPRIT;
	sock->state = s->time_wait ? 6 : 10; /* TCP_TIME_WAIT, TCP_LISTEN */
	e->rec.n_holders = 1;
	e->rec.totals = (struct bt_totals){ .total = 1,
					    .blocking = 1,
					    .blocking_lasting = !s->time_wait,
					    .still_reuseaddr = 1,
					    .still_reuseport = 1,
					    .blocking_wildcard = 1 };
	e->rec.totals.state[sock->state] = 1;
	if (s->time_wait) {
		sock->flags |= BT_SOCK_MINI;
		sock->substate = 6;
		sock->timer_left_ns = sock->frees_in_ns = TIME_WAIT_S * SECOND;
		e->rec.totals.last_free_ns = sock->frees_in_ns;
		name(&e->holders[0].closer, 4000, s->holder);
		e->holders[0].closer.alive = 0;
		return;
	}
	name(&e->processes[0], 812, s->holder);
	e->holders[0].n_processes = e->n_processes = 1;
	e->holders[0].opener = e->processes[0];
}

static void prepare_failure(struct event *e, const struct story *s)
{
	struct bt_record *r = &e->rec;

	memset(e, 0, sizeof(*e));
	e->seq = MARK_SEQ;
	e->realtime_ns = MARK_TIME_NS;
	r->hdr.kind = BT_KIND_REFUSAL;
	r->hdr.boottime_ns = MARK_BOOT_NS;
	r->operation = BT_OP_BIND;
	r->error = EADDRINUSE;
	r->walk = BT_WALK_DONE;
	r->addr_len = sizeof(struct sockaddr_in);
	r->sa_family = AF_INET;
	r->sock = (struct bt_sock){ .family = AF_INET, .protocol = IPPROTO_TCP, .port = MARK_PORT };
	e->sharers_known = true;
	name(&e->asker, MARK_PID, s->asker);
	r->task.pid = MARK_PID;
	if (s->pod)
		name_pod(e, s->pod);
	prepare_holder(e, s);
	e->repeat = (struct repeat){ .count = MARK_COUNT,
				     .adds = MARK_ADDS,
				     .first_ns = MARK_FIRST_NS,
				     .incident = MARK_INCIDENT };
	verdict_judge(e);
}

static void prepare(struct story *s)
{
	static struct event e;
	struct folded of = { .named = true };
	struct resolution story = { .incident = MARK_INCIDENT,
				    .operation = BT_OP_BIND,
				    .refusals = MARK_COUNT,
				    .after_ns = MARK_AFTER_NS };

	prepare_failure(&e, s);
	must(json_event(memory, &e, &host, &coverage), "json_event");
	marked_take(&s->failure, memory);
	of.key = (struct bt_fold_key){ .pid = MARK_PID,
				       .port = MARK_PORT,
				       .protocol = IPPROTO_TCP,
				       .error = EADDRINUSE,
				       .operation = BT_OP_BIND,
				       .family = AF_INET };
	strcpy(of.comm, e.asker.comm);
	must(json_folded(memory, &moment, &host, &of, &e.repeat), "json_folded");
	marked_take(&s->folded, memory);
	story.asked = e.rec.sock;
	must(json_resolved(memory, &moment, &host, &story, &e.asker), "json_resolved");
	marked_take(&s->resolved, memory);
}

static void tell(const struct marked *line)
{
	marked_write(line, values);
	values[SEQ]++;
}

/* By another process than before, or by the same one a few times more. */
static void refused(struct story *s, uint64_t times, bool again)
{
	if (!again) {
		s->incident = ++incidents;
		values[PID] = 10000 + incidents;
	}
	if (!s->refusals) {
		s->began_ns = values[TIME];
		s->first_incident = s->incident;
	}
	values[PORT] = s->port;
	values[INCIDENT] = s->incident;
	values[FIRST] = again ? s->began_ns : values[TIME];
	values[ADDS] = times;
	values[COUNT] = again ? times + 1 : times;
	s->refusals += times;
	*(again ? &totals.folded : &totals.printed) += times;
	totals.by_reason[s->time_wait ? REASON_TIME_WAIT : REASON_LISTENER] += times;
	tell(again ? &s->folded : &s->failure);
}

static void resolved(struct story *s)
{
	values[PORT] = s->port;
	values[INCIDENT] = s->first_incident;
	values[COUNT] = s->refusals;
	values[ADDS] = 0;
	values[AFTER] = values[TIME] - s->began_ns;
	tell(&s->resolved);
	s->refusals = 0;
}

/* Whether a planted story has something to tell now. */
static bool tell_planted(unsigned number)
{
	for (unsigned i = 0; i < N_PLANTED; i++) {
		struct story *s = &planted[i];
		uint64_t due_s = s->from_s + s->refusals * s->every_s;

		if (number < s->first_host || number > s->last_host ||
		    values[TIME] < due_s * SECOND)
			continue;
		if (due_s < s->until_s) {
			refused(s, 1, false);
			return true;
		}
		s->last_host = 0; /* it is over */
		if (s->until_s < DAY_S) {
			resolved(s);
			return true;
		}
	}
	return false;
}

static void tell_noise(struct story *pairs, unsigned number)
{
	static uint64_t draw = 88172645463325252ull, step;
	static struct story *s;

	switch (step++ % 3) {
	case 0:
		draw += step == 1 ? number : 0;
		draw ^= draw << 13, draw ^= draw >> 7, draw ^= draw << 17; /* xorshift64 */
		s = &pairs[draw % PAIRS];
		s->port = (uint16_t)(20000 + (draw >> 32) % 10000);
		refused(s, 1, false);
		break;
	case 1:
		refused(s, number == 13 ? 29 : 2, true);
		break;
	default:
		resolved(s);
	}
}

static void tell_day(struct story *pairs, unsigned number, uint64_t lines)
{
	static char *argv[] = { "bindtrace", "record", NULL };
	const char *version = number == 20 ? "0.0.9" : "0.1.0";
	struct marked header = { 0 }, lost = { 0 }, footer = { 0 };

	must(json_header(memory, &moment, &host, &coverage, version, 2, argv), "json_header");
	marked_take(&header, memory);
	must(json_lost(memory, &moment, &host, "ring_buffer", LOST), "json_lost");
	marked_take(&lost, memory);
	for (uint64_t i = 0; i + 1 < lines; i++) {
		values[TIME] = i * DAY_S * 1000 / lines * (SECOND / 1000);
		values[BOOTTIME] = values[TIME] + UPTIME_S * SECOND;
		values[FREES] = values[TIME] + TIME_WAIT_S * SECOND;
		if (!i)
			tell(&header);
		else if (number == 3 && i == lines / 2)
			tell(&lost), totals.lost = LOST;
		else if (!tell_planted(number))
			tell_noise(pairs, number);
	}
	must(json_footer(memory, &moment, &host, &totals), "json_footer");
	marked_take(&footer, memory);
	tell(&footer);
}

int main(int argc, char **argv)
{
	static struct story pairs[PAIRS];
	static char jobs[PAIRS][16], tenants[PAIRS][16];
	unsigned number = argc == 3 ? (unsigned)atoi(argv[1]) : 0;
	uint64_t lines = number ? strtoull(argv[2], NULL, 10) : 0;

	if (lines < 2)
		return 2;
	setvbuf(stdout, NULL, _IOFBF, 1 << 20);
	memory = memfd_create("line", MFD_CLOEXEC);
	snprintf(host.host, sizeof(host.host), "node%02u", number);
	for (unsigned i = 0; i < N_PLANTED; i++)
		prepare(&planted[i]);
	for (unsigned i = 0; i < PAIRS; i++) {
		snprintf(jobs[i], sizeof(*jobs), "job-%02u", i % JOBS);
		snprintf(tenants[i], sizeof(*tenants), "tenant-%u", i / JOBS);
		pairs[i].asker = jobs[i];
		pairs[i].holder = tenants[i];
		prepare(&pairs[i]);
	}
	tell_day(pairs, number, lines);
	return fflush(stdout) ? 1 : 0;
}
