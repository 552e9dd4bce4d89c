// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "enrich/container.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "enrich/runtime.h"

enum { ID_LEN = 64 };

/* One name on the way down a path. */
struct part {
	const char *s;
	size_t n;
};

static bool part_is(struct part p, const char *s)
{
	return p.n == strlen(s) && !memcmp(p.s, s, p.n);
}

static bool take_prefix(struct part *p, const char *prefix)
{
	size_t n = strlen(prefix);

	if (p->n < n || memcmp(p->s, prefix, n))
		return false;
	p->s += n;
	p->n -= n;
	return true;
}

static bool take_suffix(struct part *p, const char *suffix)
{
	size_t n = strlen(suffix);

	if (p->n < n || memcmp(p->s + p->n - n, suffix, n))
		return false;
	p->n -= n;
	return true;
}

static bool is_id(struct part p)
{
	for (size_t i = 0; i < p.n; i++)
		if (!strchr("0123456789abcdef", p.s[i]) || !p.s[i])
			return false;
	return p.n == ID_LEN;
}

/* 9f1e..-..-.. (systemd's driver writes _ for -), or 32 digits for a static pod */
static bool take_pod_uid(struct part p, char out[40])
{
	if (p.n != 36 && p.n != 32)
		return false;
	for (size_t i = 0; i < p.n; i++) {
		if (!isxdigit((unsigned char)p.s[i]) && p.s[i] != '-' && p.s[i] != '_')
			return false;
		out[i] = p.s[i];
		if (out[i] == '_')
			out[i] = '-';
	}
	out[p.n] = '\0';
	return true;
}

/* "kubepods-burstable-pod<uid>.slice" under systemd, "pod<uid>" below /kubepods without. */
static void look_for_pod(struct part p, bool below_kubepods, char uid[40])
{
	size_t i;

	if (take_suffix(&p, ".slice")) {
		for (i = 0; i + 5 <= p.n; i++)
			if (!memcmp(p.s + i, "-pod", 4) && memmem(p.s, i, "kubepods", 8) &&
			    take_pod_uid((struct part){ p.s + i + 4, p.n - i - 4 }, uid))
				return;
	} else if (below_kubepods && take_prefix(&p, "pod")) {
		take_pod_uid(p, uid);
	}
}

/* A runtime's own prefix, then the id, in a scope of systemd or a plain group. */
static bool take_container(struct part p, struct container *c)
{
	static const struct {
		const char *prefix;
		enum bt_runtime runtime;
	} kinds[] = {
		{ "docker-", RUNTIME_DOCKER },
		{ "cri-containerd-", RUNTIME_CONTAINERD },
		{ "nerdctl-", RUNTIME_CONTAINERD },
		{ "crio-", RUNTIME_CRIO },
		{ "libpod-", RUNTIME_PODMAN },
		{ "docker:", RUNTIME_DOCKER },
		{ "cri-containerd:", RUNTIME_CONTAINERD },
	};

	take_suffix(&p, ".scope");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct part id = p;

		if (!take_prefix(&id, kinds[i].prefix) || !is_id(id))
			continue;
		c->runtime = kinds[i].runtime;
		memcpy(c->id, id.s, ID_LEN);
		return true;
	}
	return false;
}

/* "/docker/<id>", "/kubepods/pod<uid>/<id>", or an id below a parent that somebody chose. */
static bool take_bare_id(struct part p, struct part parent, bool split, struct container *c)
{
	if (!is_id(p))
		return false;
	memcpy(c->id, p.s, ID_LEN);
	if (split) /* "libpod-payload-<id>" in the unit of the service that runs it */
		c->runtime = RUNTIME_PODMAN;
	else if (part_is(parent, "docker"))
		c->runtime = RUNTIME_DOCKER;
	else
		c->runtime = runtime_of(c);
	if (c->runtime || c->pod_uid[0])
		return true;
	memset(c->id, 0, sizeof(c->id));
	return false;
}

/* "user-1000.slice": from there on everything belongs to that user. */
static void look_for_owner(struct part p, uint32_t *owner)
{
	char digits[12];

	if (!take_suffix(&p, ".slice") || !take_prefix(&p, "user-") || !p.n ||
	    p.n >= sizeof(digits))
		return;
	memcpy(digits, p.s, p.n);
	digits[p.n] = '\0';
	if (strspn(digits, "0123456789") == p.n)
		*owner = (uint32_t)strtoul(digits, NULL, 10);
}

/*
 * A misconfigured driver makes one group of what should be a path: "kubepods-pod<uid>.slice:cri-
 * containerd:<id>". The part in front of the colon is the pod's, the rest is the container's.
 */
static struct part split_colon(struct part *p)
{
	const char *colon = memchr(p->s, ':', p->n);
	struct part front = *p;

	if (!colon)
		return front;
	front.n = (size_t)(colon - p->s);
	p->s = colon + 1;
	p->n -= front.n + 1;
	return front;
}

/* What a service makes below itself may have any name: there only Podman's own split groups count. */
static bool is_service(struct part p)
{
	return take_suffix(&p, ".service") && !take_prefix(&p, "user@");
}

bool container_of_path(const char *path, struct container *c)
{
	struct part part, front, rest, parent = { "", 0 };
	bool below_kubepods = false, below_service = false;

	memset(c, 0, sizeof(*c));
	for (; *path; path += part.n) {
		path += strspn(path, "/");
		part = rest = (struct part){ path, strcspn(path, "/") };
		front = split_colon(&rest);
		if (!c->pod_uid[0])
			look_for_pod(front, below_kubepods, c->pod_uid);
		look_for_owner(part, &c->owner);
		if (below_service && front.n == part.n && !take_prefix(&rest, "libpod-payload-"))
			return c->pod_uid[0];
		if (take_container(rest, c) || take_bare_id(rest, parent, below_service, c))
			return true;
		below_kubepods = below_kubepods || part_is(part, "kubepods");
		below_service = below_service || is_service(part);
		parent = part;
	}
	return c->pod_uid[0];
}

bool container_of_process(const char *proc_cgroup, struct container *c)
{
	const char *line = proc_cgroup;
	char path[4096];

	while (*line) {
		size_t n = strcspn(line, "\n");
		const char *colon = memchr(line, ':', n);

		colon = colon ? memchr(colon + 1, ':', n - (size_t)(colon + 1 - line)) : NULL;
		if (colon && n - (size_t)(colon - line) < sizeof(path)) {
			snprintf(path, sizeof(path), "%.*s", (int)(line + n - colon - 1),
				 colon + 1);
			if (container_of_path(path, c))
				return true;
		}
		line += n;
		line += *line == '\n';
	}
	memset(c, 0, sizeof(*c));
	return false;
}
