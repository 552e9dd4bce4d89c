// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/counts.h"

#include <errno.h>
#include <stdlib.h>

static struct counted *place(struct counted *entries, size_t room, uint64_t key)
{
	size_t at = (key * 0x9e3779b97f4a7c15ull) >> 20;

	for (;; at++)
		if (!entries[at % room].key || entries[at % room].key == key)
			return &entries[at % room];
}

static int grow(struct counts *table)
{
	size_t room = table->room ? 2 * table->room : 256;
	struct counted *entries = calloc(room, sizeof(*entries));

	if (!entries)
		return -ENOMEM;
	for (size_t i = 0; i < table->room; i++)
		if (table->entries[i].key)
			*place(entries, room, table->entries[i].key) = table->entries[i];
	free(table->entries);
	table->entries = entries;
	table->room = room;
	return 0;
}

struct counted *counts_get(struct counts *table, uint64_t key)
{
	struct counted *entry;

	key += !key;
	if (2 * table->n >= table->room && grow(table))
		return NULL;
	entry = place(table->entries, table->room, key);
	if (!entry->key) {
		entry->key = key;
		table->n++;
	}
	return entry;
}
