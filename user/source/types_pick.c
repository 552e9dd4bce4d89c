// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A small description of types out of the kernel's large one. A relocation compares names and kinds, and
 * follows members down to where one is in a structure, but never a pointer: what those lead to is left out.
 */
#include <bpf/btf.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "source/types_private.h"
#include "source/types_wanted.h"

#define MODULES "/sys/kernel/btf"

struct buffer {
	char *at;
	size_t len, room;
};

struct origin {
	struct types *types;
	uint32_t id;
};

struct pick {
	struct types *kernel;
	struct types **modules;
	size_t n_modules;
	struct wanted_types *wanted;
	struct origin *queue; /* what is picked, by its new id - 1 */
	size_t n, room, written;
	struct buffer records, strings;
	int err;
};

/* Adds len bytes; where they are, until the next call. NULL: out of memory. */
static char *grow(struct pick *p, struct buffer *b, const void *bytes, size_t len)
{
	size_t room = b->room ? b->room : 65536;
	char *more = b->at;

	while (room - b->len < len)
		room *= 2;
	if (room != b->room)
		more = realloc(b->at, room);
	if (!more) {
		p->err = -ENOMEM;
		return NULL;
	}
	b->at = more;
	b->room = room;
	memcpy(b->at + b->len, bytes, len);
	b->len += len;
	return b->at + b->len - len;
}

/* The new id of a type. */
static uint32_t pick(struct pick *p, struct types *t, uint32_t id)
{
	uint32_t *picked;

	while (t && id < t->first)
		t = t->base;
	if (!t || !id || id - t->first >= t->n)
		return 0;
	picked = &t->picked[id - t->first];
	if (*picked)
		return *picked;
	if (p->n == p->room) {
		size_t room = p->room ? 2 * p->room : 1024;
		struct origin *more = realloc(p->queue, room * sizeof(*more));

		if (!more) {
			p->err = -ENOMEM;
			return 0;
		}
		p->queue = more;
		p->room = room;
	}
	p->queue[p->n++] = (struct origin){ t, id };
	*picked = (uint32_t)p->n;
	return *picked;
}

/* Picks what is wanted of t; of a module only what the kernel itself has not. */
static void pick_roots(struct pick *p, struct types *t)
{
	uint32_t i;

	t->picked = calloc(t->n, sizeof(*t->picked));
	if (!t->picked)
		p->err = -ENOMEM;
	for (i = !t->base; i < t->n && !p->err; i++) {
		const struct btf_type *type = (const void *)(t->records + t->at[i]);
		const char *name = types_string(t, type->name_off);

		if (type->name_off && wanted_types_want(p->wanted, type, name, t->hash[i], t->base))
			pick(p, t, t->first + i);
	}
}

static uint32_t add_string(struct pick *p, const struct types *t, uint32_t at)
{
	const char *string = types_string(t, at);
	uint32_t place = (uint32_t)p->strings.len;

	if (!*string)
		return 0;
	return grow(p, &p->strings, string, strlen(string) + 1) ? place : 0;
}

/* The part of a record after its head, with new ids and strings. */
static void renew_rest(struct pick *p, struct types *t, struct btf_type *type)
{
	struct btf_array *array = btf_array(type);
	int i;

	switch (btf_kind(type)) {
	case BTF_KIND_ARRAY:
		array->type = pick(p, t, array->type);
		array->index_type = pick(p, t, array->index_type);
		break;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		for (i = 0; i < btf_vlen(type); i++) {
			btf_members(type)[i].name_off =
				add_string(p, t, btf_members(type)[i].name_off);
			btf_members(type)[i].type = pick(p, t, btf_members(type)[i].type);
		}
		break;
	case BTF_KIND_ENUM:
		for (i = 0; i < btf_vlen(type); i++)
			btf_enum(type)[i].name_off = add_string(p, t, btf_enum(type)[i].name_off);
		break;
	case BTF_KIND_ENUM64:
		for (i = 0; i < btf_vlen(type); i++)
			btf_enum64(type)[i].name_off =
				add_string(p, t, btf_enum64(type)[i].name_off);
		break;
	}
}

static void write_type(struct pick *p, struct types *t, uint32_t id)
{
	const struct types *of = t;
	const struct btf_type *there = types_at(&of, id);
	size_t size = types_size(there);
	struct btf_type *type = calloc(1, size);
	unsigned kind = btf_kind(there);

	if (!type) {
		p->err = -ENOMEM;
		return;
	}
	memcpy(type, there, size);
	type->name_off = add_string(p, t, type->name_off);
	if (kind ==
	    BTF_KIND_FUNC_PROTO) { /* only behind a typedef: what it takes is of no interest */
		type->info = (uint32_t)kind << 24;
		size = sizeof(*type);
	}
	if (kind == BTF_KIND_PTR || kind == BTF_KIND_FUNC_PROTO)
		type->type = 0;
	else if (kind == BTF_KIND_TYPEDEF || kind == BTF_KIND_CONST || kind == BTF_KIND_VOLATILE ||
		 kind == BTF_KIND_RESTRICT || kind == BTF_KIND_TYPE_TAG)
		type->type = pick(p, t, type->type);
	else
		renew_rest(p, t, type);
	grow(p, &p->records, type, size);
	free(type);
}

static void pick_modules(struct pick *p)
{
	DIR *dir = opendir(MODULES);
	struct dirent *entry;
	char path[sizeof(MODULES) + sizeof(entry->d_name) + 1];

	while (dir && !p->err && (entry = readdir(dir))) {
		struct types *module, **more;

		if (entry->d_name[0] == '.' || !strcmp(entry->d_name, "vmlinux"))
			continue;
		snprintf(path, sizeof(path), MODULES "/%s", entry->d_name);
		if (types_open_module(&module, p->kernel, path))
			continue; /* unloaded since */
		more = realloc(p->modules, (p->n_modules + 1) * sizeof(struct types *));
		if (!more) {
			types_close(module);
			p->err = -ENOMEM;
			break;
		}
		p->modules = more;
		p->modules[p->n_modules++] = module;
		pick_roots(p, module);
	}
	if (dir)
		closedir(dir);
}

static int write_file(struct pick *p, int fd)
{
	struct btf_header h = { .magic = BTF_MAGIC,
				.version = BTF_VERSION,
				.hdr_len = sizeof(h),
				.type_len = (uint32_t)p->records.len,
				.str_off = (uint32_t)p->records.len,
				.str_len = (uint32_t)p->strings.len };

	if (write(fd, &h, sizeof(h)) == sizeof(h) &&
	    write(fd, p->records.at, p->records.len) == (ssize_t)p->records.len &&
	    write(fd, p->strings.at, p->strings.len) == (ssize_t)p->strings.len)
		return 0;
	return -ENOSPC;
}

int types_pick(struct types *t, const struct btf *object, int fd)
{
	struct pick p = { .kernel = t };
	int err;

	p.err = wanted_types_list(&p.wanted, object);
	if (!p.err)
		grow(&p, &p.strings, "", 1);
	if (!p.err)
		pick_roots(&p, t);
	if (!p.err)
		pick_modules(&p);
	while (p.written < p.n && !p.err) {
		struct origin next = p.queue[p.written++];

		write_type(&p, next.types, next.id);
	}
	err = p.err ? p.err : write_file(&p, fd);
	while (p.n_modules)
		types_close(p.modules[--p.n_modules]);
	free(t->picked);
	t->picked = NULL;
	free(p.modules);
	wanted_types_free(p.wanted);
	free(p.queue);
	free(p.records.at);
	free(p.strings.at);
	return err;
}
