// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "sink/json_parts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/text.h"
#include "model/endpoint.h"

#define NEW_KEY (JSON_C_OBJECT_ADD_KEY_IS_NEW | JSON_C_OBJECT_KEY_IS_CONSTANT)

void json_put(struct json_object *o, const char *key, struct json_object *value)
{
	json_object_object_add_ex(o, key, value, NEW_KEY);
}

void json_put_int(struct json_object *o, const char *key, int64_t value)
{
	json_put(o, key, json_object_new_int64(value));
}

void json_put_count(struct json_object *o, const char *key, uint64_t value)
{
	json_put(o, key, json_object_new_uint64(value));
}

void json_put_bool(struct json_object *o, const char *key, bool value)
{
	json_put(o, key, json_object_new_boolean(value));
}

void json_put_maybe(struct json_object *o, const char *key, int value)
{
	if (value >= 0)
		json_put_bool(o, key, value);
}

struct json_object *json_string(struct json_line *l, const char *bytes, size_t n)
{
	size_t size = 3 * n + 1; /* a byte that is not UTF-8 becomes three */
	struct json_object *string;
	struct text t;
	char *buf;

	if (text_is_utf8(bytes, n))
		return json_object_new_string_len(bytes, (int)n);
	buf = malloc(size);
	if (!buf)
		return NULL;
	text_init(&t, buf, size);
	if (text_utf8_repair(&t, bytes, n))
		l->repaired = true;
	string = json_object_new_string_len(t.buf, (int)t.len);
	free(buf);
	return string;
}

void json_put_text(struct json_line *l, struct json_object *o, const char *key, const char *text)
{
	if (text[0])
		json_put(o, key, json_string(l, text, strlen(text)));
}

void json_put_name(struct json_object *o, const char *key, const char *name)
{
	if (name)
		json_put(o, key, json_object_new_string(name));
}

void json_put_address(struct json_object *o, const char *key, const uint8_t addr[16],
		      unsigned family)
{
	char ip[INET6_ADDRSTRLEN];

	if (endpoint_address(addr, family, ip))
		json_put(o, key, json_object_new_string(ip));
}

void json_put_unix_name(struct json_line *l, struct json_object *o, const char *path, unsigned n)
{
	char name[BT_PATH_LEN];

	json_put(o, "address", json_string(l, name, endpoint_unix_name(path, n, name)));
}

void json_put_endpoint(struct json_object *o, const struct bt_sock *s)
{
	json_put(o, "protocol", json_object_new_string(protocol_name(s->protocol)));
	json_put(o, "family", json_object_new_string(family_name(s->family)));
	json_put_address(o, "address", s->addr, s->family);
	json_put_int(o, "port", s->port);
}

void json_put_seconds(struct json_object *o, const char *key, int64_t ns)
{
	uint64_t abs = ns < 0 ? -(uint64_t)ns : (uint64_t)ns;
	char digits[40];
	size_t n;

	n = (size_t)snprintf(digits, sizeof(digits), "%s%" PRIu64 ".%09" PRIu64, ns < 0 ? "-" : "",
			     abs / 1000000000, abs % 1000000000);
	while (digits[n - 1] == '0' && digits[n - 2] != '.')
		digits[--n] = '\0';
	json_put(o, key, json_object_new_double_s((double)ns / 1e9, digits));
}

void json_put_time(const struct json_line *l, struct json_object *o, const char *key,
		   uint64_t boottime_ns)
{
	char time[CLOCK_TEXT];

	if (!boottime_ns || !l->wall_known)
		return;
	clock_rfc3339(clock_realtime_ns(boottime_ns, l->offset_ns), time);
	json_put(o, key, json_object_new_string(time));
}

