/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The ways to put a value into a JSON object, for the sink's own files. All of them leave out what
 * is not known (an empty string, a time that is 0); keys must be string literals.
 */
#ifndef BT_SINK_JSON_PARTS_H
#define BT_SINK_JSON_PARTS_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/event.h"

/* A line in the making. */
struct json_line {
	struct json_object *root;
	const struct event *event; /* whose processes are put; NULL in other lines */
	int64_t offset_ns;	   /* wall time minus boottime */
	bool wall_known;
	bool repaired; /* some string was not UTF-8 */
};

/* A line with root's first keys: schema, kind, seq, time, boottime_ns, host. -ENOMEM or 0. */
int json_begin(struct json_line *l, const char *kind, uint64_t seq, uint64_t boottime_ns,
	       uint64_t realtime_ns, const char *host);

/* Writes the line to fd and lets go of it. 0 or -errno. */
int json_end(struct json_line *l, int fd);

/* Takes the value; NULL prints as null. */
void json_put(struct json_object *o, const char *key, struct json_object *value);
void json_put_int(struct json_object *o, const char *key, int64_t value);
void json_put_count(struct json_object *o, const char *key, uint64_t value);
void json_put_bool(struct json_object *o, const char *key, bool value);

/* -1 is not known. */
void json_put_maybe(struct json_object *o, const char *key, int value);

/* Bytes that a task chose: repaired where they are no UTF-8. */
struct json_object *json_string(struct json_line *l, const char *bytes, size_t n);
void json_put_text(struct json_line *l, struct json_object *o, const char *key, const char *text);

/* A word of ours; NULL: left out. */
void json_put_name(struct json_object *o, const char *key, const char *name);

/* Left out where the family is neither AF_INET nor AF_INET6. */
void json_put_address(struct json_object *o, const char *key, const uint8_t addr[16],
		      unsigned family);

/* The name of a UNIX socket as "address". */
void json_put_unix_name(struct json_line *l, struct json_object *o, const char *path, unsigned n);

/* Protocol, family, address and port of a socket's own side. */
void json_put_endpoint(struct json_object *o, const struct bt_sock *s);

/* Seconds with all the digits of ns. */
void json_put_seconds(struct json_object *o, const char *key, int64_t ns);

/* The wall time of an instant of this boot. */
void json_put_time(const struct json_line *l, struct json_object *o, const char *key,
		   uint64_t boottime_ns);

/* A process as asker, opener, closer or sharer. */
struct json_object *json_process(struct json_line *l, const struct process *p);

/* What was looked up of a refusal that is about no holder: BPF programs, addresses, ranges of ports. */
void json_put_facts(struct json_line *l, const struct event *e);

/*
 * The options and the identity of a socket. bound_device 0 says: to none. v6only means nothing for IPv4.
 */
void json_put_options(struct json_object *o, const struct bt_sock *s);

/* How often it came; nothing where nobody has counted. */
void json_put_repeat(const struct json_line *l, const struct repeat *r);

/* What the tracer can see on this machine: "coverage". The caller puts it. */
struct json_object *json_coverage(const struct coverage *c);

#endif /* BT_SINK_JSON_PARTS_H */
