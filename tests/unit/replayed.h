/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Events on their way through a recording: what comes out must read as what went in. */
#ifndef BT_REPLAYED_H
#define BT_REPLAYED_H

#include "fixture.h"
#include "sink/json.h"
#include "sink/text.h"
#include "source/replay.h"

enum { REPLAYED_STYLES = 4 };
extern const struct text_options replayed_styles[REPLAYED_STYLES];
extern const struct host_facts replayed_host;

/* Its text, and its line of JSON; the caller frees them. */
char *replayed_text(const struct event *e, const struct text_options *o);
char *replayed_line(const struct event *e);

/* The event of a line, which must have nothing wrong; the caller frees it. */
struct event *replayed_event(const char *line);

/* Holds the text, in all styles, and the line of what comes out against those of what went in. */
void replayed_same(const struct event *e);

#endif /* BT_REPLAYED_H */
