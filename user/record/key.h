/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Key files: a line each, "bindtrace-secret-key:HEX" (the seed) and "bindtrace-public-key:HEX". */
#ifndef BT_RECORD_KEY_H
#define BT_RECORD_KEY_H

#include "record/seal.h"

/*
 * A new pair: the secret half in the file at path (0600), the public one in path.pub (0644). 0 or -errno:
 * -EEXIST when either is there (nothing is overwritten); then *failed is the path it is about, else NULL.
 * Neither is left behind alone.
 */
int key_generate(const char *path, struct seal_key *key, const char **failed);

/* 0 or -errno: -EPERM others may read the file, -EBADMSG it is no secret key. */
int key_load_secret(const char *path, struct seal_key *key);

/* word: the file or its 64 hex digits. 0 or -errno: -EBADMSG it is neither. */
int key_load_public(const char *word, uint8_t key[SEAL_PUBLIC]);

/* The secret half is no longer in memory. */
void key_wipe(struct seal_key *key);

#endif /* BT_RECORD_KEY_H */
