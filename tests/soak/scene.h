/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A scene: a process of its own with helpers. Whoever asks is started before there is a holder, so that it inherits
 * nothing. A hasty scene ends what is in the way at once when it has been in the way, before anybody can have told of
 * it.
 */
#ifndef SOAK_SCENE_H
#define SOAK_SCENE_H

#include "soak.h"

struct scene {
	unsigned port;
	struct ep ep;
	bool hasty;
};

/* An asker, and what it needs to ask. */
struct asker {
	struct child child;
	struct truth *t;
	struct ep ep;
	unsigned options, times;
	bool takes;    /* what it was refused, when the scene says that it is free */
	bool may_pass; /* a reset by the peer, long gone, ends a TIME_WAIT early (RFC 1337) */
};

/* Of each scene the same, whenever the soak has the same seed. */
unsigned draw(unsigned n);

/* ---- scene.c: who asks, and who has the socket open */
void plan_about(struct scene *s, struct asker *a, const char *protocol, const char *reasons,
		const char *states);
void start_asker(struct asker *a);
int refuse_all(const struct asker *a); /* returns the socket */
/* It has been refused when this returns; and that has been told, if what is in the way lasts. */
void let_ask(struct asker *a);
void end_asker(struct asker *a);
void start_sharer(struct child *c, struct truth *t);
void end_sharers(struct child *c, unsigned n, bool hasty);

/* ---- the scenes: scenes_held.c, scenes_left.c, scenes_other.c, scenes_program.c */
void play_listener(struct scene *s);
void play_bound(struct scene *s);
void play_udp(struct scene *s);
void play_storm(struct scene *s);
void play_accepted(struct scene *s);
void play_time_wait(struct scene *s);
void play_fin_wait2(struct scene *s);
void play_unix(struct scene *s);
void play_relay(struct scene *s);
void play_exec(struct scene *s);
void play_thread(struct scene *s);
void play_nobody(struct scene *s);
void play_quiet(struct scene *s);

#endif /* SOAK_SCENE_H */
