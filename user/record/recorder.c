// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "record/recorder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "record/stamp.h"
#include "record/syncer.h"

/* A line as the sink wrote it, with room for what is added to it. */
struct draft {
	char *bytes;
	size_t n, size;
};

struct recorder {
	struct recorder_options o;
	struct recorder_lines lines;
	struct files files;
	struct syncer syncer;
	int draft_fd;		      /* in memory */
	struct draft taken, own;      /* of others, of the recorder itself */
	uint8_t chain[SEAL_HASH];     /* of the last line that was written */
	uint64_t seq;		      /* of the next line */
	uint64_t file_number;	      /* how many files have got a header */
	struct recorder_loss loss;    /* since the beginning */
	struct recorder_loss pending; /* since a line has said so */
	int sync_err;		      /* of --sync, until it is asked for */
	bool leaves;		      /* the file is to be left for the next one */
	bool finished;		      /* it has its footer */
};

/* What was written to the draft since it was last read. */
static int read_draft(struct recorder *r, struct draft *d)
{
	off_t n = lseek(r->draft_fd, 0, SEEK_CUR);
	size_t size;
	char *bytes;

	if (n < 0)
		return -errno;
	size = (size_t)n + STAMP_ROOM;
	if (size > d->size) {
		bytes = realloc(d->bytes, size);
		if (!bytes)
			return -ENOMEM;
		d->bytes = bytes;
		d->size = size;
	}
	d->n = (size_t)n;
	if (pread(r->draft_fd, d->bytes, d->n, 0) != n)
		return -EIO;
	return lseek(r->draft_fd, 0, SEEK_SET) < 0 ? -errno : 0;
}

/* Brings what was written to the disk, now or soon. It is written either way. */
static void settle(struct recorder *r)
{
	if (!r->o.sync)
		syncer_dirty(&r->syncer);
	else if (fdatasync(r->files.fd))
		r->sync_err = -errno;
}

/* Numbers, seals and appends a line; of all this nothing has happened when it fails. */
static int put(struct recorder *r, struct draft *d)
{
	struct stamp stamp = { .seq = r->seq,
			       .file_number = r->file_number + 1,
			       .previous = r->file_number ? r->chain : NULL,
			       .key = r->o.key };
	uint8_t chain[SEAL_HASH] = { 0 };
	enum stamp_kind kind = stamp_kind(d->bytes, d->n);
	int err;

	memcpy(chain, r->chain, SEAL_HASH);
	err = stamp_line(&stamp, chain, kind, d->bytes, &d->n);
	if (!err)
		err = files_append(&r->files, d->bytes, d->n, kind == STAMP_FOOTER);
	if (err)
		return err;
	memcpy(r->chain, chain, SEAL_HASH);
	r->seq++;
	r->file_number += kind == STAMP_HEADER;
	r->finished = kind == STAMP_FOOTER;
	settle(r);
	return 0;
}

/* A line of the recorder's own, just made. */
static int put_own(struct recorder *r, int err)
{
	if (err)
		lseek(r->draft_fd, 0, SEEK_SET); /* a part of it may be there */
	else
		err = read_draft(r, &r->own);
	return err ? err : put(r, &r->own);
}

static int finish_file(struct recorder *r)
{
	int err = r->finished ? 0 : put_own(r, r->lines.continued(r->lines.context));

	/* in order: no line may survive a power cut that one before it does not */
	if (!err && fdatasync(r->files.fd))
		err = -errno;
	if (!err && !r->o.sync)
		syncer_set(&r->syncer, -1);
	err = err ? err : files_finish(&r->files);
	if (!err)
		r->leaves = false;
	return err;
}

static int begin_file(struct recorder *r)
{
	int err = r->files.fd < 0 ? files_create(&r->files) : 0;

	if (err)
		return err;
	r->finished = false;
	if (!r->o.sync)
		syncer_set(&r->syncer, r->files.fd);
	return put_own(r, r->lines.header(r->lines.context));
}

