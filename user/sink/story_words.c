// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "sink/story_words.h"

#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "model/endpoint.h"
#include "sink/text_parts.h"

#define DAY_NS 86400000000000ull

void words_safe(struct text *t, const char *raw)
{
	text_escape(t, raw, strlen(raw));
}

void words_count(struct text *t, uint64_t n, const char *one)
{
	text_printf(t, "%" PRIu64 " %s%s", n, one, n == 1 ? "" : "s");
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
	text_add(t, "not seen; the last refusal told of came ");
	clock_add_span(t, s->last_ns > s->first_ns ? s->last_ns - s->first_ns : 0);
	text_add(t, " after the first");
}

void words_ended(struct text *t, const struct story *s)
{
	if (s->resolved)
		words_end(t, s);
	else
		text_add(t, "not seen");
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

static size_t resolved(const struct story_book *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++)
		n += b->stories[i].resolved;
	return n;
}

static bool say_totals(struct text *t, const struct story_book *b)
{
	uint64_t last = 0;

	if (!b->n) {
		text_add(t, b->refusals ? "Refusals were counted, but none is told of."
					: "Nothing was refused.");
		return true;
	}
	for (size_t i = 0; i < b->n; i++)
		if (b->stories[i].last_ns > last)
			last = b->stories[i].last_ns;
	words_count(t, b->refusals, "refusal");
	text_add(t, " in ");
	words_count(t, b->n, "incident");
	text_add(t, b->refusals == 1 ? ", at " : ", the first at ");
	words_date(t, b->stories[0].first_ns);
	if (b->refusals != 1) {
		text_add(t, ", the last told of at ");
		words_time(t, last, b->stories[0].first_ns, 0);
	}
	text_add(t, " UTC.");
	return true;
}

static bool say_ends(struct text *t, const struct story_book *b)
{
	size_t got = resolved(b), open = b->n - got;

	if (!b->n)
		return false;
	if (!open)
		text_add(t, b->n == 1 ? "It ended: somebody got what had been refused."
				      : "All ended: somebody got what had been refused.");
	else if (!got)
		text_add(t, b->n == 1 ? "Its end was not seen." : "The end of none was seen.");
	else
		text_printf(t,
			    "%zu ended, somebody got what had been refused; the end of %zu was "
			    "not seen.",
			    got, open);
	return true;
}

/* The incident of most refusals that is smaller than, or as large as but behind, the one before; n: none. */
static size_t next_story(const struct story_book *b, size_t before)
{
	size_t best = b->n;

	for (size_t i = 0; i < b->n; i++) {
		uint64_t n = b->stories[i].refusals;

		if (before < b->n && (n > b->stories[before].refusals ||
				      (n == b->stories[before].refusals && i <= before)))
			continue;
		if (best == b->n || n > b->stories[best].refusals)
			best = i;
	}
	return best;
}

static bool say_incident(struct text *t, const struct story_book *b, unsigned which)
{
	size_t at = next_story(b, b->n);
	const struct story *s;

	for (; which && at < b->n; which--)
		at = next_story(b, at);
	if (at >= b->n)
		return false;
	s = &b->stories[at];
	text_printf(t, "Incident %zu: ", at + 1);
	words_asked(t, s);
	text_add(t, " was refused ");
	if (s->refusals == 1)
		text_add(t, "once");
	else
		words_count(t, s->refusals, "time");
	text_add(t, b->n_origins > 1 ? " on " : "");
	words_safe(t, b->n_origins > 1 ? s->host : "");
	text_add(t, s->refusals == 1 ? " at " : " from ");
	words_time(t, s->first_ns, b->stories[0].first_ns, 3);
	text_add(t, s->refusals == 1 ? ": " : " on: ");
	words_cause(t, s);
	text_add(t, s->resolved ? "; it was " : "; its end was ");
	words_ended(t, s);
	text_add(t, ".");
	return true;
}

bool words_summary(struct text *t, const struct story_book *b, unsigned i)
{
	enum { LARGEST_TOLD = 3 };

	if (!i)
		return say_totals(t, b);
	if (i == 1)
		return say_ends(t, b);
	return i - 2 < LARGEST_TOLD && say_incident(t, b, i - 2);
}

static bool no_header(struct text *t, const struct story_book *b)
{
	if (!b->covered)
		text_add(t, "what could be seen is not known: there is no header");
	return !b->covered;
}

static bool not_told(struct text *t, const struct story_book *b)
{
	if (b->counted <= b->refusals)
		return false;
	text_printf(t,
		    "%" PRIu64 " refusals were counted: of %" PRIu64
		    " equal ones the lines tell no more",
		    b->counted, b->counted - b->refusals);
	return true;
}

static bool no_reason(struct text *t, const struct story_book *b)
{
	if (!b->no_reason)
		return false;
	text_printf(t, "of %" PRIu64 " refusal%s no line tells the reason", b->no_reason,
		    b->no_reason == 1 ? "" : "s");
	return true;
}

static bool lost(struct text *t, const struct story_book *b)
{
	if (!b->lost)
		return false;
	text_printf(t, "%" PRIu64 " refusals were lost: nothing is known of them", b->lost);
	return true;
}

static bool unusable(struct text *t, const struct story_book *b)
{
	if (!b->unusable)
		return false;
	text_printf(t, "%" PRIu64 " line%s could not be used", b->unusable,
		    b->unusable == 1 ? "" : "s");
	return true;
}

static bool cut_short(struct text *t, const struct story_book *b)
{
	if (!b->cut_short)
		return false;
	text_printf(t, "%u of %u file%s no end: what came after is not known", b->cut_short,
		    b->files, b->cut_short == 1 && b->files == 1 ? " has" : "s have");
	return true;
}

bool words_unseen(struct text *t, const struct story_book *b, unsigned i)
{
	static bool (*const all[])(struct text *, const struct story_book *) = {
		no_header, not_told, no_reason, lost, unusable, cut_short,
	};

	for (size_t k = 0; k < sizeof(all) / sizeof(*all); k++) {
		size_t len = t->len;

		if (!all[k](t, b))
			continue;
		if (!i--)
			return true;
		t->len = len; /* the caller has had it */
		t->buf[len] = '\0';
	}
	return false;
}
