// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "source/types.h"

#include <bpf/btf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/types_private.h"

#define KERNEL "/sys/kernel/btf/vmlinux"

enum { HASHED = 10 };

static int read_all(int fd, struct types *t)
{
	size_t done = 0;
	ssize_t n;

	t->data = malloc(t->size);
	if (!t->data)
		return -ENOMEM;
	for (; done < t->size; done += (size_t)n) {
		n = read(fd, t->data + done, t->size - done);
		if (n <= 0)
			return n ? -errno : -EINVAL;
	}
	return 0;
}

/* From 6.16 on the kernel's own can be mapped, which costs neither time nor memory. */
static int read_file(struct types *t, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err = 0;
	struct stat st;
	void *mapped;

	if (fd < 0)
		return -errno;
	err = fstat(fd, &st) ? -errno : 0;
	if (!err) {
		t->size = (size_t)st.st_size;
		mapped = mmap(NULL, t->size, PROT_READ, MAP_PRIVATE, fd, 0);
		t->is_mapped = mapped != MAP_FAILED;
		if (t->is_mapped)
			t->data = mapped;
		else
			err = read_all(fd, t);
	}
	close(fd);
	return err;
}

/* Sets the sections. The last string ends where they end, so none runs on. */
static int read_header(struct types *t)
{
	const struct btf_header *h = (const void *)t->data;
	size_t size = t->size;

	if (size < sizeof(*h) || h->magic != BTF_MAGIC || h->version != BTF_VERSION ||
	    h->hdr_len > size || h->type_off > size - h->hdr_len ||
	    h->type_len > size - h->hdr_len - h->type_off || h->str_off > size - h->hdr_len ||
	    h->str_len > size - h->hdr_len - h->str_off || !h->str_len)
		return -EINVAL;
	t->records = t->data + h->hdr_len + h->type_off;
	t->records_len = h->type_len;
	t->strings = t->data + h->hdr_len + h->str_off;
	t->strings_len = h->str_len;
	return t->strings[h->str_len - 1] ? -EINVAL : 0;
}

size_t types_size(const struct btf_type *type)
{
	size_t vlen = btf_vlen(type);

	switch (btf_kind(type)) {
	case BTF_KIND_PTR:
	case BTF_KIND_FWD:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_FUNC:
	case BTF_KIND_FLOAT:
	case BTF_KIND_TYPE_TAG:
		return sizeof(*type);
	case BTF_KIND_INT:
		return sizeof(*type) + sizeof(uint32_t);
	case BTF_KIND_ARRAY:
		return sizeof(*type) + sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return sizeof(*type) + vlen * sizeof(struct btf_member);
	case BTF_KIND_ENUM:
		return sizeof(*type) + vlen * sizeof(struct btf_enum);
	case BTF_KIND_ENUM64:
		return sizeof(*type) + vlen * sizeof(struct btf_enum64);
	case BTF_KIND_FUNC_PROTO:
		return sizeof(*type) + vlen * sizeof(struct btf_param);
	case BTF_KIND_VAR:
		return sizeof(*type) + sizeof(struct btf_var);
	case BTF_KIND_DATASEC:
		return sizeof(*type) + vlen * sizeof(struct btf_var_secinfo);
	case BTF_KIND_DECL_TAG:
		return sizeof(*type) + sizeof(struct btf_decl_tag);
	default:
		return 0;
	}
}

size_t types_essential(const char *name)
{
	size_t len = strlen(name), i;

	/* the last one counts, with something before and after it that is no underscore */
	for (i = len; i-- > 4;)
		if (name[i] != '_' && !memcmp(name + i - 3, "___", 3) && name[i - 4] != '_')
			return i - 3;
	return len;
}

