// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/counts.h"

#include <errno.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>

/* Keys are as a recording wants them: with a hash that it knows, it could have all of them in one place. */
static uint64_t hash(uint64_t key)
{
	static unsigned char secret[crypto_shorthash_KEYBYTES];
	static bool made;
	uint64_t h;

	if (!made)
		randombytes_buf(secret, sizeof(secret));
	made = true;
	_Static_assert(sizeof(h) == crypto_shorthash_BYTES, "all of the hash");
	crypto_shorthash((unsigned char *)&h, (const unsigned char *)&key, sizeof(key), secret);
	return h;
}

static struct counted *place(struct counted *entries, size_t room, uint64_t key)
{
	size_t at = hash(key) % room;

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
		*entry = (struct counted){ .key = key, .reason = N_REASONS };
		table->n++;
	}
	return entry;
}
