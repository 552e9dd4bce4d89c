// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/recording.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/commands.h"
#include "record/key.h"
#include "record/recorder.h"

enum { FILES_OF_BUDGET = 8 };

struct recording {
	struct report *report;
	struct recorder *recorder;
	struct seal_key key;
	bool warned; /* that something cannot be written */
};

static int header(void *context)
{
	const struct report *r = context;
	uint64_t seq = 0; /* the recorder's to set */
	struct json_moment m = report_moment(&seq);
	struct host_facts host;

	host_facts_read(&host); /* they may have changed since the file before */
	return json_header(r->out, &m, &host, &r->coverage, BINDTRACE_VERSION, r->o->argc,
			   r->o->argv);
}

static int continued(void *context)
{
	const struct report *r = context;
	uint64_t seq = 0;
	struct json_moment m = report_moment(&seq);

	return json_continued(r->out, &m, &r->host);
}

static int lost(void *context, uint64_t refusals, uint64_t lines)
{
	const struct report *r = context;
	uint64_t seq = 0;
	struct json_moment m = report_moment(&seq);

	return json_unwritten(r->out, &m, &r->host, refusals, lines);
}

static int explain_open(const char *path, int err)
{
	if (err == -EEXIST)
		log_error("%s is there already and is not overwritten; take another name, or give "
			  "--max-files or --budget, which keep it under a number",
			  path);
	else if (err == -EBUSY)
		log_error("%s is being written by another bindtrace record", path);
	else
		log_error("cannot record to %s: %s", path, strerror(-err));
	return EXIT_FAILED;
}

static int load_key(const char *path, struct seal_key *key)
{
	int err = key_load_secret(path, key);

	if (!err)
		return EXIT_OK;
	if (err == -EPERM)
		log_error("others may read the secret key %s; chmod 600 it", path);
	else if (err == -EBADMSG)
		log_error("%s is no secret key of bindtrace keygen", path);
	else
		log_error("cannot read the key %s: %s", path, strerror(-err));
	return EXIT_USAGE;
}

static int begin(struct recording *recording, const struct options *o)
{
	struct recorder_options options = { .path = o->output,
					    .bounds = o->recording.bounds,
					    .sync = o->recording.sync };
	struct recorder_lines lines = { recording->report, header, continued, lost };
	int status, err;
	bool moved;

	if (seal_init()) {
		log_error("libsodium cannot be used on this machine");
		return EXIT_FAILED;
	}
	if (o->recording.sign) {
		status = load_key(o->recording.sign, &recording->key);
		if (status)
			return status;
		options.key = &recording->key;
	}
	if (options.bounds.budget && !options.bounds.max_size)
		options.bounds.max_size = options.bounds.budget / FILES_OF_BUDGET;
	err = recorder_open(&recording->recorder, &options, &lines, &moved);
	if (err)
		return explain_open(o->output, err);
	if (moved)
		log_warning("%s was there already; it has got a number", o->output);
	return EXIT_OK;
}

int recording_open(struct report *r)
{
	struct recording *recording = calloc(1, sizeof(*recording));
	int status;

	if (!recording) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	recording->report = r;
	r->recording = recording;
	status = begin(recording, r->o);
	if (!status)
		r->out = recorder_fd(recording->recorder);
	return status;
}

void recording_began(const struct report *r)
{
	if (!r->brief)
		text_header(report_spoken_to(r->o), &r->text, &r->coverage);
}

/* Once each time it begins: whoever watches the terminal can do something about it. */
static void warn(struct recording *recording)
{
	struct recorder_loss loss;
	bool lossy = recorder_pending(recording->recorder);

	if (lossy && !recording->warned) {
		recorder_loss(recording->recorder, &loss);
		log_warning("cannot write to %s: %s; tracing goes on, what is lost is counted",
			    recording->report->o->output, strerror(-loss.err));
	}
	recording->warned = lossy;
}

int recording_line(struct recording *recording, uint64_t refusals)
{
	int err = recorder_take(recording->recorder, refusals);

	if (!err)
		warn(recording);
	return err;
}

bool recording_tick(struct recording *recording)
{
	bool more = recorder_tick(recording->recorder);
	int err = recorder_sync_error(recording->recorder);

	warn(recording);
	if (err)
		log_warning("%s cannot be synced: %s", recording->report->o->output,
			    strerror(-err));
	return more;
}

int recording_folder(const struct recording *recording)
{
	return recorder_folder(recording->recorder);
}

void recording_reopen(struct recording *recording)
{
	const char *path = recording->report->o->output;
	int err = recorder_reopen(recording->recorder);

	if (err == -EEXIST)
		log_warning("%s is still there, so it is not begun anew; move it away before the "
			    "signal",
			    path);
	else if (err)
		log_warning("cannot begin %s anew: %s", path, strerror(-err));
}

void recording_account(const struct recording *recording, struct totals *totals)
{
	struct recorder_loss loss;

	recorder_loss(recording->recorder, &loss);
	totals->printed -= loss.events;
	totals->folded -= loss.refusals - loss.events;
	totals->lost += loss.refusals;
}

/* What a file lacks in its end, it cannot say itself. */
static int explain_loss(const struct recording *recording)
{
	const char *path = recording->report->o->output;
	struct recorder_loss loss;

	recorder_loss(recording->recorder, &loss);
	if (recorder_pending(recording->recorder)) {
		log_error("%" PRIu64 " line%s could not be written to %s, its end among them: %s",
			  loss.lines, loss.lines == 1 ? "" : "s", path, strerror(-loss.err));
		return EXIT_FAILED;
	}
	if (loss.lines)
		log_warning("%" PRIu64 " line%s could not be written to %s (%s); it says where",
			    loss.lines, loss.lines == 1 ? "" : "s", path, strerror(-loss.err));
	return EXIT_OK;
}

static void tell_end(const struct report *r)
{
	uint8_t chain[SEAL_HASH];
	char hex[2 * SEAL_HASH + 1], line[256];
	struct text t;

	recorder_chain(r->recording->recorder, chain);
	seal_hex(chain, SEAL_HASH, hex);
	text_init(&t, line, sizeof(line));
	text_printf(&t, "last chain value %s\n", hex);
	text_footer(report_spoken_to(r->o), &r->text, &r->totals);
	write_all(report_spoken_to(r->o), t.buf, t.len);
}

int recording_close(struct report *r, int status)
{
	struct recording *recording = r->recording;
	int err;

	if (!recording)
		return status;
	if (recording->recorder) {
		if (!status)
			status = explain_loss(recording);
		if (!status && !r->brief)
			tell_end(r);
		err = recorder_close(recording->recorder);
		if (err) {
			log_error("%s could not be synced: %s", r->o->output, strerror(-err));
			status = EXIT_FAILED;
		}
	}
	key_wipe(&recording->key);
	free(recording);
	r->recording = NULL;
	return status;
}