/* FNV-1a of the beginning: there are a hundred thousand names, and who looks for one compares it, too. */
uint32_t types_hash(const char *name)
{
	const char *end = NULL, *s;
	uint32_t hash = 2166136261u;

	for (s = name; *s && s != end && s < name + HASHED; s++) {
		if (!end && s[0] == '_' && s[1] == '_' && s[2] == '_')
			end = name + types_essential(name);
		if (s != end)
			hash = (hash ^ (unsigned char)*s) * 16777619u;
	}
	return hash;
}

const char *types_string(const struct types *t, uint32_t at)
{
	if (t->base && at < t->first_at)
		return types_string(t->base, at);
	at -= t->first_at;
	return at < t->strings_len ? t->strings + at : "";
}

const struct btf_type *types_at(const struct types **t, uint32_t id)
{
	if (id < (*t)->first) {
		*t = (*t)->base;
		return types_at(t, id);
	}
	id -= (*t)->first;
	if (id >= (*t)->n || (!id && !(*t)->base))
		return NULL;
	return (const void *)((*t)->records + (*t)->at[id]);
}

/* In one go: of what there is room for, more than there are, only what is filled becomes memory. */
static int make_index(struct types *t)
{
	uint32_t place = 0, i = !t->base, max = t->records_len / sizeof(struct btf_type) + i;
	const struct btf_type *type;
	size_t size;

	t->at = calloc(max, sizeof(*t->at));
	t->hash = calloc(max, sizeof(*t->hash));
	if (!t->at || !t->hash)
		return -ENOMEM;
	for (; place + sizeof(*type) <= t->records_len; place += (uint32_t)size, i++) {
		type = (const void *)(t->records + place);
		size = types_size(type);
		if (!size || size > t->records_len - place)
			return -EINVAL;
		t->at[i] = place;
		if (type->name_off)
			t->hash[i] = types_hash(types_string(t, type->name_off));
	}
	t->n = i;
	return place && place == t->records_len ? 0 : -EINVAL;
}

int types_open_module(struct types **out, struct types *base, const char *path)
{
	struct types *t = calloc(1, sizeof(*t));
	int err;

	if (!t)
		return -ENOMEM;
	t->base = base;
	t->first = base ? base->first + base->n : 0;
	t->first_at = base ? base->first_at + base->strings_len : 0;
	err = read_file(t, path);
	if (!err)
		err = read_header(t);
	if (!err)
		err = make_index(t);
	if (err) {
		types_close(t);
		return err;
	}
	*out = t;
	return 0;
}

int types_open(struct types **out)
{
	return types_open_module(out, NULL, KERNEL);
}

int types_find(const struct types *t, const char *name, unsigned kind)
{
	uint32_t hash = types_hash(name), i;
	const struct btf_type *type;

	for (i = 0; i < t->n; i++) {
		if (t->hash[i] != hash)
			continue;
		type = (const void *)(t->records + t->at[i]);
		if (btf_kind(type) == kind && !strcmp(types_string(t, type->name_off), name))
			return (int)(t->first + i);
	}
	return -ENOENT;
}

bool types_has_member(const struct types *t, const char *name, const char *member)
{
	int id = types_find(t, name, BTF_KIND_STRUCT), i;
	const struct btf_type *type = id < 0 ? NULL : types_at(&t, (uint32_t)id);

	for (i = 0; type && i < btf_vlen(type); i++)
		if (!strcmp(types_string(t, btf_members(type)[i].name_off), member))
			return true;
	return false;
}

unsigned types_count_args(const struct types *t, const char *function)
{
	int id = types_find(t, function, BTF_KIND_FUNC);
	const struct btf_type *type = id < 0 ? NULL : types_at(&t, (uint32_t)id);

	type = type ? types_at(&t, type->type) : NULL;
	return type ? btf_vlen(type) : 0;
}

void types_close(struct types *t)
{
	if (!t)
		return;
	if (t->is_mapped)
		munmap(t->data, t->size);
	else
		free(t->data);
	free(t->at);
	free(t->hash);
	free(t->picked);
	free(t);
}
