/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Text built in a buffer of the caller's, and the ways to make bytes that a task chose fit to be
 * read: escaped for terminals, repaired for JSON.
 */
#ifndef BT_BASE_TEXT_H
#define BT_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Always NUL-terminated, never longer than size - 1. What does not fit is left out at a character's
 * boundary; then cut is true and nothing more is added, so that the text has no holes.
 */
struct text {
	char *buf; /* the caller's */
	size_t size;
	size_t len;
	bool cut;
};

/* An empty text in buf, which has room for size bytes, the NUL included; size is at least 1. */
void text_init(struct text *t, char *buf, size_t size);

/* Adds a string, n bytes, or what printf would make, as they are. */
void text_add(struct text *t, const char *s);
void text_add_bytes(struct text *t, const char *s, size_t n);
__attribute__((format(printf, 2, 3))) void text_printf(struct text *t, const char *format, ...);

/*
 * Adds bytes that a task chose so that a terminal only ever prints them: control characters (C0,
 * DEL, C1), characters that hide or turn the text around them (bidi controls, zero width) and bytes
 * that are no UTF-8 become \n, \r, \t or \xNN. An escape is added whole or not at all.
 */
void text_escape(struct text *t, const char *bytes, size_t n);

/* Adds the bytes with U+FFFD for whatever is not UTF-8. Returns whether that was needed. */
bool text_utf8_repair(struct text *t, const char *bytes, size_t n);

/* Whether nothing in the bytes would have to be repaired. */
bool text_is_utf8(const char *bytes, size_t n);

/*
 * Adds a command line (arguments separated by NUL, n bytes) with spaces between its arguments,
 * quoted as a shell would read them and safe for a terminal. A lone argument with spaces in it is a
 * title that the process gave itself and is not quoted.
 */
void text_command(struct text *t, const char *args, size_t n);

/*
 * How many of the n bytes of a process's argument area are its command line: without the NUL that ends the
 * last argument, so that "prog\0\0" is an argument and an empty one. A lone argument that is a title
 * leaves NULs of the arguments before it, which are none.
 */
size_t text_command_length(const char *args, size_t n);

/* Writes all n bytes, in one write() where the kernel takes them so. 0 or -errno (-EPIPE included). */
int write_all(int fd, const char *bytes, size_t n);

#endif /* BT_BASE_TEXT_H */