/* Everything that has to stand on disk before a line of n bytes may. */
static int prepare(struct recorder *r, size_t n)
{
	int err = 0;

	if (r->files.fd >= 0 && (r->leaves || r->finished || files_full(&r->files, n)))
		err = finish_file(r);
	if (!err && (r->files.fd < 0 || !r->files.size))
		err = begin_file(r);
	if (err || !r->pending.lines)
		return err;
	err = put_own(r, r->lines.lost(r->lines.context, r->pending.refusals, r->pending.lines));
	if (!err)
		r->pending = (struct recorder_loss){ 0 };
	return err;
}

/* The gap in seq is as wide as the number of lines. */
static void lose(struct recorder *r, enum stamp_kind kind, uint64_t refusals, int err)
{
	struct recorder_loss *losses[] = { &r->loss, &r->pending };

	for (int i = 0; i < 2; i++) {
		losses[i]->lines++;
		losses[i]->events += kind == STAMP_FAILURE;
		losses[i]->refusals += refusals;
		losses[i]->err = err;
	}
	r->seq++;
}

int recorder_take(struct recorder *r, uint64_t refusals)
{
	int err = read_draft(r, &r->taken);
	enum stamp_kind kind;

	if (err)
		return err;
	kind = stamp_kind(r->taken.bytes, r->taken.n);
	if (!r->file_number) /* the first header of all */
		return put(r, &r->taken);
	err = prepare(r, r->taken.n + STAMP_ROOM);
	if (!err)
		err = put(r, &r->taken);
	if (err)
		lose(r, kind, refusals, err);
	return 0;
}

bool recorder_tick(struct recorder *r)
{
	if (r->leaves || r->pending.lines)
		prepare(r, 0);
	return r->leaves || r->pending.lines;
}

int recorder_reopen(struct recorder *r)
{
	if (r->files.fd < 0 || !r->files.size)
		return 0; /* it is between two files anyway */
	if (files_at_path(&r->files) && !(files_in_place(&r->files) && files_numbers(&r->files)))
		return -EEXIST;
	r->leaves = true;
	return prepare(r, 0);
}

void recorder_loss(const struct recorder *r, struct recorder_loss *loss)
{
	*loss = r->loss;
}

bool recorder_pending(const struct recorder *r)
{
	return r->pending.lines;
}

void recorder_chain(const struct recorder *r, uint8_t chain[SEAL_HASH])
{
	memcpy(chain, r->chain, SEAL_HASH);
}

int recorder_sync_error(struct recorder *r)
{
	int err = r->o.sync ? r->sync_err : syncer_error(&r->syncer);

	r->sync_err = 0;
	return err;
}

int recorder_fd(const struct recorder *r)
{
	return r->draft_fd;
}

int recorder_folder(const struct recorder *r)
{
	return r->files.folder;
}

static int start(struct recorder *r, bool *moved)
{
	int err;

	r->draft_fd = memfd_create("line", MFD_CLOEXEC);
	if (r->draft_fd < 0)
		return -errno;
	if (!r->o.sync) {
		err = syncer_start(&r->syncer);
		if (err)
			return err;
	}
	err = files_open(&r->files, r->o.path, &r->o.bounds, moved);
	if (!err && !r->o.sync)
		syncer_set(&r->syncer, r->files.fd);
	if (err && !r->o.sync)
		syncer_stop(&r->syncer);
	return err;
}

static void let_go(struct recorder *r)
{
	files_close(&r->files);
	if (r->draft_fd >= 0)
		close(r->draft_fd);
	free(r->taken.bytes);
	free(r->own.bytes);
	free(r);
}

int recorder_open(struct recorder **out, const struct recorder_options *options,
		  const struct recorder_lines *lines, bool *moved)
{
	struct recorder *r = calloc(1, sizeof(*r));
	int err;

	if (!r)
		return -ENOMEM;
	r->o = *options;
	r->lines = *lines;
	r->files.fd = r->files.folder = -1;
	err = start(r, moved);
	if (err)
		let_go(r);
	else
		*out = r;
	return err;
}

int recorder_close(struct recorder *r)
{
	int err = 0;

	if (!r)
		return 0;
	if (!r->o.sync)
		syncer_stop(&r->syncer);
	if (r->files.fd >= 0 && fdatasync(r->files.fd))
		err = -errno;
	let_go(r);
	return err;
}
