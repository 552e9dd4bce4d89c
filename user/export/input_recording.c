// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A recording that grows, and the files that come after it (user/record/files.h): each is read to its end, in their
 * order, however far behind we are. A line without its end is none yet; it may grow, or be taken back.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/status.h"
#include "export/folder.h"
#include "export/input_private.h"

/* Who goes on in a file reads its header again, and so much before its place: which refusals an incident is about. */
enum { RECALL_BYTES = 8 << 20 };

struct recording_input {
	struct input input;
	struct folder folder;
	int inotify;
	int fd;		    /* -1: there is no file yet */
	struct position at; /* at.offset: where the next line begins */
	uint64_t resume;    /* lines before it have been delivered */
	bool skips;	    /* up to the next line's begin */
	bool ending;	    /* another file has begun: what is in this one now is all of it */
	bool said;	    /* why it cannot be read */
	char *real;	    /* without links */
	struct reader reader;
	struct export_stream stream;
};

static int recording_fd(const struct input *in)
{
	return ((const struct recording_input *)in)->inotify;
}

static void seek(struct recording_input *r, uint64_t offset)
{
	lseek(r->fd, (off_t)offset, SEEK_SET);
	reader_restart(&r->reader);
	r->at.offset = offset;
}

static void take(struct recording_input *r, int fd)
{
	uint32_t number;

	r->fd = fd;
	r->resume = 0;
	r->skips = r->ending = false;
	reader_free(&r->reader);
	reader_init(&r->reader, fd);
	/* asked after it was opened: all that have a number by now are older, or it is its own */
	number = folder_number(&r->folder, fd);
	r->at = (struct position){ .file = position_file(fd),
				   .after = number ? number - 1 : folder_last(&r->folder) };
}

/* Only the file of a recorder that is the user's, or made with --group, can be read by who is no more than that. */
static void say_unreadable(struct recording_input *r, const char *name)
{
	r->said = true;
	log_error("cannot read %.*s%s as user %u: %s; bindtrace record --group NAME lets a group "
		  "read it",
		  (int)(strlen(r->folder.path) - strlen(r->folder.name)), r->folder.path, name,
		  geteuid(), strerror(EACCES));
}

/* 1; 0: it has gone meanwhile, or is not the next one any more; or -errno. */
static int open_next(struct recording_input *r, uint32_t after, const struct found *next)
{
	struct found again;
	struct stat st;
	int fd = openat(r->folder.fd, next->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0 && errno == EACCES)
		say_unreadable(r, next->name);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) || !folder_next(&r->folder, after, r->fd, &again) ||
	    st.st_ino != again.inode || st.st_dev != again.device) {
		close(fd);
		return 0;
	}
	if (r->fd >= 0)
		close(r->fd);
	take(r, fd);
	return 1;
}

/* Files that came and went while nobody read: their number shows it. */
static void say_missing(const struct recording_input *r, uint32_t own, const struct found *next)
{
	if (next->number > own + 1)
		log_warning("%s: %u files that came before %s were removed before they could be "
			    "exported",
			    r->input.name, next->number - own - 1, next->name);
}

/* Whether there is more to read, in this file or in the next one; or -errno. */
static int advance(struct recording_input *r)
{
	uint32_t own = r->fd < 0 ? 0 : folder_number(&r->folder, r->fd);
	uint32_t after = own ? own : r->at.after;
	struct found next;
	struct stat st;
	int got;

	if (!folder_next(&r->folder, after, r->fd, &next)) {
		r->ending = false;
		return 0;
	}
	if (r->fd >= 0 && !r->ending) {
		r->ending = true;
		return 1;
	}
	if (r->fd >= 0 && !fstat(r->fd, &st) && (uint64_t)st.st_size > r->at.offset)
		log_warning("%s: the last line of a file is cut short and not exported",
			    r->input.name);
	if (r->fd >= 0)
		say_missing(r, own ? own : after + 1, &next);
	got = open_next(r, after, &next);
	return got < 0 ? got : 1;
}

/* A file that has less than was read of it has been emptied, or has lost its end in a power cut. */
static bool shrunk(struct recording_input *r)
{
	uint64_t read = r->at.offset > r->resume ? r->at.offset : r->resume;
	uint64_t file = position_file(r->fd);
	struct stat st;

	if (fstat(r->fd, &st) || (uint64_t)st.st_size >= read)
		return false;
	log_warning("%s: it is %s; what is written from here on is exported", r->input.name,
		    file == r->at.file ? "shorter than what was read of it" : "another one now");
	r->resume = 0;
	seek(r, file == r->at.file ? (uint64_t)st.st_size : 0);
	r->at.file = file;
	return true;
}

/* The header has been read again; then only what stands close before the place is. */
static void skip_ahead(struct recording_input *r)
{
	if (r->reader.lines != 1 || r->resume <= r->at.offset + RECALL_BYTES)
		return;
	seek(r, r->resume - RECALL_BYTES);
	r->skips = true;
}

