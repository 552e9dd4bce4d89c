/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A recorder fed by hand, in a folder of its own. */
#ifndef BT_RECORDING_H
#define BT_RECORDING_H

#include "record/recorder.h"
#include "record/verify.h"

struct recording {
	char folder[32], path[64]; /* path: FOLDER/r */
	struct recorder_options options;
	struct recorder *recorder;
	uint64_t events; /* given to it so far */
};

/* A folder, and options that ask for nothing; recording_begin() then makes the recorder and the header. */
void recording_prepare(struct recording *r);
void recording_begin(struct recording *r);

/* A refusal of about that many bytes, or the footer. */
void recording_event(struct recording *r, size_t size);
void recording_footer(struct recording *r);

/* Closes the recorder, if there is one. */
void recording_end(struct recording *r);

/* Removes the folder. */
void recording_remove(struct recording *r);

/* FOLDER/r + suffix: what it turns out to be, and how long it is. */
void recording_verify(const struct recording *r, const char *suffix, struct verified *out);
uint64_t recording_size(const struct recording *r, const char *suffix);

/* The same of what an open file holds. */
void verify_fd(int fd, struct verified *out);

#endif /* BT_RECORDING_H */
