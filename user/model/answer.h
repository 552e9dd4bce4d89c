/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What came out of `bindtrace check`. */
#ifndef BT_ANSWER_H
#define BT_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "model/event.h"

struct answer {
	struct bt_sock asked;	  /* family AF_UNIX: path counts */
	char path[120];		  /* "@name" for an abstract one */
	const char *operation;	  /* the call that was refused */
	int error;		  /* 0: free */
	char summary[EVENT_TEXT]; /* why, when refused */
	char command[EVENT_TEXT]; /* what would help; may be empty */
	bool waited;
	uint64_t waited_ns;
};

#endif /* BT_ANSWER_H */
