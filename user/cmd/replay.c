// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* bindtrace report: what was recorded, as it was told live, and what it comes to. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/commands.h"
#include "cmd/documents.h"
#include "cmd/operands.h"
#include "cmd/replay.h"
#include "cmd/report.h"

/* What a file says of itself that the summary does not. */
static void tell_rest(const struct replay_report *r, unsigned i)
{
	const struct stream *s = &r->streams[i];
	bool followed = i + 1 < r->n && s[1].follows;

	if (s->unknown)
		log_warning("%s: %" PRIu64 " line%s not known here; a newer bindtrace may "
			    "tell of them",
			    stream_name(s), s->unknown,
			    s->unknown == 1 ? " is of a kind that is" : "s are of kinds that are");
	if (s->goes_on && !followed)
		log_warning("%s goes on in a file that is not given behind it: what came after is "
			    "not told",
			    stream_name(s));
}

static int tell(struct replay_report *r)
{
	struct stream *s;
	int status = EXIT_OK;

	while (!r->err && (s = streams_first(r->streams, r->n))) {
		replay_tell(r, s);
		stream_next(s);
	}
	progress_end(&r->progress);
	r->tales.book.files = r->n;
	for (unsigned i = 0; i < r->n; i++) {
		r->tales.book.cut_short += !r->streams[i].footer;
		r->tales.book.unusable += r->streams[i].unusable;
		if (r->streams[i].failed)
			status = EXIT_FAILED;
		tell_rest(r, i);
	}
	r->tales.book.narrowed = r->narrowed;
	if (!r->err && documents_write(r->o, &r->tales.book))
		status = EXIT_FAILED;
	if (!r->o->json && !r->silent && !r->err)
		r->err = text_summary(STDOUT_FILENO, &r->text, &r->tales.book);
	if (!r->err || r->err == -EPIPE)
		return status;
	log_error("cannot go on with the report: %s", strerror(-r->err));
	return EXIT_FAILED;
}

/* All files are open at once, to be merged: a flight recorder may have left more than usually may be. */
static void allow_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static int open_all(struct replay_report *r)
{
	allow_files();
	r->streams = calloc((size_t)r->o->n_operands, sizeof(*r->streams));
	if (!r->streams) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	for (int i = 0; i < r->o->n_operands; i++) {
		struct stream *s = &r->streams[r->n++]; /* to be closed, whatever comes of it */

		if (stream_open(s, r->o->operands[i], i ? s - 1 : NULL, &r->progress))
			return EXIT_USAGE;
		if (strcmp(s->about.host, r->streams->about.host) != 0)
			r->several_hosts = true;
	}
	return EXIT_OK;
}

int command_report(struct options *options)
{
	const struct bt_config *f = &options->source.filter;
	struct replay_report *r;
	int status;

	if (!options->n_operands) {
		log_error("report needs a recording: bindtrace report FILE... (- is standard "
			  "input)");
		return EXIT_USAGE;
	}
	status = documents_check(options);
	if (status)
		return status;
	r = calloc(1, sizeof(*r));
	if (!r) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	r->o = options;
	r->text = report_text_options(options, STDOUT_FILENO);
	r->silent = options->markdown || (options->html && !options->json);
	r->narrowed =
		f->by_port || f->n_pids || f->n_errors || options->since_ns || options->until_ns;
	operands_in_order(options->operands, options->n_operands);
	progress_begin(&r->progress);
	status = open_all(r);
	if (!status)
		status = tell(r);
	for (unsigned i = 0; i < r->n; i++)
		stream_close(&r->streams[i]);
	free(r->streams);
	free(r->told.entries);
	story_free(&r->tales);
	free(r);
	return status;
}
