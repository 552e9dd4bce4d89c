/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where the documents of report go. */
#ifndef BT_CMD_DOCUMENTS_H
#define BT_CMD_DOCUMENTS_H

#include "cmd/options.h"
#include "model/story.h"

/* Before anything is read: what the options ask for must go together. EXIT_OK, or EXIT_USAGE, printed. */
int documents_check(const struct options *o);

/*
 * Writes what --markdown and --html ask for. EXIT_OK or EXIT_FAILED, with the reason printed. A file appears when it
 * is complete, in the place of an older report; what is there and is none is left alone.
 */
int documents_write(const struct options *o, const struct story_book *b);

#endif /* BT_CMD_DOCUMENTS_H */
