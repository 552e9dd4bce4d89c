/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Strings of JSON, for base/value. */
#ifndef BT_BASE_UNESCAPE_H
#define BT_BASE_UNESCAPE_H

#include <stdint.h>

/*
 * The string whose first quote is at, in a text with a NUL at its end; it is unescaped where it stands, as no
 * string gets longer by that, and ends in a NUL. What comes behind its last quote; NULL: it is none, or has
 * half of a surrogate pair.
 */
char *unescape(char *at, const char **text, uint32_t *n);

#endif /* BT_BASE_UNESCAPE_H */
