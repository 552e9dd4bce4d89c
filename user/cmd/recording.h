/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* bindtrace record: a report whose lines go into sealed files. */
#ifndef BT_RECORDING_H
#define BT_RECORDING_H

#include "cmd/report.h"

struct recording;

/* Makes the first file; r->recording is set and r->out is where the sinks write. EXIT_*, with a message. */
int recording_open(struct report *r);

/* Says on standard output what is watched; the header is written. */
void recording_began(const struct report *r);

/* A sink has written a line that tells of so many refusals. 0 or -errno: nothing can be recorded. */
int recording_line(struct recording *recording, uint64_t refusals);

/* What is there to do every second while there is something; whether there still is. */
bool recording_tick(struct recording *recording);

/* The folder of its files, as a descriptor of the recording's own. */
int recording_folder(const struct recording *recording);

/* SIGHUP: goes on in a new file. */
void recording_reopen(struct recording *recording);

/* The totals of the footer: refusals whose line is lost are lost. */
void recording_account(const struct recording *recording, struct totals *totals);

/* The end, with what there is to say about it; r->recording may be NULL. status, or what is worse. */
int recording_close(struct report *r, int status);

#endif /* BT_RECORDING_H */
