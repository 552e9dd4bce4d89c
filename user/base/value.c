// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "base/value.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/unescape.h"

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

static bool take_string(struct parser *p, const char **text, uint32_t *n)
{
	char *behind = *p->at == '"' ? unescape(p->at, text, n) : NULL;

	if (behind)
		p->at = behind;
	return behind != NULL;
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

/* NULL: there is no room, which value_reserve() has seen to. */
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
bool value_reserve(struct value_tree *tree, size_t n)
{
	size_t longest = n + n / 2;

	if (n < tree->text_size)
		return true;
	if (n >= UINT32_MAX / 2)
		return false;
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

	if (!value_reserve(tree, n))
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
