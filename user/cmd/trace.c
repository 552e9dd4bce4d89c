// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* bindtrace [trace], bindtrace -- CMD: live, from the source through enrich and verdict to the sink. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/commands.h"
#include "cmd/confine.h"
#include "cmd/exporting.h"
#include "cmd/recording.h"
#include "cmd/tell.h"
#include "cmd/trace.h"
#include "enrich/cgroup.h"
#include "enrich/cgroup_bpf.h"
#include "enrich/proc.h"
#include "enrich/process.h"
#include "enrich/security.h"

#define FOLD_NS 100000000ull

static int open_source(struct trace *t)
{
	struct bpf_options options = t->o->source;
	struct report *r = &t->report;
	int err;

	options.fold_ns = t->o->no_fold ? 0 : FOLD_NS;
	options.follow = true;
	options.ports_source = &r->look.census.source;
	options.tree_pid = t->o->program ? (uint32_t)t->program.pid : 0;
	err = bpf_source_open(&r->source, &t->caps, &options);
	if (err)
		return explain_open_failure(err, options.hook, &t->caps);
	bpf_source_coverage(r->source, &r->coverage);
	return trace_watch(t, bpf_source_fd(r->source), EPOLLIN) ? EXIT_FAILED : EXIT_OK;
}

/* What takes power is done before it is given up. */
static int give_up(struct trace *t)
{
	struct report *r = &t->report;
	const struct confinement c = {
		.hook = r->coverage.hook,
		.looks_up = bpf_source_looks_up(r->source),
		.program = t->o->program ? t->program.pidfd : -1,
		.child = r->exporting ? exporting_pid(r->exporting) : 0,
		.folder = r->recording ? recording_folder(r->recording) : -1,
		.group = r->recording && t->o->recording.bounds.group &&
			 !group_member(t->o->recording.bounds.group),
	};

	census_prepare(&r->look.census);
	cgroup_prepare();
	cgroup_bpf_prepare();
	security_prepare();
	process_prepare();
	return confine(&c);
}

static int explain_program(const char *name, int err)
{
	log_error(err == -ENOENT ? "there is no command '%s'" : "cannot run '%s': %s", name,
		  strerror(-err));
	return err == -ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
}

static int let_go(struct trace *t)
{
	int err = program_go(&t->program);

	if (err)
		return explain_program(t->o->program[0], err);
	t->running = true;
	return EXIT_OK;
}

static int run(struct trace *t)
{
	struct report *r = &t->report;
	int status = trace_prepare(t) ? EXIT_FAILED : open_source(t);
	enum ending ending = READER_GONE;

	if (!status && r->exporting)
		trace_watch(t, exporting_fd(r->exporting), EPOLLIN | EPOLLOUT | EPOLLET);
	if (status)
		return status;
	host_facts_read(&r->host);
	status = give_up(t);
	if (status)
		return status;
	tell_begin(r);
	if (r->recording && !r->err)
		recording_began(r);
	if (t->o->program && !r->err)
		status = let_go(t);
	if (status)
		return status;
	if (!r->err)
		ending = trace_loop(t);
	if (ending == ENDED)
		report_finish(r);
	if (!r->err || r->err == -EPIPE)
		return EXIT_OK;
	log_error("cannot write to %s: %s",
		  t->o->output	  ? t->o->output
		  : t->o->program ? "standard error"
				  : "standard output",
		  strerror(-r->err));
	return EXIT_FAILED;
}

/*
 * A program that has failed and no report may puzzle who looks on. Not a word where its output may be read by
 * another program.
 */
static void tell_of_silence(const struct trace *t, int status)
{
	const struct report *r = &t->report;

	if (!status || t->signalled || !r->brief || r->err || t->o->json || t->o->output ||
	    r->totals.printed || r->totals.folded || r->totals.lost || !isatty(STDERR_FILENO))
		return;
	log_warning("nothing was refused to %s%s", t->o->program[0],
		    r->coverage.missing ? " that can be seen here" : "");
}

/* Where reports go. */
static int open_output(const struct options *o)
{
	int fd;

	if (!o->output)
		return report_spoken_to(o);
	fd = open(o->output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		log_error("cannot write to %s: %s", o->output, strerror(errno));
	return fd;
}

static int record(struct trace *t)
{
	int status = recording_open(&t->report);

	if (!status)
		status = run(t);
	return recording_close(&t->report, status);
}

/* What cannot be done here. EXIT_OK, or a status whose reason has been printed. */
static int refuse(const struct options *o)
{
	if (o->print && !(o->json && o->output)) {
		log_error("--print is for record, and for --json -o FILE; text goes to standard "
			  "output anyway");
		return EXIT_USAGE;
	}
	if (o->program && !sees_all_processes()) {
		log_error("-- PROGRAM works in the first pid namespace only; in a container, start "
			  "it with the host's (docker run --pid=host)");
		return EXIT_UNSUPPORTED;
	}
	if (o->source.filter.n_pids && !sees_all_processes()) {
		log_error("-p takes process ids of the first pid namespace, and this is another; "
			  "select by -c, -u or -g, or start bindtrace in the host's (docker run "
			  "--pid=host)");
		return EXIT_UNSUPPORTED;
	}
	return EXIT_OK;
}

/* Nothing is refused to who is not there: a number that was mistyped would be waited for in vain. */
static void warn_of_absent(const struct bt_config *filter)
{
	for (uint32_t i = 0; i < filter->n_pids; i++)
		if (filter->pids[i] > INT32_MAX ||
		    (kill((pid_t)filter->pids[i], 0) && errno == ESRCH))
			log_warning("there is no process %" PRIu32 " now; -p takes those that run",
				    filter->pids[i]);
}

/* With what takes its lines: an exporter, a recording. */
static int run_for_takers(struct trace *t)
{
	struct report *r = &t->report;
	int status = exporting_open(r);

	if (!status)
		status = t->o->recording.on ? record(t) : run(t);
	return exporting_close(r, status);
}

static int start(struct trace *t)
{
	struct report *r = &t->report;
	int err = refuse(t->o);

	if (err)
		return err;
	warn_of_absent(&t->o->source.filter);
	proc_ignore(!proc_is_of_all());
	r->out = t->o->recording.on ? -1 : open_output(t->o);
	if (r->out < 0 && !t->o->recording.on)
		return EXIT_FAILED;
	r->page = !t->o->json ? r->out : t->o->print ? report_spoken_to(t->o) : -1;
	r->text = report_text_options(t->o, r->page);
	r->brief = t->o->verbose < (t->o->program ? 1 : 0);
	r->lines = t->o->json;
	r->copy = -1;
	t->reader = r->out;
	err = t->o->program ? program_hold(&t->program, t->o->program) : 0;
	if (!err)
		return run_for_takers(t);
	log_error("cannot start another process: %s", strerror(-err));
	return EXIT_FAILED;
}

int command_trace(struct options *options)
{
	struct trace *t = calloc(1, sizeof(*t));
	int status;

	if (!t) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	t->o = t->report.o = options;
	status = start(t);
	bpf_source_close(t->report.source);
	if (t->running) {
		status = trace_await_program(t);
		tell_of_silence(t, status);
	}
	free(t);
	return status;
}
