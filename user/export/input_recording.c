// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A recording that grows, and the files that come after it (user/record/files.h): each is read to its end, in their
 * order, however far behind we are.
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
#include "export/tail.h"

struct recording_input {
	struct input input;
	struct folder folder;
	int inotify;
	struct tail tail; /* of the file that is being read */
	bool ending;	  /* another file has begun: what is in this one now is all of it */
	bool said;	  /* why it cannot be read */
	char *real;	  /* without links */
	struct export_stream stream;
};

static int recording_fd(const struct input *in)
{
	return ((const struct recording_input *)in)->inotify;
}

/* Asked after it was opened: all that have a number by now are older, or it is its own. */
static void take(struct recording_input *r, int fd, uint64_t resume)
{
	uint32_t number = folder_number(&r->folder, fd);

	tail_begin(&r->tail, fd, resume);
	r->tail.at.after = number ? number - 1 : folder_last(&r->folder);
	r->ending = false;
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
	if (fstat(fd, &st) || !folder_next(&r->folder, after, r->tail.fd, &again) ||
	    st.st_ino != again.inode || st.st_dev != again.device) {
		close(fd);
		return 0;
	}
	take(r, fd, 0);
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
	uint32_t own = r->tail.fd < 0 ? 0 : folder_number(&r->folder, r->tail.fd);
	uint32_t after = own ? own : r->tail.at.after;
	struct found next;
	int got;

	if (!folder_next(&r->folder, after, r->tail.fd, &next)) {
		r->ending = false;
		return 0;
	}
	if (r->tail.fd >= 0 && !r->ending) {
		r->ending = true;
		return 1;
	}
	if (r->tail.fd >= 0 && tail_is_cut_short(&r->tail))
		log_warning("%s: the last line of a file is cut short and not exported",
			    r->input.name);
	if (r->tail.fd >= 0)
		say_missing(r, own ? own : after + 1, &next);
	got = open_next(r, after, &next);
	return got < 0 ? got : 1;
}

enum { BEGINS = IN_CREATE | IN_MOVED_TO, HAPPENS = BEGINS | IN_MODIFY };

/* Whether one of these events has come to one of the files since the last call. */
static bool drain(struct recording_input *r, uint32_t events_wanted)
{
	char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
	const struct inotify_event *event;
	bool any = false;
	ssize_t n;

	while ((n = read(r->inotify, events, sizeof(events))) > 0) {
		for (char *at = events; at < events + n; at += sizeof(*event) + event->len) {
			event = (const struct inotify_event *)at;
			any = any || (event->mask & IN_Q_OVERFLOW) ||
			      ((event->mask & events_wanted) && event->len &&
			       !strncmp(event->name, r->folder.name, strlen(r->folder.name)));
		}
	}
	return any;
}

static int recording_next(struct input *in, struct input_line *out)
{
	struct recording_input *r = (struct recording_input *)in;
	int got;

	out->stream = &r->stream;
	for (;;) {
		got = r->tail.fd < 0 ? 0 : tail_line(&r->tail, &out->line, &out->before);
		if (got)
			return got;
		if (drain(r, HAPPENS) || (r->tail.fd >= 0 && tail_has_shrunk(&r->tail, in->name)))
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

	if (r->tail.fd >= 0 && faccessat(r->folder.fd, r->folder.name, R_OK, AT_EACCESS) &&
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

	*p = r->tail.at;
	return tail_is_placed(&r->tail);
}

static void recording_close(struct input *in)
{
	struct recording_input *r = (struct recording_input *)in;

	tail_end(&r->tail);
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
	bool found;

	r->tail.at = *from;
	/* who lists a folder may miss what is renamed just then */
	do
		found = folder_each(&r->folder, is_sought, &s);
	while (!found && drain(r, BEGINS));
	if (found) {
		take(r, s.fd, from->offset);
		r->tail.at.after = from->after;
		return;
	}
	log_warning("%s: the file that was being read has gone; what it had after byte %" PRIu64
		    " is not exported",
		    r->input.name, from->offset);
	r->tail.at.file = 0;
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
	if (inotify_add_watch(r->inotify, place, HAPPENS) < 0)
		return -errno;
	r->tail.at.after = folder_last(&r->folder);
	if (from)
		go_on(r, from);
	err = r->tail.fd < 0 ? advance(r) : 0;
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
		r->inotify = r->tail.fd = r->folder.fd = -1;
		err = prepare(r, from);
	}
	if (err && !(r && r->said))
		log_error("cannot follow %s: %s", path, strerror(-err));
	else if (!err && r->tail.fd < 0)
		log_warning("%s is not there yet; it is waited for", path);
	return err ? EXIT_FAILED : EXIT_OK;
}
