// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* bindtrace [trace]: live, from the source through enrich and verdict to the sink. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "cmd/commands.h"
#include "cmd/fold.h"
#include "cmd/look.h"
#include "enrich/process.h"
#include "sink/json.h"
#include "sink/text.h"
#include "source/decode.h"
#include "verdict/verdict.h"

#define SECOND	1000000000ull
#define FOLD_NS (SECOND / 10)

/* What ended the loop. */
enum ending { GOING_ON, ENDED, READER_GONE };

struct trace {
	const struct options *o;
	struct capabilities caps;
	struct bpf_source *source;
	struct coverage coverage;
	struct host_facts host;
	struct text_options text;
	struct totals totals;
	struct fold_table folds;
	struct event event;
	struct bt_record queue[LOOK_RECORDS];
	uint32_t lengths[LOOK_RECORDS];
	unsigned queued;
	struct look look;
	uint64_t seq;
	uint64_t lost_told; /* lost refusals the reader knows of */
	int epoll, signals, tick, deadline;
	int err; /* of the sink */
	bool enough;
	bool more;	 /* reading stopped with records left */
	uint64_t beyond; /* refusals that came after what --count asked for */
};

static bool want_color(const struct options *o)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");

	if (o->color != COLOR_AUTO)
		return o->color == COLOR_ALWAYS;
	return isatty(STDOUT_FILENO) && !(no_color && *no_color) &&
	       !(term && !strcmp(term, "dumb"));
}

static struct json_moment now(struct trace *t)
{
	struct json_moment m = { .seq = t->seq++, .boottime_ns = clock_boottime_ns() };

	m.realtime_ns = clock_realtime_ns(m.boottime_ns, clock_offset_ns());
	return m;
}

/* Remembers the first thing that went wrong with the output; the loop ends by it. */
static void wrote(struct trace *t, int err)
{
	if (err && !t->err)
		t->err = err;
}

static void tell_event(struct trace *t, struct event *e)
{
	e->seq = t->seq++;
	if (t->o->json)
		wrote(t, json_event(STDOUT_FILENO, e, &t->host, &t->coverage));
	else
		wrote(t, text_event(STDOUT_FILENO, &t->text, e));
	if (e->rec.hdr.kind != BT_KIND_REFUSAL)
		return;
	t->totals.printed++;
	if (t->o->count && t->totals.printed >= t->o->count)
		t->enough = true;
}

/* Every refusal the kernel side counted of this kind had this reason, as far as anybody looked. */
static void account(struct trace *t, struct fold_entry *f)
{
	t->totals.by_reason[f->reason] += f->seen - f->accounted;
	f->accounted = f->seen;
}

static void told(struct fold_entry *f, uint64_t ns)
{
	f->told = f->seen;
	f->told_ns = ns;
}

/* The line that says it goes on; JSON says the same by the event itself, with its count. */
static void tell_more(struct trace *t, struct fold_entry *f)
{
	uint64_t ns = f->last_ns;

	if (!t->o->json)
		wrote(t, text_folded(STDOUT_FILENO, &t->text, &f->of, f->seen - f->told,
				     ns - f->told_ns, clock_realtime_ns(ns, clock_offset_ns())));
	told(f, ns);
}

static void tell_refusal(struct trace *t, struct event *e)
{
	enum fold_answer answer;
	struct fold_entry *f;

	if (t->o->no_fold) {
		e->repeat.count = e->rec.nth;
		e->repeat.first_ns = e->rec.first_ns;
		t->totals.by_reason[e->verdict.reason]++;
		tell_event(t, e);
		return;
	}
	answer = fold_event(&t->folds, e, &f);
	if (!f) {
		t->totals.by_reason[e->verdict.reason]++;
		tell_event(t, e);
		return;
	}
	account(t, f);
	if (answer == FOLD_NEW || (answer == FOLD_AGAIN && t->o->json)) {
		tell_event(t, e);
		told(f, e->rec.hdr.boottime_ns);
		return;
	}
	if (answer == FOLD_AGAIN)
		tell_more(t, f);
}

