/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The seal of a recording (docs/recording.md): each line ends in a SHA-256 over all lines before it and its
 * own bytes, the last one of a file may carry an Ed25519 signature of them.
 */
#ifndef BT_RECORD_SEAL_H
#define BT_RECORD_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SEAL_HASH = 32,
	SEAL_SEED = 32, /* of a secret key */
	SEAL_PUBLIC = 32,
	SEAL_SIGNATURE = 64,
	SEAL_END = 10 + 2 * SEAL_HASH + 3,	       /* ,"chain":"HEX"}\n */
	SEAL_SIGNED_END = 14 + 2 * SEAL_SIGNATURE + 1, /* ,"signature":"HEX" before it */
};

/* A pair of keys; the secret half is wiped by key_wipe(). */
struct seal_key {
	uint8_t public[SEAL_PUBLIC];
	uint8_t secret[64]; /* as libsodium wants it */
};

/* Must come first. 0, or -ENOSYS when the library cannot be used. */
int seal_init(void);

/*
 * A line in the making, without its last brace: chain becomes the hash that goes on from it, and the end
 * of the line is written behind its n bytes, SEAL_END of them.
 */
void seal_line(uint8_t chain[SEAL_HASH], char *line, size_t n);

/* As above, on a line whose end has been written; false: it does not follow from chain, which stays. */
bool seal_check(uint8_t chain[SEAL_HASH], const char *line, size_t n);

/* Writes the signature of the chain up to these n bytes behind them, SEAL_SIGNED_END bytes. */
void seal_sign(const uint8_t chain[SEAL_HASH], char *line, size_t n, const struct seal_key *key);

enum seal_signature { SEAL_UNSIGNED, SEAL_FORGED, SEAL_SIGNED };

/* Whether a line of n bytes that seal_check() has passed, chain as it was before it, is signed by key. */
enum seal_signature seal_signed(const uint8_t chain[SEAL_HASH], const char *line, size_t n,
				const uint8_t key[SEAL_PUBLIC]);

/* Hex digits in lower case and a NUL: out has room for 2 * n + 1. */
void seal_hex(const uint8_t *bytes, size_t n, char *out);

/* The other way: exactly 2 * n digits of lower case and nothing behind them. */
bool seal_unhex(const char *hex, uint8_t *bytes, size_t n);

#endif /* BT_RECORD_SEAL_H */
