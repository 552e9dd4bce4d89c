/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The ways to take a value out of a JSON object, for replay's own files. A key that is absent or null gives what
 * stands for "not known"; one with an unusable value too, and is remembered as wrong.
 */
#ifndef BT_SOURCE_REPLAY_JSON_H
#define BT_SOURCE_REPLAY_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/value.h"
#include "model/event.h"

struct replay {
	const char *wrong; /* the first key whose value could not be used; NULL: none */
	int64_t offset_ns; /* wall time minus boottime of this line */
	bool wall_known;
};

/* Reads time and boottime_ns of a line: every other time in it is turned by them. */
void replay_begin(struct replay *r, const struct value *line, uint64_t *boottime_ns,
		  uint64_t *realtime_ns);

/* 0, or -EBADMSG and what was wrong. */
int replay_end(const struct replay *r, const char **wrong);

/* NULL when it is absent, null or of another type. */
const struct value *replay_object(struct replay *r, const struct value *o, const char *key);
const struct value *replay_list(struct replay *r, const struct value *o, const char *key);

/* The first of a list of objects and the one behind item; NULL: there is none, or it is no object: key is wrong. */
const struct value *replay_first(struct replay *r, const struct value *list, const char *key);
const struct value *replay_next(struct replay *r, const struct value *item, const char *key);

/* A whole number from 0 to max, or 0. */
uint64_t replay_count(struct replay *r, const struct value *o, const char *key, uint64_t max);
int64_t replay_adds(struct replay *r, const struct value *o); /* "adds"; -1: absent */
bool replay_bool(struct replay *r, const struct value *o, const char *key);
int8_t replay_maybe(struct replay *r, const struct value *o, const char *key); /* -1: absent */

/* The string; NULL: there is none. It may hold NULs: *n is its length, when n is given. */
const char *replay_word(struct replay *r, const struct value *o, const char *key, size_t *n);

/* The string up to its first NUL, as much of it as there is room for; "" where there is none. */
void replay_text(struct replay *r, const struct value *o, const char *key, char *out, size_t size);

/* Seconds, in nanoseconds. */
int64_t replay_seconds(struct replay *r, const struct value *o, const char *key);

/* RFC 3339, in nanoseconds of boottime. */
uint64_t replay_time(struct replay *r, const struct value *o, const char *key);

/* An address of the family; whether it is there. Of another family than these two: skipped. */
bool replay_address(struct replay *r, const struct value *o, const char *key, unsigned family,
		    uint8_t out[16]);

/* A process (docs/events.md); where p is to stand in e, whose containers get their names. */
void replay_process(struct replay *r, struct event *e, const struct value *o, struct process *p);

/* "repeat", which may be absent. */
void replay_repeat(struct replay *r, const struct value *o, struct repeat *repeat);

/* The error, by its name: numbers differ between machines. */
uint16_t replay_errno(struct replay *r, const struct value *o);

/* "address" of a UNIX socket; "@name" is an abstract one, as endpoint_unix_name() made it. Its bytes. */
uint16_t replay_path(struct replay *r, const struct value *o, char path[BT_PATH_LEN]);

/* protocol, family, address, port, peer and options of a socket. */
void replay_socket(struct replay *r, const struct value *o, struct bt_sock *s);

/* Programs, address and range of ports of a refusal; after replay_socket(). */
void replay_facts(struct replay *r, const struct value *o, struct event *e);

#endif /* BT_SOURCE_REPLAY_JSON_H */