static void tell_record(struct trace *t, unsigned i)
{
	struct event *e = &t->event;

	if (decode_record(e, &t->queue[i], t->lengths[i]))
		return;
	look_apply(&t->look, e, i);
	enrich_event(e);
	verdict_judge(e);
	if (e->rec.hdr.kind == BT_KIND_REFUSAL)
		tell_refusal(t, e);
	else
		tell_event(t, e);
}

static void tell_queue(struct trace *t)
{
	unsigned i;

	look_around(&t->look, t->source, t->queue, t->queued);
	for (i = 0; i < t->queued && !t->err && !t->enough; i++)
		tell_record(t, i);
	for (; i < t->queued; i++)
		t->beyond += t->queue[i].hdr.kind == BT_KIND_REFUSAL;
	t->queued = 0;
}

static int on_record(void *context, const struct bt_record *record, uint32_t len)
{
	struct trace *t = context;

	if (len > sizeof(*record))
		len = sizeof(*record);
	memcpy(&t->queue[t->queued], record, len);
	t->lengths[t->queued++] = len;
	if (t->queued == LOOK_RECORDS) {
		tell_queue(t);
		t->more = true;
	}
	return t->err || t->more;
}

/* A queue full at most: signals and the clock must get their turn in a storm that never ends. */
static void read_source(struct trace *t)
{
	struct itimerspec soon = { .it_value.tv_sec = 1 };

	t->more = false;
	if (!bpf_source_read(t->source, on_record, t))
		return;
	tell_queue(t);
	timerfd_settime(t->tick, 0, &soon, NULL);
}

/* Says how much was lost since it was last said. */
static void tell_lost(struct trace *t)
{
	struct bpf_counts counts;
	struct json_moment m;

	bpf_source_counts(t->source, &counts);
	if (counts.lost <= t->lost_told)
		return;
	if (t->o->json) {
		m = now(t);
		wrote(t, json_lost(STDOUT_FILENO, &m, &t->host, "ring_buffer",
				   counts.lost - t->lost_told));
	} else {
		log_warning("%llu refusals came too fast and were lost",
			    (unsigned long long)(counts.lost - t->lost_told));
	}
	t->lost_told = counts.lost;
}

/* Looks up what the kernel side has folded meanwhile; true: something is still to be told. */
static bool look_at_folds(struct trace *t, bool all)
{
	uint64_t ns = clock_boottime_ns(), seen;
	bool more = false;
	size_t i;

	for (i = 0; i < FOLD_ENTRIES; i++) {
		struct fold_entry *f = &t->folds.entries[i];

		/* each look is a bpf() call: none for those that have been quiet since the last one */
		if (!f->used || (f->quiet && !all))
			continue;
		seen = bpf_source_fold_count(t->source, &f->of.key);
		if (seen > f->seen) {
			f->seen = seen;
			f->last_ns = ns;
			account(t, f);
		}
		f->quiet = ns - f->last_ns >= 2 * SECOND;
		if (f->seen <= f->told)
			continue;
		if (all || ns - f->told_ns >= f->interval_ns)
			tell_more(t, f);
		else
			more = true;
	}
	return more;
}

static void on_tick(struct trace *t)
{
	struct itimerspec soon = { .it_value.tv_sec = 1 };
	uint64_t expirations;

	if (read(t->tick, &expirations, sizeof(expirations)) < 0)
		return;
	tell_lost(t);
	if (look_at_folds(t, false))
		timerfd_settime(t->tick, 0, &soon, NULL);
}

