// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "source/types_wanted.h"

#include <bpf/btf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "source/types_private.h"

enum { N_PLACES = 4096 }; /* an object of ours has some 400 types with names */

struct wanted {
	const char *name; /* NULL: no entry */
	uint32_t hash;
	size_t len;
	unsigned kind;
	bool in_kernel;
};

struct wanted_types {
	struct wanted places[N_PLACES];
	unsigned n;
};

/* Two kinds of enum are one (btf_kind_core_compat). */
static unsigned kind_of(const struct btf_type *type)
{
	unsigned kind = btf_kind(type);

	return kind == BTF_KIND_ENUM64 ? BTF_KIND_ENUM : kind;
}

static bool can_be_root(const struct btf_type *type)
{
	unsigned kind = btf_kind(type);

	return kind != BTF_KIND_FUNC && kind != BTF_KIND_VAR && kind != BTF_KIND_DATASEC &&
	       kind != BTF_KIND_DECL_TAG && kind != BTF_KIND_TYPE_TAG;
}

/* The entry of that name and kind, or the free one where it would be. */
static struct wanted *find(struct wanted_types *w, const char *name, uint32_t hash, unsigned kind)
{
	struct wanted *p;
	uint32_t i;

	for (i = hash;; i++) {
		p = &w->places[i % N_PLACES];
		if (!p->name ||
		    (p->hash == hash && p->kind == kind && types_essential(name) == p->len &&
		     !strncmp(name, p->name, p->len)))
			return p;
	}
}

int wanted_types_list(struct wanted_types **out, const struct btf *object)
{
	struct wanted_types *w = *out = calloc(1, sizeof(*w));
	uint32_t n = btf__type_cnt(object), i;

	if (!w)
		return -ENOMEM;
	for (i = 1; i < n; i++) {
		const struct btf_type *type = btf__type_by_id(object, i);
		const char *name = btf__name_by_offset(object, type->name_off);
		struct wanted *p;
		uint32_t hash;

		if (!type->name_off || !name || !can_be_root(type))
			continue;
		hash = types_hash(name);
		p = find(w, name, hash, kind_of(type));
		if (p->name)
			continue;
		if (++w->n > N_PLACES / 2)
			return -E2BIG;
		*p = (struct wanted){ name, hash, types_essential(name), kind_of(type), false };
	}
	return 0;
}

bool wanted_types_want(struct wanted_types *w, const struct btf_type *type, const char *name,
		       uint32_t hash, bool of_module)
{
	struct wanted *p = can_be_root(type) ? find(w, name, hash, kind_of(type)) : NULL;

	if (!p || !p->name || (of_module && p->in_kernel))
		return false;
	p->in_kernel = !of_module;
	return true;
}

void wanted_types_free(struct wanted_types *w)
{
	free(w);
}
