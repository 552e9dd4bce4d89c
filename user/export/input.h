/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where the lines come from: standard input, a named pipe, a recording that grows, or a UNIX socket to which tracers
 * connect.
 */
#ifndef BT_EXPORT_INPUT_H
#define BT_EXPORT_INPUT_H

#include "export/line.h"
#include "export/position.h"

struct input;

/* A line as it comes, and the stream whose header it stands behind. Valid until the next one is asked for. */
struct input_line {
	struct line line;
	struct export_stream *stream;
	bool before; /* it was delivered by who was here before: only what it says of the stream is wanted */
};

/*
 * path: NULL or "-" is standard input, "unix:PATH" a socket that is made. from: where a recording goes on; NULL: at
 * its beginning. 0, or a status of base/status.h whose reason has been printed. *out is for input_close() then, too.
 */
int input_open(struct input **out, const char *path, const struct position *from);
void input_close(struct input *in);

/* Privileges have been given up: says what can then not be read later on. */
void input_unprivileged(const struct input *in);

/* Becomes readable when there is more to read: for epoll, edge-triggered. -1: nobody has to wait, it is all there. */
int input_fd(const struct input *in);

/*
 * 1 and the next line; 0: there is none now; -ENODATA: there will be no more; another -errno: it cannot be read, of
 * -EACCES the reason has been printed. Never waits.
 */
int input_next(struct input *in, struct input_line *out);

/* Whether lines stay where they are until they are read: then a reader that has no room for more waits. */
bool input_waits(const struct input *in);

/* Whether somebody else ends it soon, as who writes into a pipe does who is interrupted by the same key. */
bool input_ends(const struct input *in);

/* Whether who starts next can go on where this one ended. */
bool input_has_positions(const struct input *in);

/* Where the next line begins; false: no line has been read yet, or that is unknown just now. */
bool input_position(const struct input *in, struct position *p);

/* "standard input", or the path. */
const char *input_name(const struct input *in);

#endif /* BT_EXPORT_INPUT_H */
