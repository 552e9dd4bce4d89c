/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "base/value.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/*
 * The text is a copy, with a NUL behind it: that is no JSON wherever it is met, so nothing else has to look for the
 * end. Strings are unescaped where they stand, as none gets longer by that.
 */
struct parser {
	struct value_tree *tree;
	char *at;
};

static bool parse_value(struct parser *p, struct value *v, unsigned depth);

static void skip_space(struct parser *p)
{
	while (*p->at == ' ' || *p->at == '\t' || *p->at == '\n' || *p->at == '\r')
		p->at++;
}

static bool take(struct parser *p, char c)
{
	skip_space(p);
	if (*p->at != c)
		return false;
	p->at++;
	return true;
}

static bool take_word(struct parser *p, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(p->at, word, n) != 0)
		return false;
	p->at += n;
	return true;
}

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

/* What \u stands for, its digits at p; -1: half of a surrogate pair, which stands for nothing, or no digits. */
static int32_t take_code(struct parser *p)
{
	int32_t code = code_unit(p->at), low;

	if (code < 0 || (code & 0xfc00) == 0xdc00)
		return -1;
	p->at += 4;
	if ((code & 0xfc00) != 0xd800)
		return code;
	if (p->at[0] != '\\' || p->at[1] != 'u')
		return -1;
	low = code_unit(p->at + 2);
	if (low < 0 || (low & 0xfc00) != 0xdc00)
		return -1;
	p->at += 6;
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
static char *take_escape(struct parser *p, char *to)
{
	static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	char c = *p->at++;
	const char *known = c ? strchr(names, c) : NULL;
	int32_t code;

	if (known) {
		*to = meant[known - names];
		return to + 1;
	}
	code = c == 'u' ? take_code(p) : -1;
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

/* A string from its first quote on. */
static bool take_string(struct parser *p, const char **text, uint32_t *n)
{
	char *to, *from;
	size_t run;

	if (*p->at != '"')
		return false;
	from = to = ++p->at;
	for (;;) {
		run = plain_run(p->at);
		if (to != p->at)
			memmove(to, p->at, run);
		to += run;
		p->at += run;
		if (*p->at != '\\')
			break;
		p->at++;
		to = take_escape(p, to);
		if (!to)
			return false;
	}
	if (*p->at != '"')
		return false;
	p->at++;
	*to = '\0';
	*text = from;
	*n = (uint32_t)(to - from);
	return true;
}

static bool skip_digits(struct parser *p)
{
	if (*p->at < '0' || *p->at > '9')
		return false;
	while (*p->at >= '0' && *p->at <= '9')
		p->at++;
	return true;
}

/* Behind the whole part of a number: whether that was all; -1: it is no number. */
static int take_fraction(struct parser *p)
{
	bool whole = true;

	if (*p->at == '.') {
		p->at++;
		whole = false;
		if (!skip_digits(p))
			return -1;
	}
	if ((*p->at | 0x20) != 'e')
		return whole;
	p->at++;
	if (*p->at == '+' || *p->at == '-')
		p->at++;
	return skip_digits(p) ? false : -1;
}

static bool take_number(struct parser *p, struct value *v)
{
	const char *begin = p->at, *digit;
	uint64_t count = 0;
	bool fits = *begin != '-';
	int whole;

	p->at += !fits;
	digit = p->at;
	if (!skip_digits(p) || (*digit == '0' && p->at - digit > 1))
		return false;
	for (; digit < p->at && fits; digit++)
		fits = !__builtin_mul_overflow(count, 10, &count) &&
		       !__builtin_add_overflow(count, (uint64_t)(*digit - '0'), &count);
	whole = take_fraction(p);
	if (whole < 0)
		return false;
	v->type = fits && whole ? VALUE_COUNT : VALUE_REAL;
	if (v->type == VALUE_COUNT)
		v->count = count;
	else
		v->real = strtod(begin, NULL);
	return true;
}

/* NULL: there is no room, which make_room() has seen to. */
static struct value *new_value(struct parser *p)
{
	struct value *v = NULL;

	if (p->tree->used < p->tree->room) {
		v = &p->tree->values[p->tree->used++];
		*v = (struct value){ .type = VALUE_NULL };
	}
	return v;
}

static bool parse_list(struct parser *p, struct value *list, unsigned depth)
{
	const struct value **end = &list->first;

	list->type = VALUE_LIST;
	if (take(p, ']'))
		return true;
	do {
		struct value *item = new_value(p);

		if (!item || !parse_value(p, item, depth))
			return false;
		*end = item;
		end = &item->next;
		list->n++;
	} while (take(p, ','));
	return take(p, ']');
}

/* The last member comes first: of two with the same key it is the one that counts. */
static bool parse_object(struct parser *p, struct value *o, unsigned depth)
{
	o->type = VALUE_OBJECT;
	if (take(p, '}'))
		return true;
	do {
		struct value *member = new_value(p);

		skip_space(p);
		if (!member || !take_string(p, &member->key, &member->key_n) || !take(p, ':') ||
		    !parse_value(p, member, depth))
			return false;
		member->next = o->first;
		o->first = member;
		o->n++;
	} while (take(p, ','));
	return take(p, '}');
}

static bool parse_value(struct parser *p, struct value *v, unsigned depth)
{
	skip_space(p);
	switch (*p->at) {
	case '{':
		p->at++;
		return depth < VALUE_DEPTH && parse_object(p, v, depth + 1);
	case '[':
		p->at++;
		return depth < VALUE_DEPTH && parse_list(p, v, depth + 1);
	case '"':
		v->type = VALUE_STRING;
		return take_string(p, &v->text, &v->n);
	case 't':
	case 'f':
		v->type = VALUE_BOOL;
		v->count = *p->at == 't';
		return take_word(p, v->count ? "true" : "false");
	case 'n':
		return take_word(p, "null");
	default:
		return take_number(p, v);
	}
}

/*
 * Room for a text and its values, and for longer ones to come. A value takes two bytes, itself and what stands between
 * it and the next one; but those that are not closed take one.
 */
static bool make_room(struct value_tree *tree, size_t n)
{
	size_t longest = n + n / 2;

	if (n < tree->text_size)
		return true;
	value_free(tree);
	tree->room = longest / 2 + VALUE_DEPTH + 2;
	tree->text = malloc(longest + 1);
	tree->values = malloc(tree->room * sizeof(*tree->values));
	if (!tree->text || !tree->values) {
		value_free(tree);
		return false;
	}
	tree->text_size = longest + 1;
	return true;
}

const struct value *value_parse(struct value_tree *tree, const char *bytes, size_t n)
{
	struct parser p = { .tree = tree };
	struct value *root;

	if (n >= UINT32_MAX / 2 || !make_room(tree, n))
		return NULL;
	memcpy(tree->text, bytes, n);
	tree->text[n] = '\0';
	tree->used = 0;
	p.at = tree->text;
	root = new_value(&p);
	if (!parse_value(&p, root, 0))
		return NULL;
	skip_space(&p);
	return p.at == tree->text + n ? root : NULL;
}

const struct value *value_member(const struct value *o, const char *key)
{
	size_t n = strlen(key);
	const struct value *v;

	if (!o || o->type != VALUE_OBJECT)
		return NULL;
	for (v = o->first; v; v = v->next)
		if (v->key_n == n && *v->key == *key && !memcmp(v->key, key, n))
			return v;
	return NULL;
}

void value_free(struct value_tree *tree)
{
	free(tree->text);
	free(tree->values);
	*tree = (struct value_tree){ 0 };
}
