/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which of the kernel's types the relocations of a BPF object may be about: those it has types of the same name for. */
#ifndef BT_TYPES_WANTED_H
#define BT_TYPES_WANTED_H

#include <stdbool.h>
#include <stdint.h>

struct btf;
struct btf_type;
struct wanted_types;

/* *out is for wanted_types_free(), and valid as long as object. 0 or -errno. */
int wanted_types_list(struct wanted_types **out, const struct btf *object);

/*
 * Is this one of them? hash is types_hash() of its name. One of a module is so only where the kernel itself, which
 * is asked first, has none (bpf_core_find_cands).
 */
bool wanted_types_want(struct wanted_types *w, const struct btf_type *type, const char *name,
		       uint32_t hash, bool of_module);

/* Lets go of the list; NULL is fine. */
void wanted_types_free(struct wanted_types *w);

#endif /* BT_TYPES_WANTED_H */
