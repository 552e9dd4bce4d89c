// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "record/seal.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

#define CHAIN	  ",\"chain\":\""
#define SIGNATURE ",\"signature\":\""

/* What is signed begins with this, so that a signature is good for nothing else. */
static const char purpose[] = "bindtrace/1 seal\n";

enum { MESSAGE = sizeof(purpose) - 1 + SEAL_HASH };

_Static_assert(SEAL_END == sizeof(CHAIN) - 1 + 2 * SEAL_HASH + 3, "as the line is written");
_Static_assert(SEAL_SIGNED_END == sizeof(SIGNATURE) - 1 + 2 * SEAL_SIGNATURE + 1, "the same");
_Static_assert(SEAL_HASH == crypto_hash_sha256_BYTES, "SHA-256");
_Static_assert(SEAL_PUBLIC == crypto_sign_PUBLICKEYBYTES && SEAL_SEED == crypto_sign_SEEDBYTES &&
		       SEAL_SIGNATURE == crypto_sign_BYTES,
	       "Ed25519");

int seal_init(void)
{
	return sodium_init() < 0 ? -ENOSYS : 0;
}

void seal_hex(const uint8_t *bytes, size_t n, char *out)
{
	sodium_bin2hex(out, 2 * n + 1, bytes, n);
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* sodium_hex2bin() would take capitals, too: a second spelling of the same line. */
static bool unhex(const char *hex, uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int high = digit(hex[2 * i]), low = high < 0 ? -1 : digit(hex[2 * i + 1]);

		if (low < 0)
			return false;
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

bool seal_unhex(const char *hex, uint8_t *bytes, size_t n)
{
	return strlen(hex) == 2 * n && unhex(hex, bytes, n);
}

static void next(uint8_t out[SEAL_HASH], const uint8_t chain[SEAL_HASH], const char *body, size_t n)
{
	crypto_hash_sha256_state state;

	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, chain, SEAL_HASH);
	crypto_hash_sha256_update(&state, (const unsigned char *)body, n);
	crypto_hash_sha256_final(&state, out);
}

static void write_end(const uint8_t chain[SEAL_HASH], char out[SEAL_END])
{
	char hex[2 * SEAL_HASH + 1];

	seal_hex(chain, SEAL_HASH, hex);
	memcpy(out, CHAIN, sizeof(CHAIN) - 1);
	memcpy(out + sizeof(CHAIN) - 1, hex, 2 * SEAL_HASH);
	memcpy(out + SEAL_END - 3, "\"}\n", 3);
}

void seal_line(uint8_t chain[SEAL_HASH], char *line, size_t n)
{
	next(chain, chain, line, n);
	write_end(chain, line + n);
}

bool seal_check(uint8_t chain[SEAL_HASH], const char *line, size_t n)
{
	uint8_t hash[SEAL_HASH];
	char end[SEAL_END];

	if (n < SEAL_END)
		return false;
	next(hash, chain, line, n - SEAL_END);
	write_end(hash, end);
	if (memcmp(line + n - SEAL_END, end, SEAL_END) != 0)
		return false;
	memcpy(chain, hash, SEAL_HASH);
	return true;
}

static void message(const uint8_t chain[SEAL_HASH], const char *body, size_t n,
		    unsigned char out[MESSAGE])
{
	memcpy(out, purpose, sizeof(purpose) - 1);
	next(out + sizeof(purpose) - 1, chain, body, n);
}

void seal_sign(const uint8_t chain[SEAL_HASH], char *line, size_t n, const struct seal_key *key)
{
	unsigned char signed_bytes[MESSAGE], signature[SEAL_SIGNATURE];
	char hex[2 * SEAL_SIGNATURE + 1];

	message(chain, line, n, signed_bytes);
	crypto_sign_detached(signature, NULL, signed_bytes, MESSAGE, key->secret);
	seal_hex(signature, SEAL_SIGNATURE, hex);
	memcpy(line + n, SIGNATURE, sizeof(SIGNATURE) - 1);
	memcpy(line + n + sizeof(SIGNATURE) - 1, hex, 2 * SEAL_SIGNATURE);
	line[n + SEAL_SIGNED_END - 1] = '"';
}

enum seal_signature seal_signed(const uint8_t chain[SEAL_HASH], const char *line, size_t n,
				const uint8_t key[SEAL_PUBLIC])
{
	unsigned char signed_bytes[MESSAGE], signature[SEAL_SIGNATURE];
	const char *at;
	size_t body;

	if (n < SEAL_END + SEAL_SIGNED_END)
		return SEAL_UNSIGNED;
	body = n - SEAL_END - SEAL_SIGNED_END;
	at = line + body;
	if (memcmp(at, SIGNATURE, sizeof(SIGNATURE) - 1) != 0)
		return SEAL_UNSIGNED;
	if (!unhex(at + sizeof(SIGNATURE) - 1, signature, SEAL_SIGNATURE) ||
	    at[SEAL_SIGNED_END - 1] != '"')
		return SEAL_FORGED;
	message(chain, line, body, signed_bytes);
	return crypto_sign_verify_detached(signature, signed_bytes, MESSAGE, key) ? SEAL_FORGED
										  : SEAL_SIGNED;
}
