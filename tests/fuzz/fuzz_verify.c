// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A sealed recording: chain, header, footer and signature. The bytes as they are; then as lines that were sealed
 * and signed, which must be intact; then those with one bit changed, which must not be.
 */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "record/verify.h"

#define HEADER "{\"schema\":\"bindtrace/1\",\"kind\":\"header\",\"signer\":\"%s\""
#define FOOTER "{\"schema\":\"bindtrace/1\",\"kind\":\"footer\",\"seq\":1"

enum { ROOM = 1 << 20, LONGEST = 16 << 10, MOST_LINES = 64 };

static char recording[ROOM];
static size_t length;
static uint8_t chain[SEAL_HASH];

static enum verify_end verify(const void *bytes, size_t n)
{
	struct verified v;
	struct reader r;
	int err;

	reader_init(&r, fuzz_file(bytes, n));
	err = verify_file(&r, &v);
	/* of a later schema: only what was given can be that, never what is made of it */
	fuzz_expect(!err || (err == -EPROTONOSUPPORT && bytes != recording));
	reader_free(&r);
	return v.end;
}

static void add_line(const char *body, size_t n)
{
	memcpy(recording + length, body, n);
	seal_line(chain, recording + length, n);
	length += n + SEAL_END;
}

static void add_header(const struct seal_key *key)
{
	char hex[2 * SEAL_PUBLIC + 1], body[sizeof(HEADER) + sizeof(hex)];

	seal_hex(key->public, SEAL_PUBLIC, hex);
	add_line(body, (size_t)sprintf(body, HEADER, hex));
}

static void add_footer(const struct seal_key *key)
{
	char body[sizeof(FOOTER) + SEAL_SIGNED_END] = FOOTER;

	seal_sign(chain, body, sizeof(FOOTER) - 1, key);
	add_line(body, sizeof(FOOTER) - 1 + SEAL_SIGNED_END);
}

/* The parts between newlines become lines; an 'x' before each, so that none of them is a footer. */
static void add_lines(const uint8_t *data, size_t n)
{
	char body[LONGEST + 1] = "x";

	for (unsigned i = 0; n && n <= LONGEST && i < MOST_LINES; i++) {
		const uint8_t *newline = memchr(data, '\n', n);
		size_t part = newline ? (size_t)(newline - data) : n;

		memcpy(body + 1, data, part);
		add_line(body, part + 1);
		part += newline != NULL;
		data += part;
		n -= part;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const uint8_t seed[SEAL_SEED];
	struct seal_key key;
	size_t at;

	fuzz_expect(!seal_init());
	verify(data, n);
	crypto_sign_seed_keypair(key.public, key.secret, seed);
	memset(chain, 0, sizeof(chain));
	length = 0;
	add_header(&key);
	add_lines(data, n);
	add_footer(&key);
	fuzz_expect(verify(recording, length) == VERIFY_INTACT);
	at = n > 2 ? (data[0] | data[1] << 8) % length : length - 1;
	recording[at] ^= (char)(1 << (n ? data[n - 1] % 8 : 0));
	fuzz_expect(verify(recording, length) != VERIFY_INTACT);
	return 0;
}
