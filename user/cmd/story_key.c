// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cmd/story_key.h"

#include <string.h>

#include "model/endpoint.h"

/* FNV-1a, 64 bits */
static uint64_t mix(uint64_t h, const void *bytes, size_t n)
{
	for (const uint8_t *b = bytes; n; n--, b++)
		h = (h ^ *b) * 1099511628211ull;
	return h;
}

uint64_t story_key(const struct bt_sock *s, uint16_t operation, uint32_t netns, const char *host)
{
	const struct {
		uint64_t netns;
		uint16_t operation, family, protocol, port;
		uint32_t ifindex, pad;
	} fixed = { netns, operation, s->family, s->protocol, s->port, s->ifindex, 0 };
	uint64_t h = mix(14695981039346656037ull, &fixed, sizeof(fixed));

	return mix(mix(h, s->addr, sizeof(s->addr)), host, strlen(host));
}

uint64_t story_key_refused(const struct event *e, const char *host)
{
	const struct bt_record *r = &e->rec;
	uint64_t h = story_key(&r->sock, r->operation, r->task.netns, host);

	return mix(h, r->path, r->path_len);
}

uint64_t story_key_folded(const struct folded *of, const char *host)
{
	struct bt_sock s = endpoint_folded(of);
	uint64_t h = story_key(&s, of->key.operation, of->key.netns, host);

	return mix(h, of->path, of->path_len);
}

uint64_t story_key_kind(uint64_t key, uint64_t run, uint32_t pid, uint16_t error)
{
	key = mix(key, &run, sizeof(run));
	key = mix(key, &pid, sizeof(pid));
	return mix(key, &error, sizeof(error));
}
