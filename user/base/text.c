// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "base/text.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NOT_UTF8 -1

/*
 * The next character of n > 0 bytes: returns its length and sets its code point. For bytes that are
 * no UTF-8 the code is NOT_UTF8 and the length is that of the part one U+FFFD stands for
 * (Unicode, 3.9).
 */
static size_t utf8_next(const unsigned char *s, size_t n, int32_t *code)
{
	unsigned char lead = s[0], low = 0x80, high = 0xbf;
	size_t more, i;
	int32_t c;

	if (lead < 0x80) {
		*code = lead;
		return 1;
	}
	*code = NOT_UTF8;
	if (lead >= 0xc2 && lead <= 0xdf) {
		more = 1;
		c = lead & 0x1f;
	} else if ((lead & 0xf0) == 0xe0) {
		more = 2;
		c = lead & 0x0f;
		low = lead == 0xe0 ? 0xa0 : 0x80;  /* no overlong forms */
		high = lead == 0xed ? 0x9f : 0xbf; /* no surrogates */
	} else if (lead >= 0xf0 && lead <= 0xf4) {
		more = 3;
		c = lead & 0x07;
		low = lead == 0xf0 ? 0x90 : 0x80;
		high = lead == 0xf4 ? 0x8f : 0xbf; /* nothing above U+10FFFF */
	} else {
		return 1;
	}
	for (i = 1; i <= more; i++) {
		if (i >= n || s[i] < low || s[i] > high)
			return i;
		c = c << 6 | (s[i] & 0x3f);
		low = 0x80;
		high = 0xbf;
	}
	*code = c;
	return more + 1;
}

/* May a terminal see it as it is? */
static bool printable(int32_t c)
{
	static const struct {
		int32_t first, last;
	} hidden[] = {
		{ NOT_UTF8, 0x1f },   { 0x7f, 0x9f },	  { 0xad, 0xad },     { 0x61c, 0x61c },
		{ 0x180e, 0x180e },   { 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f },
		{ 0xfeff, 0xfeff },   { 0xfff9, 0xfffb }, { 0xfdd0, 0xfdef }, { 0xfffe, 0xffff },
		{ 0xe0000, 0xe0fff },
	};

	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (c >= hidden[i].first && c <= hidden[i].last)
			return false;
	return true;
}

void text_init(struct text *t, char *buf, size_t size)
{
	*t = (struct text){ .buf = buf, .size = size };
	buf[0] = '\0';
}

/* All of it or nothing. */
static void add_whole(struct text *t, const char *s, size_t n)
{
	if (t->cut || n >= t->size - t->len) {
		t->cut = true;
		return;
	}
	memcpy(t->buf + t->len, s, n);
	t->len += n;
	t->buf[t->len] = '\0';
}

/* After a cut: takes back the beginning of a character whose rest is missing. */
static void drop_partial(struct text *t)
{
	size_t back = 1;
	int32_t code;

	t->cut = true;
	while (back < 4 && back < t->len && (t->buf[t->len - back] & 0xc0) == 0x80)
		back++;
	if (back <= t->len &&
	    utf8_next((unsigned char *)t->buf + t->len - back, back, &code) == back &&
	    code == NOT_UTF8)
		t->len -= back;
	t->buf[t->len] = '\0';
}

void text_add_bytes(struct text *t, const char *s, size_t n)
{
	size_t room = t->size - 1 - t->len;

	if (t->cut)
		return;
	if (n <= room) {
		add_whole(t, s, n);
		return;
	}
	add_whole(t, s, room);
	drop_partial(t);
}

void text_add(struct text *t, const char *s)
{
	text_add_bytes(t, s, strlen(s));
}

void text_printf(struct text *t, const char *format, ...)
{
	size_t room = t->size - t->len;
	va_list args;
	int n;

	if (t->cut)
		return;
	va_start(args, format);
	n = vsnprintf(t->buf + t->len, room, format, args);
	va_end(args);
	if (n < 0) {
		t->buf[t->len] = '\0';
		return;
	}
	if ((size_t)n < room) {
		t->len += (size_t)n;
		return;
	}
	t->len = t->size - 1;
	drop_partial(t);
}

static void escape_one(struct text *t, const char *s, size_t n, int32_t code)
{
	char out[4 * 4 + 1];
	size_t i;

	if (printable(code)) {
		add_whole(t, s, n);
		return;
	}
	if (code == '\n' || code == '\r' || code == '\t') {
		add_whole(t, code == '\n' ? "\\n" : code == '\r' ? "\\r" : "\\t", 2);
		return;
	}
	for (i = 0; i < n; i++)
		snprintf(out + 4 * i, sizeof(out) - 4 * i, "\\x%02x", (unsigned char)s[i]);
	add_whole(t, out, 4 * n);
}

