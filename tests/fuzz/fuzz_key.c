// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Key files and keys on the command line. What is taken for a key has one spelling only. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "record/key.h"

#define PUBLIC "bindtrace-public-key:"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *word = fuzz_string(data, n), again[sizeof(PUBLIC) + 2 * SEAL_PUBLIC] = PUBLIC;
	uint8_t public[SEAL_PUBLIC];
	struct seal_key key;

	fuzz_expect(!seal_init());
	if (seal_unhex(word, public, SEAL_PUBLIC)) {
		seal_hex(public, SEAL_PUBLIC, again);
		fuzz_expect(!strcmp(word, again));
		strcpy(again, PUBLIC);
	}
	fuzz_file(data, n);
	if (!key_load_public(fuzz_path(), public)) {
		seal_hex(public, SEAL_PUBLIC, again + sizeof(PUBLIC) - 1);
		fuzz_expect(!strncmp(word, again, sizeof(again) - 1));
	}
	if (!key_load_secret(fuzz_path(), &key))
		key_wipe(&key);
	free(word);
	return 0;
}
