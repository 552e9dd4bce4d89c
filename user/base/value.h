/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * JSON as it is read. json-c, with its allocation for each key and each value, takes 22 us for a line of 2 KB,
 * which for a million events is too long on any number of cores a laptop has; this takes 2.5 us. Strict: RFC
 * 8259 and nothing beside it. tests/fuzz holds what it reads against json-c.
 */
#ifndef BT_BASE_VALUE_H
#define BT_BASE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum value_type {
	VALUE_NULL,
	VALUE_BOOL,
	VALUE_COUNT, /* a whole number from 0 to 2^64 - 1, exact */
	VALUE_REAL,  /* any other number */
	VALUE_STRING,
	VALUE_LIST,
	VALUE_OBJECT,
};

/* A value and where it stands; all of it belongs to the tree. */
struct value {
	enum value_type type;
	uint32_t n;	 /* bytes of a string, items of a list, members of an object */
	const char *key; /* of a member; it may hold NULs, so mind its length. NULL: of a list */
	uint32_t key_n;
	const struct value *next; /* of a list the item behind it; of an object any other member */
	union {
		uint64_t count; /* also of VALUE_BOOL: 0 or 1 */
		double real;
		const char *text; /* unescaped, a NUL behind it; it may hold others */
		const struct value *first;
	};
};

/* The memory of one text at a time, used again for the next one. Begins as zeros. */
struct value_tree {
	char *text;
	struct value *values;
	size_t text_size, room, used;
};

/* Deeper than any line of bindtrace, and not too deep for a stack. */
enum { VALUE_DEPTH = 32 };

/*
 * The value that n bytes are, which must be UTF-8; it is valid until the tree is used again. NULL: they are no JSON,
 * or more than one value, or deeper than VALUE_DEPTH; or there is no memory.
 */
const struct value *value_parse(struct value_tree *tree, const char *bytes, size_t n);

/*
 * Makes room for the value that n bytes are, some 32 times as many: value_parse() then takes no memory. Is
 * there any?
 */
bool value_reserve(struct value_tree *tree, size_t n);

/* The member with this key, of several the last one; NULL: there is none, or o is NULL or no object. */
const struct value *value_member(const struct value *o, const char *key);

/* Lets go of the memory, and of every value in it; the tree may be used again. */
void value_free(struct value_tree *tree);

#endif /* BT_BASE_VALUE_H */
