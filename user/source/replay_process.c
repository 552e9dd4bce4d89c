// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Processes and sockets of a recorded line. */
#include <netinet/in.h>
#include <string.h>

#include "base/text.h"
#include "model/words.h"
#include "source/replay_json.h"

/* The list back into what the kernel had: arguments with a NUL between them. */
static void take_cmdline(struct replay *r, const struct value *o, struct process *p)
{
	const struct value *list = replay_list(r, o, "cmdline"), *item;
	char buf[BT_CMDLINE_LEN + 1];
	struct text t;

	text_init(&t, buf, sizeof(buf));
	for (item = list ? list->first : NULL; item; item = item->next) {
		if (item->type != VALUE_STRING) {
			r->wrong = r->wrong ? r->wrong : "cmdline";
			return;
		}
		if (item != list->first)
			text_add_bytes(&t, "", 1);
		text_add_bytes(&t, item->text, item->n);
	}
	p->cmdline_len = (uint16_t)(t.cut ? BT_CMDLINE_LEN : t.len);
	memset(p->cmdline, 0, sizeof(p->cmdline));
	memcpy(p->cmdline, buf, t.len);
}

static struct container_names *names_of(struct event *e, const char *id)
{
	struct container_names *names;

	for (unsigned i = 0; i < e->n_containers; i++)
		if (!strcmp(e->containers[i].id, id))
			return &e->containers[i];
	if (e->n_containers == EVENT_MAX_CONTAINERS)
		return NULL;
	names = &e->containers[e->n_containers++];
	memcpy(names->id, id, sizeof(names->id));
	return names;
}

static void take_container(struct replay *r, struct event *e, const struct value *o,
			   struct process *p)
{
	const struct value *c = replay_object(r, o, "container"), *pod = replay_object(r, o, "pod");
	struct container_names *names = NULL;

	replay_text(r, c, "id", p->container.id, sizeof(p->container.id));
	p->container.runtime = word_runtime(replay_word(r, c, "runtime", NULL));
	replay_text(r, pod, "uid", p->container.pod_uid, sizeof(p->container.pod_uid));
	if (e && p->container.id[0])
		names = names_of(e, p->container.id);
	if (!names)
		return;
	replay_text(r, c, "name", names->name, sizeof(names->name));
	replay_text(r, pod, "namespace", names->pod_namespace, sizeof(names->pod_namespace));
	replay_text(r, pod, "name", names->pod_name, sizeof(names->pod_name));
}

/* A port proxy: the container is not its own, but the one it sends to. */
static void take_forward(struct replay *r, struct event *e, const struct value *to,
			 struct process *p)
{
	const char *word = replay_word(r, to, "address", NULL);
	unsigned family = word && strchr(word, ':') ? AF_INET6 : AF_INET;

	p->forwards = true;
	if (replay_address(r, to, "address", family, p->to_addr))
		p->to_family = (uint16_t)family;
	p->to_port = (uint16_t)replay_count(r, to, "port", UINT16_MAX);
	take_container(r, e, to, p);
}

static void take_ancestor(struct replay *r, const struct value *o, struct ancestor *a)
{
	a->pid = (uint32_t)replay_count(r, o, "pid", UINT32_MAX);
	replay_text(r, o, "comm", a->comm, sizeof(a->comm));
}

static void take_family(struct replay *r, const struct value *o, struct process *p)
{
	const struct value *list = replay_list(r, o, "parents");
	const struct value *item = replay_first(r, list, "parents");

	p->stopped = replay_maybe(r, o, "stopped");
	take_ancestor(r, replay_object(r, o, "shell"), &p->shell);
	replay_text(r, o, "tty", p->tty, sizeof(p->tty));
	p->orphaned = replay_bool(r, o, "orphaned");
	p->same_program = replay_bool(r, o, "same_program");
	p->relation = word_relation(replay_word(r, o, "relation", NULL));
	for (; item && p->n_parents < EVENT_MAX_PARENTS; item = replay_next(r, item, "parents"))
		take_ancestor(r, item, &p->parents[p->n_parents++]);
}

void replay_process(struct replay *r, struct event *e, const struct value *o, struct process *p)
{
	const struct value *to = replay_object(r, o, "forwards_to");

	memset(p, 0, sizeof(*p));
	p->pid = (uint32_t)replay_count(r, o, "pid", UINT32_MAX);
	p->tid = (uint32_t)replay_count(r, o, "tid", UINT32_MAX);
	p->ppid = (uint32_t)replay_count(r, o, "ppid", UINT32_MAX);
	p->uid = (uint32_t)replay_count(r, o, "uid", UINT32_MAX);
	p->pid_in_namespace = (uint32_t)replay_count(r, o, "pid_in_namespace", UINT32_MAX);
	p->start_ns = replay_time(r, o, "start_time");
	p->time_ns = replay_time(r, o, "time");
	p->fd = -1;
	if (value_member(o, "fd"))
		p->fd = (int)replay_count(r, o, "fd", INT32_MAX);
	p->alive = replay_maybe(r, o, "alive");
	p->inherited = replay_maybe(r, o, "inherited");
	replay_text(r, o, "comm", p->comm, sizeof(p->comm));
	replay_text(r, o, "exe", p->exe, sizeof(p->exe));
	replay_text(r, o, "cgroup", p->cgroup, sizeof(p->cgroup));
	replay_text(r, o, "unit", p->unit, sizeof(p->unit));
	replay_text(r, o, "user", p->user, sizeof(p->user));
	take_cmdline(r, o, p);
	if (to)
		take_forward(r, e, to, p);
	else
		take_container(r, e, o, p);
	take_family(r, o, p);
}

static void take_options(struct replay *r, const struct value *o, struct bt_sock *s)
{
	s->reuse = replay_bool(r, o, "reuse_address");
	s->reuseport = replay_bool(r, o, "reuse_port");
	s->v6only = replay_bool(r, o, "v6only");
	s->kernel = replay_bool(r, o, "kernel");
	s->uid = (uint32_t)replay_count(r, o, "uid", UINT32_MAX);
	s->ifindex = (uint32_t)replay_count(r, o, "bound_device", UINT32_MAX);
	s->cookie = replay_count(r, o, "cookie", UINT64_MAX);
	s->inode = replay_count(r, o, "inode", UINT64_MAX);
	if (replay_bool(r, o, "free_bind"))
		s->flags |= BT_SOCK_FREEBIND;
	if (replay_bool(r, o, "transparent"))
		s->flags |= BT_SOCK_TRANSPARENT;
}

void replay_socket(struct replay *r, const struct value *o, struct bt_sock *s)
{
	const char *protocol = replay_word(r, o, "protocol", NULL);

	s->family = word_family(replay_word(r, o, "family", NULL));
	s->protocol = word_protocol(protocol);
	if (protocol && !strcmp(protocol, "unix")) {
		s->protocol = 0;
		s->sk = 1; /* it was a socket: of which kind, the family says */
	}
	replay_address(r, o, "address", s->family, s->addr);
	s->port = (uint16_t)replay_count(r, o, "port", UINT16_MAX);
	s->peer_port = (uint16_t)replay_count(r, o, "peer_port", UINT16_MAX);
	replay_address(r, o, "peer_address", s->family, s->peer);
	take_options(r, replay_object(r, o, "socket") ?: o, s);
}