static int watch(struct trace *t, int fd, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.fd = fd };

	return fd < 0 || epoll_ctl(t->epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

/* Signals become readable; a reader that closes its end of a pipe is noticed at once (a file cannot). */
static int prepare_loop(struct trace *t)
{
	struct itimerspec end = { .it_value = { .tv_sec = (time_t)(t->o->duration_ns / SECOND),
						.tv_nsec = (long)(t->o->duration_ns % SECOND) } };
	sigset_t set;
	int err;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	t->epoll = epoll_create1(EPOLL_CLOEXEC);
	t->signals = signalfd(-1, &set, SFD_CLOEXEC);
	t->tick = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	t->deadline = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	timerfd_settime(t->deadline, 0, &end, NULL);
	err = watch(t, t->signals, EPOLLIN);
	err = err ? err : watch(t, t->tick, EPOLLIN);
	err = err ? err : watch(t, t->deadline, EPOLLIN);
	watch(t, STDOUT_FILENO, 0);
	return err;
}

static enum ending loop(struct trace *t)
{
	struct epoll_event events[8];
	int n, i;

	while (!t->err && !t->enough) {
		n = epoll_wait(t->epoll, events, 8, -1);
		for (i = 0; i < n; i++) {
			if (events[i].data.fd == t->signals || events[i].data.fd == t->deadline)
				return ENDED;
			if (events[i].data.fd == STDOUT_FILENO)
				return READER_GONE;
			if (events[i].data.fd == t->tick)
				on_tick(t);
			else
				read_source(t);
		}
	}
	return t->err == -EPIPE ? READER_GONE : ENDED;
}

/* Sees no more, tells what had been seen, and adds up. */
static void finish(struct trace *t)
{
	struct bpf_counts counts;
	struct json_moment m;

	bpf_source_detach(t->source);
	do
		read_source(t);
	while (t->more && !t->err);
	if (!t->enough)
		look_at_folds(t, true);
	tell_lost(t);
	bpf_source_counts(t->source, &counts);
	t->totals.lost = counts.lost;
	t->totals.folded = counts.refused - counts.lost - t->beyond - t->totals.printed;
	if (t->o->json) {
		m = now(t);
		wrote(t, json_footer(STDOUT_FILENO, &m, &t->host, &t->totals));
	} else if (t->o->verbose >= 0) {
		wrote(t, text_footer(STDOUT_FILENO, &t->text, &t->totals));
	}
}

static int begin(struct trace *t)
{
	struct json_moment m = now(t);

	if (t->o->json)
		return json_header(STDOUT_FILENO, &m, &t->host, &t->coverage, BINDTRACE_VERSION,
				   t->o->argc, t->o->argv);
	return t->o->verbose < 0 ? 0 : text_header(STDOUT_FILENO, &t->text, &t->coverage);
}

static int open_source(struct trace *t)
{
	struct bpf_options options = t->o->source;
	int err;

	options.fold_ns = t->o->no_fold ? 0 : FOLD_NS;
	probe_capabilities(&t->caps);
	err = bpf_source_open(&t->source, &t->caps, &options);
	if (err)
		return explain_open_failure(err, options.hook, &t->caps);
	bpf_source_coverage(t->source, &t->coverage);
	return watch(t, bpf_source_fd(t->source), EPOLLIN) ? EXIT_FAILED : EXIT_OK;
}

static int run(struct trace *t)
{
	int status = prepare_loop(t) ? EXIT_FAILED : open_source(t);

	if (status)
		return status;
	host_facts_read(&t->host);
	wrote(t, begin(t));
	if (t->err || loop(t) == READER_GONE) {
		if (t->err && t->err != -EPIPE)
			log_error("cannot write to standard output: %s", strerror(-t->err));
		return t->err && t->err != -EPIPE ? EXIT_FAILED : EXIT_OK;
	}
	finish(t);
	if (t->err && t->err != -EPIPE) {
		log_error("cannot write to standard output: %s", strerror(-t->err));
		return EXIT_FAILED;
	}
	return EXIT_OK;
}

int command_trace(struct options *options)
{
	struct trace *t = calloc(1, sizeof(*t));
	int status;

	if (!t) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	t->o = options;
	t->text = (struct text_options){ .color = want_color(options),
					 .timestamps = options->timestamps,
					 .wide = options->wide,
					 .verbose = options->verbose > 0 ? options->verbose : 0 };
	status = run(t);
	bpf_source_close(t->source);
	free(t);
	return status;
}
