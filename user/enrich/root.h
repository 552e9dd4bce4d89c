/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The files other programs leave behind about their containers, units and namespaces. They may be
 * anything by the time they are read, so: regular files only, of a bounded size, never waited for.
 */
#ifndef BT_ENRICH_ROOT_H
#define BT_ENRICH_ROOT_H

#include <dirent.h>
#include <json-c/json.h>
#include <stddef.h>
#include <stdint.h>

/* The tree all paths below are looked up in; "" is the machine's own, others are for tests. */
void root_set(const char *dir);

/* The path in that tree. 0 or -ENAMETOOLONG. */
int root_path(const char *path, char *out, size_t size);

DIR *root_opendir(const char *path);

/* The whole file, NUL-terminated, to be freed; NULL: not there, no plain file, or over max bytes. */
char *root_read(const char *path, size_t max);

/* The file as JSON, to be put; NULL as above, or not JSON. */
struct json_object *root_json(const char *path, size_t max);

/* The value at this way of keys, which ends with NULL; NULL: not there. */
struct json_object *json_at(struct json_object *o, ...) __attribute__((sentinel));

/* The same for text without NULs in it: copied whole, or left empty where it does not fit. */
void json_copy(struct json_object *text, char *out, size_t size);

/* The home of a user; -errno. */
int root_home(uint32_t uid, char *out, size_t size);

#endif /* BT_ENRICH_ROOT_H */
