// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "record/stamp.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* How json_begin() of the sink begins every line. */
#define BEGIN "{\"schema\":\"bindtrace/1\",\"kind\":\""
#define SEQ   "\",\"seq\":"

enum { LONGEST_KIND = 32 };

enum stamp_kind stamp_kind(const char *line, size_t n)
{
	static const struct {
		const char *begin;
		enum stamp_kind kind;
	} kinds[] = {
		{ BEGIN "header" SEQ, STAMP_HEADER },
		{ BEGIN "failure" SEQ, STAMP_FAILURE },
		{ BEGIN "footer" SEQ, STAMP_FOOTER },
	};

	for (size_t i = 0; i < LENGTH(kinds); i++)
		if (n > strlen(kinds[i].begin) &&
		    !memcmp(line, kinds[i].begin, strlen(kinds[i].begin)))
			return kinds[i].kind;
	return STAMP_OTHER;
}

/* Where the digits of seq begin; 0: it is no line of a sink. */
static size_t find_seq(const char *line, size_t n)
{
	size_t begin = sizeof(BEGIN) - 1, window;
	const char *at;

	if (n < begin + 2 || memcmp(line, BEGIN, begin) != 0 || memcmp(line + n - 2, "}\n", 2) != 0)
		return 0;
	window = n - begin < LONGEST_KIND ? n - begin : LONGEST_KIND;
	at = memmem(line + begin, window, SEQ, sizeof(SEQ) - 1);
	return at ? (size_t)(at - line) + sizeof(SEQ) - 1 : 0;
}

static void put_seq(uint64_t seq, char *line, size_t at, size_t *n)
{
	size_t old = 0, len;
	char digits[24];

	while (line[at + old] >= '0' && line[at + old] <= '9') /* the line ends otherwise */
		old++;
	len = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, seq);
	memmove(line + at + len, line + at + old, *n - at - old);
	memcpy(line + at, digits, len);
	*n += len - old;
}

static void put_hex(const char *key, const uint8_t bytes[SEAL_HASH], char *line, size_t *n)
{
	char hex[2 * SEAL_HASH + 1];

	seal_hex(bytes, SEAL_HASH, hex);
	*n += (size_t)sprintf(line + *n, ",\"%s\":\"%s\"", key, hex);
}

_Static_assert((int)SEAL_PUBLIC == (int)SEAL_HASH, "put_hex() is good for both");

static void put_links(const struct stamp *s, char *line, size_t *n)
{
	*n += (size_t)sprintf(line + *n, ",\"file_number\":%" PRIu64, s->file_number);
	if (s->previous)
		put_hex("previous", s->previous, line, n);
	if (s->key)
		put_hex("signer", s->key->public, line, n);
}

int stamp_line(const struct stamp *s, uint8_t chain[SEAL_HASH], enum stamp_kind kind, char *line,
	       size_t *n)
{
	size_t at = find_seq(line, *n);

	if (!at)
		return -EPROTO;
	put_seq(s->seq, line, at, n);
	*n -= 2; /* the last brace and the newline */
	if (kind == STAMP_HEADER)
		put_links(s, line, n);
	if (kind == STAMP_FOOTER && s->key) {
		seal_sign(chain, line, *n, s->key);
		*n += SEAL_SIGNED_END;
	}
	seal_line(chain, line, *n);
	*n += SEAL_END;
	return 0;
}
