// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "sink/escape.h"

#include <ctype.h>
#include <string.h>

/* All of it or nothing, and then nothing more: half an escape is another character. */
static void add_whole(struct text *t, const char *s)
{
	if (strlen(s) < t->size - t->len)
		text_add(t, s);
	else
		t->cut = true;
}

void escape_html(struct text *t, const char *safe)
{
	for (size_t n; *safe; safe += n) {
		n = strcspn(safe, "&<>\"'");
		text_add_bytes(t, safe, n);
		if (n)
			continue;
		n = 1;
		add_whole(t, *safe == '&'   ? "&amp;"
			     : *safe == '<' ? "&lt;"
			     : *safe == '>' ? "&gt;"
			     : *safe == '"' ? "&quot;"
					    : "&#39;");
	}
}

/* The longest run of backquotes: the span's own must be another. */
static size_t longest_run(const char *s)
{
	size_t longest = 0, n;

	for (; *s; s += n + !n) {
		n = strspn(s, "`");
		longest = n > longest ? n : longest;
	}
	return longest;
}

static void add_fence(struct text *t, size_t n)
{
	while (n--)
		text_add(t, "`");
}

void escape_code(struct text *t, const char *safe, bool cell)
{
	size_t fence = longest_run(safe) + 1, n = strlen(safe);
	bool padded;

	if (!n)
		return;
	/* one space on either side is taken away, unless all is spaces */
	padded = *safe == '`' || safe[n - 1] == '`' || *safe == ' ' || safe[n - 1] == ' ';
	add_fence(t, fence);
	text_add(t, padded ? " " : "");
	for (; *safe; safe++) {
		if (cell && *safe == '|')
			add_whole(t, "\\|");
		else
			text_add_bytes(t, safe, 1);
	}
	text_add(t, padded ? " " : "");
	add_fence(t, fence);
}

/* ":fire:", which becomes a picture; what is hex digits alone is a part of an IPv6 address. */
static bool is_emoji(const char *s)
{
	size_t n = *s == ':' ? strspn(s + 1, "abcdefghijklmnopqrstuvwxyz0123456789_+-") : 0;

	return n && s[n + 1] == ':' && strspn(s + 1, "0123456789abcdef") < n;
}

/* "#12" and "GH-12", which become links to what has that number. */
static bool is_issue(const char *s)
{
	return (*s == '#' && isdigit((unsigned char)s[1])) ||
	       (!strncasecmp(s, "gh-", 3) && isdigit((unsigned char)s[3]));
}

/* What GitHub makes something of before or after the parser, which takes the escapes away; "$" begins a formula. */
static bool looked_at(const char *s)
{
	for (; *s; s++)
		if (*s == '@' || *s == '$' || !strncmp(s, "://", 3) || !strncasecmp(s, "www.", 4) ||
		    is_issue(s) || is_emoji(s))
			return true;
	return false;
}

/* "1." and "-" begin a list where they are the first of a line. */
static bool begins_block(const char *begin, const char *at)
{
	if (strchr("-+=", *at))
		return at == begin;
	return strchr(".)", *at) && strspn(begin, "0123456789") == (size_t)(at - begin);
}

void escape_prose(struct text *t, const char *safe, bool cell)
{
	const char *begin = safe;
	char pair[] = { '\\', 0, 0 };

	if (looked_at(safe)) {
		escape_code(t, safe, cell);
		return;
	}
	for (; *safe; safe++) {
		if (!strchr("\\`*_[]<>#|~&", *safe) && (cell || !begins_block(begin, safe))) {
			text_add_bytes(t, safe, 1);
			continue;
		}
		pair[1] = *safe;
		add_whole(t, pair);
	}
}
