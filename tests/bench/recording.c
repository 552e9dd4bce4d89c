// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Writes a recording as record does, out of refusals that nobody was told: the sink, the seal, the files.
 *
 *   recording FILE EVENTS
 *
 * prints "per_second N", the lines, "bytes N", and "peak_kb N", the most memory it had. A thousand endpoints are
 * refused in turn, each to an asker of its own, because of a listener; their repeats are counted.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "record/recorder.h"
#include "sink/json.h"
#include "verdict/verdict.h"

enum { ENDPOINTS = 1000, FIRST_PORT = 20000, FIRST_PID = 100000 };
#define BEGAN_NS 5000000000000ull
#define STEP_NS	 1000000ull

static struct host_facts host;
static const struct coverage coverage = { .hook = BT_HOOK_FEXIT };

static void must(int err, const char *what)
{
	if (!err)
		return;
	fprintf(stderr, "recording: %s: error %d\n", what, -err);
	exit(1);
}

static int header(void *context)
{
	static char *argv[] = { "bindtrace", "record", NULL };
	struct json_moment m = { .boottime_ns = BEGAN_NS, .realtime_ns = BEGAN_NS };

	return json_header(recorder_fd(*(struct recorder **)context), &m, &host, &coverage, "0", 2,
			   argv);
}

static int no_line(void *context)
{
	(void)context;
	return -ENOSYS;
}

static int no_loss(void *context, uint64_t refusals, uint64_t lines)
{
	(void)context, (void)refusals, (void)lines;
	return -ENOSYS;
}

static void name(struct process *p, uint32_t pid, const char *comm)
{
	*p = (struct process){ .pid = pid, .alive = 1, .fd = 3, .stopped = -1, .inherited = -1 };
	strcpy(p->comm, comm);
	snprintf(p->exe, sizeof(p->exe), "/usr/sbin/%s", comm);
	p->cmdline_len = (uint16_t)snprintf(p->cmdline, sizeof(p->cmdline), "/usr/sbin/%s", comm);
	snprintf(p->unit, sizeof(p->unit), "%s.service", comm);
	snprintf(p->cgroup, sizeof(p->cgroup), "/system.slice/%s.service", comm);
}

/* What does not differ between the events. */
static void prepare(struct event *e)
{
	struct bt_record *r = &e->rec;
	struct bt_sock *s = &r->sock;

	r->hdr.kind = BT_KIND_REFUSAL;
	r->operation = BT_OP_BIND;
	r->error = EADDRINUSE;
	r->walk = BT_WALK_DONE;
	r->addr_len = sizeof(struct sockaddr_in);
	*s = (struct bt_sock){ .family = AF_INET,
			       .protocol = IPPROTO_TCP,
			       .addr = { 127, 0, 0, 1 } };
	r->sa_family = s->family;
	r->n_holders = 1;
	r->holders[0].sock = *s;
	r->holders[0].sock.sk = 1;
	r->holders[0].sock.state = 10; /* TCP_LISTEN */
	r->holders[0].sock.flags = BT_SOCK_CULPRIT;
	r->totals = (struct bt_totals){ .total = 1, .blocking = 1, .blocking_lasting = 1 };
	r->totals.state[10] = 1;
	name(&e->processes[0], 812, "nginx");
	e->n_processes = 1;
	e->holders[0].n_processes = 1;
	e->holders[0].opener = e->processes[0];
	e->sharers_known = true;
}

static void vary(struct event *e, uint64_t i)
{
	uint32_t which = (uint32_t)(i % ENDPOINTS);

	e->seq = i + 1;
	e->realtime_ns = e->rec.hdr.boottime_ns = BEGAN_NS + i * STEP_NS;
	e->rec.sock.port = e->rec.holders[0].sock.port = (uint16_t)(FIRST_PORT + which);
	e->rec.holders[0].sock.inode = 1000 + which;
	name(&e->asker, FIRST_PID + which, "server");
	e->rec.task.pid = e->asker.pid;
	e->repeat = (struct repeat){ .count = i / ENDPOINTS + 1,
				     .first_ns = BEGAN_NS + which * STEP_NS,
				     .incident = which + 1,
				     .adds = 1 };
	verdict_judge(e);
}

static uint64_t take(struct recorder *recorder, uint64_t events)
{
	const struct json_moment end = { .seq = events + 1, .boottime_ns = BEGAN_NS };
	const struct totals totals = { .printed = events };
	static struct event e;
	uint64_t began = clock_boottime_ns();

	prepare(&e);
	for (uint64_t i = 0; i < events; i++) {
		vary(&e, i);
		must(json_event(recorder_fd(recorder), &e, &host, &coverage), "json_event");
		must(recorder_take(recorder, 1), "recorder_take");
	}
	must(json_footer(recorder_fd(recorder), &end, &host, &totals), "json_footer");
	must(recorder_take(recorder, 0), "recorder_take");
	return clock_boottime_ns() - began;
}

int main(int argc, char **argv)
{
	static struct recorder *recorder;
	const struct recorder_lines lines = { &recorder, header, no_line, no_loss };
	struct recorder_options options = { .path = argc > 1 ? argv[1] : NULL };
	uint64_t events = argc > 2 ? strtoull(argv[2], NULL, 10) : 0, ns;
	struct recorder_loss loss;
	struct rusage usage;
	struct stat st;
	bool moved;

	if (!events)
		return 2;
	must(seal_init(), "libsodium");
	host_facts_read(&host);
	must(recorder_open(&recorder, &options, &lines, &moved), options.path);
	must(header(&recorder), "json_header");
	must(recorder_take(recorder, 0), "recorder_take");
	ns = take(recorder, events);
	recorder_loss(recorder, &loss);
	must(loss.err, "the disk");
	must(recorder_close(recorder), "recorder_close");
	must(stat(options.path, &st), "stat");
	getrusage(RUSAGE_SELF, &usage);
	printf("per_second %.0f\nbytes %lld\npeak_kb %ld\n", (double)events * 1e9 / (double)ns,
	       (long long)st.st_size, usage.ru_maxrss);
	return 0;
}