void json_put_options(struct json_object *o, const struct bt_sock *s)
{
	if (s->family != AF_UNIX) {
		json_put_bool(o, "reuse_address", s->reuse);
		json_put_bool(o, "reuse_port", s->reuseport);
	}
	if (s->family == AF_INET6)
		json_put_bool(o, "v6only", s->v6only);
	if (s->family != AF_UNIX && !(s->flags & BT_SOCK_MINI))
		json_put_int(o, "uid", s->uid);
	if (s->family != AF_UNIX)
		json_put_int(o, "bound_device", s->ifindex);
	if (s->kernel)
		json_put_bool(o, "kernel", true);
	if (s->cookie)
		json_put_count(o, "cookie", s->cookie);
	if (s->inode)
		json_put_count(o, "inode", s->inode);
}

void json_put_repeat(const struct json_line *l, const struct repeat *r)
{
	struct json_object *o;

	if (!r->count && r->adds <= 0)
		return;
	o = json_object_new_object();
	if (r->count) {
		json_put_count(o, "count", r->count);
		json_put_time(l, o, "first_time", r->first_ns);
		json_put_count(o, "incident", r->incident);
	}
	if (r->adds >= 0)
		json_put_int(o, "adds", r->adds);
	if (r->since_ns)
		json_put_seconds(o, "since_s", (int64_t)r->since_ns);
	json_put(l->root, "repeat", o);
}

struct json_object *json_coverage(const struct coverage *c)
{
	struct json_object *o = json_object_new_object(), *missing = json_object_new_array();

	json_put(o, "hook", json_object_new_string(hook_name(c->hook)));
	json_put(o, "holders", json_object_new_string(read_name(c->read)));
	for (unsigned i = 0; i < N_MISSING_BITS; i++)
		if (c->missing & 1u << i)
			json_object_array_add(missing,
					      json_object_new_string(missing_name(1u << i)));
	json_put(o, "missing", missing);
	return o;
}

int json_begin(struct json_line *l, const char *kind, uint64_t seq, uint64_t boottime_ns,
	       uint64_t realtime_ns, const char *host)
{
	*l = (struct json_line){
		.root = json_object_new_object(),
		.offset_ns = (int64_t)(realtime_ns - boottime_ns),
		.wall_known = realtime_ns && boottime_ns,
	};
	if (!l->root)
		return -ENOMEM;
	json_put(l->root, "schema", json_object_new_string("bindtrace/1"));
	json_put(l->root, "kind", json_object_new_string(kind));
	json_put_count(l->root, "seq", seq);
	json_put_time(l, l->root, "time", boottime_ns);
	json_put_count(l->root, "boottime_ns", boottime_ns);
	json_put_text(l, l->root, "host", host);
	return 0;
}

/*
 * A copy of the line with DEL and the C1 controls as \u00xx and a newline at the end. json-c leaves
 * them as they are, which is valid JSON, but some terminals obey U+009B. Outside of strings no such
 * byte occurs. NULL without memory.
 */
static char *for_terminals(const char *json, size_t n, size_t *out_n)
{
	char *out = malloc(6 * n + 2), *p = out;
	const char *end = json + n;

	if (!out)
		return NULL;
	while (json < end) {
		size_t plain = strcspn(json, "\x7f\xc2");
		unsigned char c, next;

		memcpy(p, json, plain);
		p += plain;
		json += plain;
		if (json == end)
			break;
		c = (unsigned char)json[0];
		next = (unsigned char)json[1];
		if (c == 0xc2 && (next < 0x80 || next > 0x9f)) {
			*p++ = *json++;
			continue;
		}
		p += sprintf(p, "\\u%04x", c == 0xc2 ? next : c);
		json += c == 0xc2 ? 2 : 1;
	}
	*p++ = '\n';
	*out_n = (size_t)(p - out);
	return out;
}

int json_end(struct json_line *l, int fd)
{
	int flags = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, err = -ENOMEM;
	char *line = NULL;
	const char *json;
	size_t n;

	if (l->repaired)
		json_put_bool(l->root, "repaired", true);
	json = json_object_to_json_string_length(l->root, flags, &n);
	if (json)
		line = for_terminals(json, n, &n);
	if (line)
		err = write_all(fd, line, n);
	free(line);
	json_object_put(l->root);
	return err;
}
