// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "base/unescape.h"

#include <stdbool.h>
#include <string.h>

/* Four hex digits, or -1. */
static int32_t code_unit(const char *s)
{
	int32_t code = 0;

	for (int i = 0; i < 4; i++) {
		char c = s[i];

		if (c >= '0' && c <= '9')
			code = code << 4 | (c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			code = code << 4 | ((c | 0x20) - 'a' + 10);
		else
			return -1;
	}
	return code;
}

/* What \u stands for, its digits at *at; -1: half of a surrogate pair, which stands for nothing, or no digits. */
static int32_t take_code(char **at)
{
	int32_t code = code_unit(*at), low;

	if (code < 0 || (code & 0xfc00) == 0xdc00)
		return -1;
	*at += 4;
	if ((code & 0xfc00) != 0xd800)
		return code;
	if ((*at)[0] != '\\' || (*at)[1] != 'u')
		return -1;
	low = code_unit(*at + 2);
	if (low < 0 || (low & 0xfc00) != 0xdc00)
		return -1;
	*at += 6;
	return 0x10000 + ((code & 0x3ff) << 10 | (low & 0x3ff));
}

static char *add_utf8(char *to, int32_t code)
{
	if (code < 0x80) {
		*to++ = (char)code;
		return to;
	}
	if (code < 0x800) {
		*to++ = (char)(0xc0 | code >> 6);
	} else {
		if (code < 0x10000) {
			*to++ = (char)(0xe0 | code >> 12);
		} else {
			*to++ = (char)(0xf0 | code >> 18);
			*to++ = (char)(0x80 | (code >> 12 & 0x3f));
		}
		*to++ = (char)(0x80 | (code >> 6 & 0x3f));
	}
	*to++ = (char)(0x80 | (code & 0x3f));
	return to;
}

/* An escape behind its backslash; where the next character goes, or NULL. */
static char *take_escape(char **at, char *to)
{
	static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	char c = *(*at)++;
	const char *known = c ? strchr(names, c) : NULL;
	int32_t code;

	if (known) {
		*to = meant[known - names];
		return to + 1;
	}
	code = c == 'u' ? take_code(at) : -1;
	return code < 0 ? NULL : add_utf8(to, code);
}

/* How many bytes of a string stand for themselves. */
static size_t plain_run(const char *s)
{
	static const bool ends[256] = { [0 ... 0x1f] = true, ['"'] = true, ['\\'] = true };
	size_t n = 0;

	while (!ends[(unsigned char)s[n]])
		n++;
	return n;
}

char *unescape(char *at, const char **text, uint32_t *n)
{
	char *to, *from;
	size_t run;

	from = to = ++at;
	for (;;) {
		run = plain_run(at);
		if (to != at)
			memmove(to, at, run);
		to += run;
		at += run;
		if (*at != '\\')
			break;
		at++;
		to = take_escape(&at, to);
		if (!to)
			return NULL;
	}
	if (*at != '"')
		return NULL;
	*to = '\0';
	*text = from;
	*n = (uint32_t)(to - from);
	return at + 1;
}
