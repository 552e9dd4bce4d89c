/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the lines of a recording come to: its incidents and its totals. Wall times in nanoseconds; within an
 * incident they are counted by its first refusal's clock, so that a clock that was set meanwhile bends nothing.
 */
#ifndef BT_STORY_H
#define BT_STORY_H

#include "model/event.h"
#include "model/host.h"

enum { STORY_NAMES = 6, STORY_NAME = 96, TOP_HOLDERS = 1024 };
enum { STORY_DETAILS = 100, STORY_BARS = 12, STORY_TICKS = 96, STORY_CAUSES = 4, STORY_ADVICE = 3 };
enum { STORY_ORIGINS = 64 };

/* Different names, the first seen first. */
struct story_names {
	char name[STORY_NAMES][STORY_NAME];
	unsigned n;
	uint64_t more; /* times that another one had no room */
};

/* A socket that was in the way, and for how long it is known to have been. */
struct story_bar {
	struct bt_sock sock; /* as it was seen first */
	enum bt_role role;
	bool decisive; /* the reason was about it */
	/* when it came to be what it is; 0: before anybody watched, or not seen */
	uint64_t from_ns;
	uint64_t first_ns, last_ns; /* refusals that met it */
	uint64_t gone_ns; /* a later refusal saw all of the port, and not it; 0: none did */
	/* TIME_WAIT and FIN_WAIT2: when the port is really free of it; 0: not known */
	uint64_t frees_ns;
	bool frees_at_least;  /* ... or later */
	char who[STORY_NAME]; /* who has it open, or opened it; empty: not seen */
	char closer[STORY_NAME];
};

/* Refusals after from_ns until at_ns: one whose instant is known has the same twice. */
struct story_tick {
	uint64_t from_ns, at_ns;
	uint64_t count; /* never 0 */
};

/* Refusals of one reason: what was said of the first. */
struct story_cause {
	enum bt_reason reason;
	uint64_t first_ns;
	uint64_t refusals;
	char text[EVENT_TEXT];
	struct advice advice[STORY_ADVICE];
	unsigned n_advice;
};

/* What a picture of an incident is drawn from; the first STORY_DETAILS have it. */
struct story_detail {
	struct story_bar bars[STORY_BARS];
	unsigned n_bars;
	uint64_t more_bars; /* times that another one had no room */
	struct story_tick ticks[STORY_TICKS];
	unsigned n_ticks;
	uint64_t width_ns; /* refusals closer than this are one tick; it grows with the incident */
	struct story_cause causes[STORY_CAUSES];
	unsigned n_causes;
	uint64_t more_causes; /* refusals of reasons that had no room, or that no line tells */
};

/* One endpoint, from its first refusal until somebody got it, whoever asked. Names are raw. */
struct story {
	char host[65];
	struct bt_sock asked; /* of the first refusal */
	bool named;	      /* it named an address: endpoint_asked() */
	bool other_peers;     /* a later one was on its way to another peer than the first */
	uint16_t operation, error, path_len;
	char path[BT_PATH_LEN];
	struct story_names askers, holders;
	char cause[EVENT_TEXT];
	enum bt_reason reason;
	uint64_t first_ns, last_ns; /* wall time */
	uint64_t refusals;
	unsigned holder; /* who held it last: place in top[], from 1 on; 0: nobody was seen */
	bool resolved;
	uint64_t after_ns; /* until then */
	char winner[STORY_NAME];
	struct story_detail *detail; /* NULL: one of those behind the first */
	uint64_t run;		     /* whose boottime clock_ns is about */
	uint64_t clock_ns; /* wall time minus boottime, modulo 2^64, of the first refusal */
};

struct top_holder {
	char comm[BT_COMM_LEN + 1];
	uint64_t refusals;
};

/* A machine, as the headers of its recordings describe it; the text is raw. */
struct story_origin {
	char host[65];
	char kernel[65], machine[65], version[32]; /* of the first header; empty: there was none */
	uint64_t first_ns, last_ns;		   /* of its lines */
	uint64_t recordings;
};

struct story_book {
	struct story *stories; /* in the order of their beginnings */
	size_t n, room;
	uint64_t refusals;
	uint64_t ports[65536]; /* refusals by port */
	uint64_t reasons[N_REASONS];
	uint64_t no_reason; /* refusals that were counted, and no line says why */
	struct top_holder top[TOP_HOLDERS];
	unsigned n_top;
	struct story_origin origins[STORY_ORIGINS];
	unsigned n_origins;
	bool more_origins;	  /* others had no room */
	struct coverage coverage; /* the least of all headers */
	bool covered;		  /* there was a header */
	/* refusals by the tracers' own totals; 0: not known, or of other events */
	uint64_t counted;
	uint64_t lost, unusable; /* refusals; lines */
	unsigned files, cut_short, hosts;
	bool narrowed; /* filters have left events out */
};

/* It went before it would have ended by itself, or nobody knows when it would have. */
static inline bool story_bar_left(const struct story_bar *b)
{
	return b->gone_ns && (!b->frees_ns || b->frees_ns > b->gone_ns);
}

/* The latest that is known of it: its last refusal, or its resolution. */
static inline uint64_t story_end_ns(const struct story *s)
{
	uint64_t got = s->first_ns + s->after_ns;

	return s->resolved && got > s->last_ns ? got : s->last_ns;
}

#endif /* BT_STORY_H */
