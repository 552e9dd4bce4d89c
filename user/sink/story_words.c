// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "sink/story_words.h"

#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "model/endpoint.h"
#include "sink/text_parts.h"

#define SECOND 1000000000ull
#define DAY_NS (86400 * SECOND)

void words_safe(struct text *t, const char *raw)
{
	text_escape(t, raw, strlen(raw));
}

void words_count(struct text *t, uint64_t n, const char *one)
{
	text_printf(t, "%" PRIu64 " %s%s", n, one, n == 1 ? "" : "s");
}

void words_times(struct text *t, uint64_t n)
{
	if (n == 1)
		text_add(t, "once");
	else
		words_count(t, n, "time");
}

void words_asked(struct text *t, const struct story *s)
{
	const char *protocol = endpoint_protocol(&s->asked);

	text_printf(t, "%s ", operation_name(s->operation));
	if (protocol)
		text_printf(t, "%s ", protocol);
	if (!s->named)
		text_add(t, "(no usable address)");
	else if (s->asked.family == AF_UNIX)
		endpoint_add_unix(t, s->path, s->path_len);
	else
		endpoint_add_local(t, &s->asked);
	if (!s->asked.peer_port)
		return;
	text_add(t, " -> ");
	endpoint_add_peer(t, &s->asked);
	text_add(t, s->other_peers ? " and others" : "");
}

void words_names(struct text *t, const struct story_names *names)
{
	for (unsigned i = 0; i < names->n; i++) {
		text_add(t, i ? ", " : "");
		words_safe(t, names->name[i]);
	}
	text_add(t, names->more ? " and others" : "");
}

void words_end(struct text *t, const struct story *s)
{
	if (s->resolved) {
		text_add(t, "got by ");
		words_safe(t, s->winner);
		text_add(t, " after ");
		clock_add_span(t, s->after_ns);
		return;
	}
	text_add(t, "not seen");
	if (s->last_ns <= s->first_ns)
		return;
	text_add(t, "; the last refusal told of came ");
	clock_add_span(t, s->last_ns - s->first_ns);
	text_add(t, " after the first");
}

void words_ended(struct text *t, const struct story *s)
{
	if (!s->resolved) {
		text_add(t, "not seen");
	} else if (s->after_ns >= SECOND) {
		words_end(t, s);
	} else {
		text_add(t, "got by ");
		words_safe(t, s->winner);
		text_printf(t, " after %" PRIu64 " ms", s->after_ns / 1000000);
	}
}

void words_cause(struct text *t, const struct story *s)
{
	words_safe(t, s->cause[0] ? s->cause : reason_name(s->reason));
}

void words_socket(struct text *t, const struct story *s, const struct story_bar *b)
{
	char state[24];

	state_words(&b->sock, state);
	text_printf(t, "%s ", state);
	if (b->role == ROLE_UNIX)
		endpoint_add_unix(t, s->path, s->path_len);
	else
		endpoint_add_local(t, &b->sock);
	if (!b->sock.peer_port)
		return;
	text_add(t, b->role == ROLE_OUTGOING	  ? " -> "
		    : b->role == ROLE_ASSOCIATION ? " -- "
						  : " <- ");
	endpoint_add_peer(t, &b->sock);
}

void words_owner(struct text *t, const struct story_bar *b)
{
	bool closing = b->role == ROLE_TIME_WAIT || b->role == ROLE_FIN_WAIT2;

	if (b->closer[0] && (closing || !b->who[0])) {
		text_add(t, "closed by ");
		words_safe(t, b->closer);
	} else if (closing) {
		text_add(t, "closer not seen");
	} else if (b->who[0]) {
		words_safe(t, b->who);
	} else {
		text_add(t, b->sock.kernel ? "the kernel's own" : "owner not seen");
	}
}

void words_time(struct text *t, uint64_t ns, uint64_t near_ns, unsigned decimals)
{
	char rfc[CLOCK_TEXT];

	clock_rfc3339(ns, rfc);
	if (ns / DAY_NS != near_ns / DAY_NS)
		text_printf(t, "%.10s ", rfc);
	text_add_bytes(t, rfc + 11, decimals ? 9 + decimals : 8);
}

void words_date(struct text *t, uint64_t ns)
{
	char rfc[CLOCK_TEXT];

	clock_rfc3339(ns, rfc);
	text_printf(t, "%.10s %.8s", rfc, rfc + 11);
}

void words_day(struct text *t, uint64_t ns)
{
	static const char *const months[] = { "January",   "February", "March",	   "April",
					      "May",	   "June",     "July",	   "August",
					      "September", "October",  "November", "December" };
	const time_t seconds = (time_t)(ns / 1000000000);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	text_printf(t, "%d %s %d", tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900);
}

void words_from(struct text *t, const struct story *s, const struct story_bar *b)
{
	if (!b->from_ns)
		text_add(t, "before ");
	words_time(t, b->from_ns ?: b->first_ns, s->first_ns, 3);
}

void words_until(struct text *t, const struct story *s, const struct story_bar *b)
{
	if (story_bar_left(b)) {
		text_add(t, "gone between ");
		words_time(t, b->last_ns, s->first_ns, 3);
		text_add(t, " and ");
		words_time(t, b->gone_ns, s->first_ns, 3);
		return;
	}
	if (b->frees_ns) {
		text_add(t, "free ");
		words_time(t, b->frees_ns, s->first_ns, 3);
		text_add(t, b->frees_at_least ? " or later" : "");
		return;
	}
	text_add(t, "at least ");
	words_time(t, b->last_ns, s->first_ns, 3);
}

const char *words_effective(enum bt_effective effective)
{
	static const char *const words[N_EFFECTIVE] = {
		[EFFECTIVE_NOW] = "works at once",
		[EFFECTIVE_AFTER_WAIT] = "works after the wait",
		[EFFECTIVE_NEXT_RESTART] = "works from the restart after this one",
	};

	return effective < N_EFFECTIVE ? words[effective] : "";
}

size_t words_next_largest(const uint64_t *counts, size_t n, size_t before)
{
	size_t best = n, i;

	for (i = 0; i < n; i++) {
		if (!counts[i] || (before < n && (counts[i] > counts[before] ||
						  (counts[i] == counts[before] && i <= before))))
			continue;
		if (best == n || counts[i] > counts[best])
			best = i;
	}
	return best;
}