/* 1 and a line that has its end; 0: there is none now; or -errno. */
static int read_line(struct recording_input *r, struct input_line *out)
{
	int got;

	if (r->at.offset < r->resume)
		skip_ahead(r);
	do {
		got = reader_next(&r->reader, &out->line);
		if (got < 1 || (!out->line.ended && !out->line.too_long)) {
			r->reader.lines -= got == 1;
			seek(r, r->at.offset);
			return got < 0 ? got : 0;
		}
		r->at.offset =
			(uint64_t)lseek(r->fd, 0, SEEK_CUR) - (r->reader.end - r->reader.begin);
		r->at.file = r->at.file ? r->at.file : position_file(r->fd);
		got = !r->skips;
		r->skips = false;
	} while (!got);
	out->stream = &r->stream;
	out->before = r->at.offset <= r->resume;
	return 1;
}

/* Whether something has happened to one of the files since the last call. */
static bool drain(struct recording_input *r)
{
	char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
	const struct inotify_event *event;
	bool any = false;
	ssize_t n;

	while ((n = read(r->inotify, events, sizeof(events))) > 0) {
		for (char *at = events; at < events + n; at += sizeof(*event) + event->len) {
			event = (const struct inotify_event *)at;
			any = any || !event->len ||
			      !strncmp(event->name, r->folder.name, strlen(r->folder.name));
		}
	}
	return any;
}

static int recording_next(struct input *in, struct input_line *out)
{
	struct recording_input *r = (struct recording_input *)in;
	int got;

	for (;;) {
		got = r->fd < 0 ? 0 : read_line(r, out);
		if (got)
			return got;
		if (drain(r) || (r->fd >= 0 && shrunk(r)))
			continue;
		got = advance(r);
		if (got < 1)
			return got;
	}
}

/* The file that is open stays so; the ones that come later are not opened by root. */
static void recording_unprivileged(const struct input *in)
{
	const struct recording_input *r = (const struct recording_input *)in;

	if (r->fd >= 0 && faccessat(r->folder.fd, r->folder.name, R_OK, AT_EACCESS) &&
	    errno == EACCES)
		log_warning("%s is read, but what comes after it cannot be, as user %u; bindtrace "
			    "record --group NAME lets a group read it",
			    in->name, geteuid());
}

static bool recording_waits(const struct input *in)
{
	(void)in;
	return true;
}

static bool recording_position(const struct input *in, struct position *p)
{
	const struct recording_input *r = (const struct recording_input *)in;

	*p = r->at;
	return r->at.file && r->at.offset >= r->resume && !r->reader.skips;
}

static void recording_close(struct input *in)
{
	struct recording_input *r = (struct recording_input *)in;

	reader_free(&r->reader);
	if (r->fd >= 0)
		close(r->fd);
	if (r->inotify >= 0)
		close(r->inotify);
	folder_close(&r->folder);
	free(r->real);
	free(r);
}

static const struct input_class recording_class = {
	.unprivileged = recording_unprivileged,
	.fd = recording_fd,
	.next = recording_next,
	.waits = recording_waits,
	.position = recording_position,
	.close = recording_close,
};

struct sought {
	const struct recording_input *r;
	uint64_t file;
	int fd;
};

static bool is_sought(void *context, const struct found *file)
{
	struct sought *s = context;
	int fd =
		openat(s->r->folder.fd, file->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return false;
	if (position_file(fd) == s->file) {
		s->fd = fd;
		return true;
	}
	close(fd);
	return false;
}

/* The file that was being read, under whatever name it has by now; else those after it. */
static void go_on(struct recording_input *r, const struct position *from)
{
	struct sought s = { .r = r, .file = from->file, .fd = -1 };

	r->at = *from;
	if (folder_each(&r->folder, is_sought, &s)) {
		take(r, s.fd);
		r->resume = from->offset;
		r->at.after = from->after;
		return;
	}
	log_warning("%s: the file that was being read has gone; what it had after byte %" PRIu64
		    " is not exported",
		    r->input.name, from->offset);
	r->at.file = 0;
}

static int prepare(struct recording_input *r, const struct position *from)
{
	char place[32];
	int err;

	r->real = realpath(r->input.name, NULL);
	err = folder_open(&r->folder, r->real ? r->real : r->input.name);
	if (err)
		return err;
	r->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (r->inotify < 0)
		return -errno;
	snprintf(place, sizeof(place), "/proc/self/fd/%d", r->folder.fd);
	if (inotify_add_watch(r->inotify, place, IN_CREATE | IN_MOVED_TO | IN_MODIFY) < 0)
		return -errno;
	r->at.after = folder_last(&r->folder);
	if (from)
		go_on(r, from);
	err = r->fd < 0 ? advance(r) : 0;
	return err < 0 ? err : 0;
}

/* Opened with root's power the first file can be read, and those that come later by whoever we become cannot. */
int input_recording_open(struct input **out, const char *path, const struct position *from)
{
	struct recording_input *r = calloc(1, sizeof(*r));
	int err = -ENOMEM;

	if (r) {
		*out = &r->input;
		r->input = (struct input){ &recording_class, path };
		r->inotify = r->fd = r->folder.fd = -1;
		err = prepare(r, from);
	}
	if (err && !(r && r->said))
		log_error("cannot follow %s: %s", path, strerror(-err));
	else if (!err && r->fd < 0)
		log_warning("%s is not there yet; it is waited for", path);
	return err ? EXIT_FAILED : EXIT_OK;
}