/* How many of the bytes are ASCII that a terminal may see: nearly all that is ever escaped. */
static size_t printable_run(const char *bytes, size_t n)
{
	size_t run = 0;

	while (run < n && bytes[run] >= 0x20 && bytes[run] < 0x7f)
		run++;
	return run;
}

void text_escape(struct text *t, const char *bytes, size_t n)
{
	int32_t code;
	size_t used;

	for (; n && !t->cut; bytes += used, n -= used) {
		used = printable_run(bytes, n);
		if (used) {
			text_add_bytes(t, bytes, used);
			continue;
		}
		used = utf8_next((const unsigned char *)bytes, n, &code);
		escape_one(t, bytes, used, code);
	}
}

bool text_utf8_repair(struct text *t, const char *bytes, size_t n)
{
	bool repaired = false;
	int32_t code;
	size_t used;

	for (; n && !t->cut; bytes += used, n -= used) {
		used = utf8_next((const unsigned char *)bytes, n, &code);
		if (code == NOT_UTF8) {
			add_whole(t, "\xef\xbf\xbd", 3);
			repaired = true;
		} else {
			add_whole(t, bytes, used);
		}
	}
	return repaired;
}

/* How many of the bytes are certainly ASCII, in steps of eight: most of a recording is. */
static size_t ascii_run(const char *bytes, size_t n)
{
	uint64_t eight;
	size_t run;

	for (run = 0; n - run >= sizeof(eight); run += sizeof(eight)) {
		memcpy(&eight, bytes + run, sizeof(eight));
		if (eight & 0x8080808080808080ull)
			break;
	}
	return run;
}

bool text_is_utf8(const char *bytes, size_t n)
{
	int32_t code = 0;
	size_t used;

	for (; n && code != NOT_UTF8; bytes += used, n -= used) {
		used = ascii_run(bytes, n);
		if (!used)
			used = utf8_next((const unsigned char *)bytes, n, &code);
	}
	return code != NOT_UTF8;
}

enum quoting { BARE, SINGLE, ANSI_C };

static enum quoting quoting_of(const char *s, size_t n)
{
	enum quoting q = n ? BARE : SINGLE;
	int32_t code;
	size_t used;

	for (; n; s += used, n -= used) {
		used = utf8_next((const unsigned char *)s, n, &code);
		if (code == '\'' || !printable(code))
			return ANSI_C;
		if (code < 0x80 && strchr(" !\"#$&()*;<>?[\\]`{|}~", code))
			q = SINGLE;
	}
	return q;
}

static void add_argument(struct text *t, const char *s, size_t n)
{
	enum quoting q = quoting_of(s, n);
	int32_t code;
	size_t used;

	if (q != BARE)
		text_add(t, q == SINGLE ? "'" : "$'");
	for (; n; s += used, n -= used) {
		used = utf8_next((const unsigned char *)s, n, &code);
		if (q == ANSI_C && (code == '\'' || code == '\\'))
			add_whole(t, code == '\'' ? "\\'" : "\\\\", 2);
		else
			escape_one(t, s, used, code);
	}
	if (q != BARE)
		text_add(t, "'");
}

void text_command(struct text *t, const char *args, size_t n)
{
	const char *end = args + n, *arg = args;
	size_t len;

	if (!memchr(args, '\0', n)) {
		text_escape(t, args, n);
		return;
	}
	/* behind the last NUL there is one more argument, if only an empty one */
	for (; arg <= end; arg += len + 1) {
		len = strnlen(arg, (size_t)(end - arg));
		if (arg > args)
			text_add(t, " ");
		add_argument(t, arg, len);
	}
}

/*
 * setproctitle() writes over the arguments and fills up with NULs, where the kernel still sees them end: as
 * many empty arguments would be a strange command, and one behind a text with spaces as well.
 */
size_t text_command_length(const char *args, size_t n)
{
	size_t filled = n;
	bool lone, title;

	if (!n || args[n - 1])
		return n;
	while (filled && !args[filled - 1])
		filled--;
	lone = !memchr(args, '\0', filled);
	title = n - filled > 2 || memchr(args, ' ', filled);
	return lone && title ? filled : n - 1;
}

int write_all(int fd, const char *bytes, size_t n)
{
	while (n) {
		ssize_t done = write(fd, bytes, n);

		if (done >= 0) {
			bytes += done;
			n -= (size_t)done;
		} else if (errno == EAGAIN) {
			struct pollfd wait = { .fd = fd, .events = POLLOUT };

			poll(&wait, 1, -1);
		} else if (errno != EINTR) {
			return -errno;
		}
	}
	return 0;
}
