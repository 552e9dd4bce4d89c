// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A process as JSON, with what people know it as. */
#include <string.h>

#include "model/names.h"
#include "sink/json_parts.h"

static void put_cmdline(struct json_line *l, struct json_object *o, const struct process *p)
{
	const char *arg = p->cmdline, *end = p->cmdline + p->cmdline_len;
	struct json_object *list;
	size_t n;

	if (!p->cmdline_len)
		return;
	list = json_object_new_array();
	/* behind the last NUL there is one more argument, if only an empty one */
	for (; arg <= end; arg += n + 1) {
		n = strnlen(arg, (size_t)(end - arg));
		json_object_array_add(list, json_string(l, arg, n));
	}
	json_put(o, "cmdline", list);
}

static void put_container(struct json_line *l, struct json_object *o, const struct process *p)
{
	const struct container_names *names = event_container(l->event, p);
	const char *runtime = runtime_name(p->container.runtime);
	struct json_object *c;

	if (p->container.id[0]) {
		c = json_object_new_object();
		json_put_text(l, c, "id", p->container.id);
		json_put_text(l, c, "name", names ? names->name : "");
		json_put_text(l, c, "runtime", runtime ? runtime : "");
		json_put(o, "container", c);
	}
	if (!p->container.pod_uid[0] && !(names && names->pod_name[0]))
		return;
	c = json_object_new_object();
	json_put_text(l, c, "uid", p->container.pod_uid);
	json_put_text(l, c, "namespace", names ? names->pod_namespace : "");
	json_put_text(l, c, "name", names ? names->pod_name : "");
	json_put(o, "pod", c);
}

/* The container of a port proxy is not its own. */
static void put_forward(struct json_line *l, struct json_object *o, const struct process *p)
{
	struct json_object *to = json_object_new_object();

	json_put_address(to, "address", p->to_addr, p->to_family);
	if (p->to_port)
		json_put_int(to, "port", p->to_port);
	put_container(l, to, p);
	json_put(o, "forwards_to", to);
}

static struct json_object *ancestor(struct json_line *l, const struct ancestor *a)
{
	struct json_object *o = json_object_new_object();

	json_put_int(o, "pid", a->pid);
	json_put_text(l, o, "comm", a->comm);
	return o;
}

static void put_parents(struct json_line *l, struct json_object *o, const struct process *p)
{
	struct json_object *list;

	if (!p->n_parents)
		return;
	list = json_object_new_array();
	for (unsigned i = 0; i < p->n_parents; i++)
		json_object_array_add(list, ancestor(l, &p->parents[i]));
	json_put(o, "parents", list);
}

/* Whether it is stopped, whose child and what instance it is. */
static void put_family(struct json_line *l, struct json_object *o, const struct process *p)
{
	const char *relation = relation_name(p->relation);

	json_put_maybe(o, "stopped", p->stopped);
	if (p->shell.pid)
		json_put(o, "shell", ancestor(l, &p->shell));
	json_put_text(l, o, "tty", p->tty);
	put_parents(l, o, p);
	if (p->orphaned)
		json_put_bool(o, "orphaned", true);
	if (p->same_program)
		json_put_bool(o, "same_program", true);
	json_put_text(l, o, "relation", relation ? relation : "");
}

struct json_object *json_process(struct json_line *l, const struct process *p)
{
	struct json_object *o = json_object_new_object();

	json_put_int(o, "pid", p->pid);
	if (p->tid)
		json_put_int(o, "tid", p->tid);
	if (p->pid_in_namespace)
		json_put_int(o, "pid_in_namespace", p->pid_in_namespace);
	if (p->ppid)
		json_put_int(o, "ppid", p->ppid);
	json_put_text(l, o, "comm", p->comm);
	json_put_text(l, o, "exe", p->exe);
	put_cmdline(l, o, p);
	json_put_int(o, "uid", p->uid);
	json_put_text(l, o, "user", p->user);
	json_put_time(l, o, "start_time", p->start_ns);
	json_put_time(l, o, "time", p->time_ns);
	json_put_text(l, o, "cgroup", p->cgroup);
	json_put_text(l, o, "unit", p->unit);
	if (p->forwards)
		put_forward(l, o, p);
	else
		put_container(l, o, p);
	json_put_maybe(o, "alive", p->alive);
	if (p->alive == 1)
		put_family(l, o, p);
	else
		put_parents(l, o, p);
	return o;
}
