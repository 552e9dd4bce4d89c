/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Between types.c (reading) and types_pick.c (picking some of them). */
#ifndef BT_TYPES_PRIVATE_H
#define BT_TYPES_PRIVATE_H

#include <linux/btf.h>
#include <stddef.h>

#include "source/types.h"

struct types {
	struct types *base; /* NULL: the kernel's own */
	char *data;
	size_t size;
	bool is_mapped;
	const char *records, *strings;
	uint32_t records_len, strings_len;
	uint32_t first;	   /* id of the first type that is not base's */
	uint32_t first_at; /* where in strings of both the own ones begin */
	uint32_t n;	/* own types; of the kernel itself the first is void, which has no record */
	uint32_t *at;	/* of each the place of its record */
	uint32_t *hash; /* of each types_hash() of its name; 0: it has none */
	uint32_t *picked; /* types_pick(): of each its new id, 0: none */
};

/* A type by its id, and the types that it is of; NULL: there is none. */
const struct btf_type *types_at(const struct types **t, uint32_t id);

/* A string of a type, by its offset. */
const char *types_string(const struct types *t, uint32_t at);

/* Bytes of a type's record; 0: of a kind that is not known. */
size_t types_size(const struct btf_type *type);

/* Length of a name up to the "___" that begins a flavor, as libbpf compares names. */
size_t types_essential(const char *name);

/* Of that much of it. */
uint32_t types_hash(const char *name);

#endif /* BT_TYPES_PRIVATE_H */
