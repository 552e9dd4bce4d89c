// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/otlp_answer.h"

#include <ctype.h>
#include <curl/curl.h>
#include <json-c/json.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"

#define SECOND 1000000000ull

enum { FIRST_S = 1, LAST_S = 30, MOST_DEPTH = 8 };

bool otlp_status_retries(long status)
{
	return status == 429 || status == 502 || status == 503 || status == 504;
}

int64_t otlp_retry_after(const char *value, int64_t now_s)
{
	const int64_t most_ns = (int64_t)(OTLP_MOST_WAIT_S * SECOND);
	int64_t s = 0;
	int err;

	if (isdigit((unsigned char)value[0])) {
		uint64_t told;

		err = number_u64(value, &told);
		if (err)
			return value[strspn(value, "0123456789")] ? -1 : most_ns;
		return told < OTLP_MOST_WAIT_S ? (int64_t)(told * SECOND) : most_ns;
	}
	s = curl_getdate(value, NULL);
	if (s == -1)
		return -1;
	if (s <= now_s)
		return 0;
	return s - now_s < OTLP_MOST_WAIT_S ? (s - now_s) * (int64_t)SECOND : most_ns;
}

uint64_t otlp_backoff_ns(unsigned failures, uint32_t luck)
{
	uint64_t s = FIRST_S, half_us;

	while (failures-- > 1 && s < LAST_S)
		s *= 2;
	if (s > LAST_S)
		s = LAST_S;
	/* in nanoseconds the product would not fit */
	half_us = s * 500000;
	return (half_us + half_us * luck / UINT32_MAX) * 1000;
}

/* Both ways that JSON may have a number of 64 bits: "3" and 3. */
static uint64_t count(struct json_object *o)
{
	uint64_t n = 0;

	if (json_object_is_type(o, json_type_string))
		return number_u64(json_object_get_string(o), &n) ? 0 : n;
	if (!json_object_is_type(o, json_type_int))
		return 0;
	n = json_object_get_uint64(o); /* a negative one as 0 */
	return n;
}

static void read_object(struct otlp_partial *out, struct json_object *root, const char *kind)
{
	struct json_object *partial = NULL, *value = NULL;
	struct text t;

	if (!json_object_object_get_ex(root, "partialSuccess", &partial))
		partial = root;
	if (!json_object_is_type(partial, json_type_object))
		return;
	if (json_object_object_get_ex(partial, kind, &value))
		out->rejected = count(value);
	if (!json_object_object_get_ex(partial, "errorMessage", &value) &&
	    !json_object_object_get_ex(partial, "message", &value))
		return;
	if (!json_object_is_type(value, json_type_string))
		return;
	text_init(&t, out->message, sizeof(out->message));
	text_escape(&t, json_object_get_string(value), (size_t)json_object_get_string_len(value));
}

void otlp_partial_read(struct otlp_partial *out, const char *bytes, size_t n, const char *kind)
{
	struct json_tokener *tokener = json_tokener_new_ex(MOST_DEPTH);
	struct json_object *root;

	*out = (struct otlp_partial){ 0 };
	if (!tokener)
		return;
	root = json_tokener_parse_ex(tokener, bytes,
				     (int)(n < OTLP_MOST_ANSWER ? n : OTLP_MOST_ANSWER));
	if (json_object_is_type(root, json_type_object))
		read_object(out, root, kind);
	json_object_put(root);
	json_tokener_free(tokener);
}
