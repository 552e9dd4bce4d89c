/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BT_EXPORT_SENTENCE_H
#define BT_EXPORT_SENTENCE_H

#include "base/text.h"
#include "export/line.h"

/*
 * What a line tells, in one sentence for a person, fit for a terminal: the summary of a refusal, "3 more refusals
 * of ...", "... bound by ...". Nothing is added for a line that tells of no refusal, such as a header.
 */
void sentence_add(struct text *t, const struct export_line *line);

#endif /* BT_EXPORT_SENTENCE_H */
