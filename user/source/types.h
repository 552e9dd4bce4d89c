/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The kernel's description of its own types (BTF), read once for all that ask: libbpf reads its five megabytes
 * for every object, and goes through all of them for every type that a program uses.
 */
#ifndef BT_TYPES_H
#define BT_TYPES_H

#include <stdbool.h>
#include <stdint.h>

struct btf;
struct types;

/* Reads /sys/kernel/btf/vmlinux. *out is for types_close(). 0 or -errno. */
int types_open(struct types **out);

/* Reads the types of a loaded module by its file; they build on base's, which must outlive them. 0 or -errno. */
int types_open_module(struct types **out, struct types *base, const char *path);

/* The id of a type of that name and kind (BTF_KIND_*), or -ENOENT. */
int types_find(const struct types *t, const char *name, unsigned kind);

/* Has the struct a member of that name? Those of anonymous members do not count. */
bool types_has_member(const struct types *t, const char *name, const char *member);

/* How many arguments a function takes; 0: none, or there is no such function. */
unsigned types_count_args(const struct types *t, const char *function);

/*
 * Writes to fd those types of the kernel and its modules that object has types of the same name for, and what
 * their members are made of: all that the relocations of a BPF object can ask for, except for ids of types. 0 or
 * -errno. Reads the modules that are loaded.
 */
int types_pick(struct types *t, const struct btf *object, int fd);

/* Lets go of them; NULL is fine. */
void types_close(struct types *t);

#endif /* BT_TYPES_H */
