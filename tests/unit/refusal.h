/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A refusal made by hand, judged, and looked at: for the tests of user/verdict. */
#ifndef BT_REFUSAL_H
#define BT_REFUSAL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h wants the three above first */
#include <cmocka.h>

#include "model/event.h"

extern struct event e;

/* A bind() to TCP 0.0.0.0:8000, refused with this error by somebody (enum bt_who). */
void refusal(unsigned who, int error);

/* A bind() of a UNIX socket to these bytes, refused by its protocol. */
void unix_refusal(int error, const char *path, unsigned path_len);

/* Has it judged. */
void expect_reason(enum bt_reason reason, enum bt_layer layer);

/* ... and said in its summary. */
void expect_said(enum bt_reason reason, const char *said);

/* What was advised of that kind, once it is judged; NULL: nothing. */
const struct advice *advised(enum bt_action action);

#endif /* BT_REFUSAL_H */
