/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where the lines come from. */
#ifndef BT_EXPORT_INPUT_H
#define BT_EXPORT_INPUT_H

#include "record/reader.h"

struct input;

/* path: NULL or "-" is standard input. 0, or a status of base/status.h whose reason has been printed. */
int input_open(struct input **out, const char *path);
void input_close(struct input *in);

/* Becomes readable when there may be more to read: for epoll. */
int input_fd(const struct input *in);

/*
 * 1 and the next line, valid until the next call; 0: there is none now; -ENODATA: there will be no more; another
 * -errno: it cannot be read. Never waits.
 */
int input_next(struct input *in, struct line *line);

/* Whether lines stay where they are until they are read: then a reader that has no room for more waits. */
bool input_waits(const struct input *in);

/* "standard input", or the path. */
const char *input_name(const struct input *in);

#endif /* BT_EXPORT_INPUT_H */
