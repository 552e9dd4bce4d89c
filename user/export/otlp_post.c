// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/otlp_post.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <zlib.h>

#include "base/clock.h"
#include "base/log.h"

enum { GZIP = 16 }; /* added to the bits of the window, it makes zlib write gzip's header */

static size_t keep_answer(char *bytes, size_t one, size_t n, void *context)
{
	struct otlp_post *p = context;
	size_t room = sizeof(p->answer) - p->answer_n, some = n < room ? n : room;

	(void)one;
	memcpy(p->answer + p->answer_n, bytes, some);
	p->answer_n += some;
	return n;
}

/* Redirects are not followed: what a header authorizes is meant for the one that was named. */
static bool set_up(struct otlp_post *p)
{
	const struct otlp_config *c = p->config;
	CURL *h = p->curl;

	return !curl_easy_setopt(h, CURLOPT_URL, c->url[p->signal]) &&
	       !curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https") &&
	       !curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L) &&
	       !curl_easy_setopt(h, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) &&
	       !curl_easy_setopt(h, CURLOPT_HTTPHEADER, c->headers[p->signal]) &&
	       !curl_easy_setopt(h, CURLOPT_POST, 1L) &&
	       !curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, c->timeout_ms) &&
	       !curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, c->timeout_ms) &&
	       !curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L) &&
	       /* at the end nobody waits for the thread that waits for a name server */
	       !curl_easy_setopt(h, CURLOPT_QUICK_EXIT, 1L) &&
	       !curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, keep_answer) &&
	       !curl_easy_setopt(h, CURLOPT_WRITEDATA, p) &&
	       !curl_easy_setopt(h, CURLOPT_ERRORBUFFER, p->error) &&
	       (!c->certificates || !curl_easy_setopt(h, CURLOPT_CAINFO, c->certificates));
}

int otlp_post_init(struct otlp_post *p, CURLM *multi, const struct otlp_config *config,
		   enum otlp_signal signal)
{
	*p = (struct otlp_post){ .multi = multi, .config = config, .signal = signal };
	p->curl = curl_easy_init();
	return p->curl && set_up(p) ? 0 : -ENOMEM;
}

void otlp_post_free(struct otlp_post *p)
{
	otlp_post_abort(p);
	curl_easy_cleanup(p->curl);
	free(p->body);
}

/* NULL without memory. */
static char *compress_body(const char *body, size_t *n)
{
	z_stream z = { .next_in = (z_const Bytef *)(uintptr_t)body, .avail_in = (uInt)*n };
	size_t size;
	char *out;

	if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + GZIP, MAX_MEM_LEVEL,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		return NULL;
	size = deflateBound(&z, (uLong)*n);
	out = malloc(size);
	z.next_out = (Bytef *)out;
	z.avail_out = (uInt)size;
	if (out && deflate(&z, Z_FINISH) != Z_STREAM_END) {
		free(out);
		out = NULL;
	}
	*n = z.total_out;
	deflateEnd(&z);
	return out;
}

int otlp_post_take(struct otlp_post *p, char *body, size_t n)
{
	free(p->body);
	p->body = body;
	p->n = n;
	if (!body || !p->config->gzip)
		return body ? 0 : -ENOMEM;
	p->body = compress_body(body, &p->n);
	free(body);
	return p->body ? 0 : -ENOMEM;
}

int otlp_post_begin(struct otlp_post *p)
{
	p->answer_n = 0;
	p->error[0] = '\0';
	if (curl_easy_setopt(p->curl, CURLOPT_POSTFIELDS, p->body) ||
	    curl_easy_setopt(p->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)p->n) ||
	    curl_multi_add_handle(p->multi, p->curl))
		return -EIO;
	p->under_way = true;
	return 0;
}

void otlp_post_abort(struct otlp_post *p)
{
	if (p->under_way)
		curl_multi_remove_handle(p->multi, p->curl);
	p->under_way = false;
}

/* What the collector says, unless it says back what nobody else is to know. */
static const char *said(const struct otlp_post *p, const struct otlp_partial *partial)
{
	const char *message = partial->message;

	if (otlp_secret(p->config, p->signal, p->answer, p->answer_n) ||
	    otlp_secret(p->config, p->signal, message, strlen(message)))
		return "(not shown: it repeats a header)";
	return message;
}

/* How long to wait: as the collector wishes, or as is good for one that many turn to. */
static void wait_for_it(struct otlp_post *p)
{
	struct curl_header *header;
	int64_t wait_ns = -1;
	uint32_t luck = 0;

	if (!curl_easy_header(p->curl, "Retry-After", 0, CURLH_HEADER, -1, &header))
		wait_ns = otlp_retry_after(header->value, (int64_t)time(NULL));
	p->told = wait_ns >= 0;
	if (getrandom(&luck, sizeof(luck), GRND_NONBLOCK) != sizeof(luck))
		luck = UINT32_MAX;
	if (!p->told)
		wait_ns = (int64_t)otlp_backoff_ns(p->failures, luck);
	p->not_before_ns = clock_boottime_ns() + (uint64_t)wait_ns;
}

/* Whether it is news is the difference between a message and one for -v. */
static void complain(const struct otlp_post *p, const char *what, bool news)
{
	const char *where = p->config->where[p->signal];

	if (news)
		log_warning("%s: %s", where, what);
	else
		log_info("%s: %s", where, what);
}

static enum otlp_outcome later(struct otlp_post *p, const char *why)
{
	double wait_s;
	char what[400];

	p->failures++;
	wait_for_it(p);
	wait_s = (double)(p->not_before_ns - clock_boottime_ns()) / 1e9;
	snprintf(what, sizeof(what), "%s; what waits is kept, the next try is in %.1f s", why,
		 wait_s > 0 ? wait_s : 0);
	complain(p, what, p->failures == 1);
	return OTLP_LATER;
}

static void arrived(struct otlp_post *p, const struct otlp_partial *partial)
{
	char what[400];

	if (p->failures)
		complain(p, "it works again", true);
	if (partial->rejected) {
		snprintf(what, sizeof(what), "has taken all but %llu%s%s",
			 (unsigned long long)partial->rejected, partial->message[0] ? ": " : "",
			 said(p, partial));
		complain(p, what, true);
	}
	p->failures = 0;
}

static enum otlp_outcome answered(struct otlp_post *p, struct otlp_partial *partial)
{
	static const char *const kinds[] = { "rejectedLogRecords", "rejectedDataPoints" };
	char what[400];
	long status = 0;

	curl_easy_getinfo(p->curl, CURLINFO_RESPONSE_CODE, &status);
	otlp_partial_read(partial, p->answer, p->answer_n, kinds[p->signal]);
	if (status >= 200 && status < 300) {
		arrived(p, partial);
		return OTLP_ARRIVED;
	}
	snprintf(what, sizeof(what), "answers %ld%s%s", status, partial->message[0] ? ": " : "",
		 said(p, partial));
	if (otlp_status_retries(status))
		return later(p, what);
	complain(p, what, !p->failures++);
	return OTLP_REFUSED;
}

enum otlp_outcome otlp_post_done(struct otlp_post *p, CURLcode code, struct otlp_partial *partial)
{
	enum otlp_outcome outcome;

	otlp_post_abort(p);
	*partial = (struct otlp_partial){ 0 };
	if (code == CURLE_OK)
		outcome = answered(p, partial);
	else
		outcome = later(p, p->error[0] ? p->error : curl_easy_strerror(code));
	if (outcome != OTLP_LATER) {
		free(p->body);
		p->body = NULL;
	}
	return outcome;
}
