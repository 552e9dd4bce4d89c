/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The short cuts by which a bind can pass although the walk over the port's sockets would refuse
 * it (kernel.md 2.4): inet_csk_get_port() looks at tb->fastreuse and at sk_reuseport_match() before
 * it walks. They only ever allow. bindtrace does not know them and need not: a refusal always comes
 * from the walk. But a success with a blocking holder is right when it came this way, only then.
 */
#include <sys/utsname.h>

#include "bpf/rule.h"
#include "oracle.h"

enum { NONE, ANY, STRICT }; /* FASTREUSEPORT_* */

/*
 * Since 6.8 the bucket is not empty any more when its first socket is entered: the function
 * inet_csk_update_fastreuse() looks at tb->bhash2, which inet_bind2_bucket_create() has filled. So
 * fastreuse never becomes 1, and fastreuseport never "any".
 */
static bool first_is_late;

void cache_init(void)
{
	unsigned major, minor;
	struct utsname u;

	must(!uname(&u) && sscanf(u.release, "%u.%u", &major, &minor) == 2, "uname failed");
	first_is_late = major > 6 || (major == 6 && minor >= 8);
}

/* inet_rcv_saddr_equal() where only the remembered address may be a wildcard. */
static bool covers(const struct bt_sock *old, const struct bt_sock *s)
{
	bool mapped = old->family == AF_INET6 && bt_is_mapped(old);
	bool four_s = s->family == AF_INET || bt_is_mapped(s);

	if (old->family == AF_INET || (mapped && four_s))
		return !s->v6only && (bt_rcv_saddr(old) == bt_rcv_saddr(s) || !bt_rcv_saddr(old));
	if (bt_is_any6(old))
		return bt_is_any6(s) || !(old->v6only && four_s);
	return s->family == AF_INET6 && !memcmp(old->addr, s->addr, 16);
}

/* __inet6_bind() makes a socket on a specific IPv6 address V6ONLY before it asks for the port. */
static struct bt_sock at_get_port(const struct spec *spec)
{
	struct bt_sock s = as_bt_sock(spec);

	if (s.family == AF_INET6 && !bt_is_any6(&s) && !bt_is_mapped(&s))
		s.v6only = 1;
	return s;
}

/* sk_reuseport_match() */
static bool group_passes(const struct cache *c, const struct spec *spec)
{
	struct bt_sock s = at_get_port(spec);

	if (c->reuseport == NONE || !(spec->options & RP) || spec->grouped || c->last.uid != s.uid)
		return false;
	return c->reuseport == ANY || covers(&c->last, &s);
}

bool cache_passes(const struct cache *cache, const struct spec *spec, bool listening)
{
	return (cache->reuse && (spec->options & RA) && !listening) || group_passes(cache, spec);
}

/* inet_csk_update_fastreuse(); first: the bucket was empty */
void cache_took(struct cache *cache, const struct spec *spec, bool listening, bool first)
{
	bool reuse = (spec->options & RA) && !listening;

	if (first) {
		memset(cache, 0, sizeof(*cache));
		cache->reuse = reuse && !first_is_late;
	}
	if (!reuse)
		cache->reuse = 0;
	if (!(spec->options & RP)) {
		cache->reuseport = NONE;
	} else if (first || !group_passes(cache, spec)) {
		cache->reuseport = first && !first_is_late ? ANY : STRICT;
		cache->last = at_get_port(spec);
	}
}
