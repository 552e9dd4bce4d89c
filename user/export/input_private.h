/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The kinds of inputs, for their own files. */
#ifndef BT_EXPORT_INPUT_PRIVATE_H
#define BT_EXPORT_INPUT_PRIVATE_H

#include "export/input.h"

/* Functions as those of input.h; position, unprivileged and ends may be NULL. */
struct input_class {
	void (*unprivileged)(const struct input *in);
	int (*fd)(const struct input *in);
	int (*next)(struct input *in, struct input_line *out);
	bool (*waits)(const struct input *in);
	bool (*ends)(const struct input *in);
	bool (*position)(const struct input *in, struct position *p);
	void (*close)(struct input *in);
};

/* The first member of each kind. */
struct input {
	const struct input_class *class;
	const char *name;
};

/* fd: what is read until it ends, which is closed with it unless it is standard input. */
int input_stream_open(struct input **out, const char *name, int fd);

/* A recording at path, there or not yet, and the files that come after it. */
int input_recording_open(struct input **out, const char *path, const struct position *from);

/* name: "unix:PATH". */
int input_socket_open(struct input **out, const char *name, const char *path);

#endif /* BT_EXPORT_INPUT_PRIVATE_H */
