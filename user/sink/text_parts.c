// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "sink/text_parts.h"

#include <string.h>

#include "base/clock.h"
#include "model/endpoint.h"
#include "model/names.h"

enum { NARROW = 56 }; /* columns for a command line or a cgroup */

void page_init(struct page *p, const struct text_options *o)
{
	p->o = o;
	text_init(&p->t, p->buf, sizeof(p->buf));
}

int page_write(struct page *p, int fd)
{
	/* a line always ends, also one that was cut */
	if (p->t.cut)
		p->t.buf[p->t.len - 1] = '\n';
	return write_all(fd, p->t.buf, p->t.len);
}

void page_styled(struct page *p, enum style style, const char *s)
{
	static const char *const sgr[] = {
		[PLAIN] = "",	      [BOLD] = "\033[1m",    [DIM] = "\033[2m",
		[RED] = "\033[1;31m", [YELLOW] = "\033[33m", [GREEN] = "\033[32m",
	};
	bool on = p->o->color && style != PLAIN;

	if (on)
		text_add(&p->t, sgr[style]);
	text_add(&p->t, s);
	if (on)
		text_add(&p->t, "\033[0m");
}

void page_escaped(struct page *p, const char *s)
{
	text_escape(&p->t, s, strlen(s));
}

void page_row(struct page *p, const char *label)
{
	text_add(&p->t, "  ");
	page_styled(p, *label ? DIM : PLAIN, label);
	for (size_t n = strlen(label); n < 6; n++)
		text_add(&p->t, " ");
}

void page_time(struct page *p, uint64_t realtime_ns)
{
	char time[CLOCK_TEXT];

	if (p->o->timestamps)
		clock_rfc3339(realtime_ns, time);
	else
		clock_local(realtime_ns, 3, time);
	page_styled(p, DIM, time);
	text_add(&p->t, "  ");
}

void page_protocol(struct page *p, const struct bt_sock *s)
{
	const char *protocol = endpoint_protocol(s);

	if (protocol)
		text_printf(&p->t, "%s ", protocol);
}

void page_pid(struct page *p, const char *comm, uint32_t pid)
{
	if (comm[0])
		page_escaped(p, comm);
	else
		text_add(&p->t, "?");
	text_printf(&p->t, "[%u]", pid);
}

/* Adds what was written to short text, and says so when that is not all of it. */
static void add_short(struct page *p, const struct text *s)
{
	text_add(&p->t, s->buf);
	if (s->cut)
		text_add(&p->t, "...");
}

/* Bytes of the directory in which the program is, where arguments follow: a title that it wrote has none. */
static unsigned directory_length(const struct process *who)
{
	const char *end = memchr(who->cmdline, '\0', who->cmdline_len);
	const char *slash = end ? memrchr(who->cmdline, '/', (size_t)(end - who->cmdline)) : NULL;

	return slash ? (unsigned)(slash + 1 - who->cmdline) : 0;
}

void page_command(struct page *p, const struct process *who)
{
	char buf[6 * sizeof(who->cmdline)];
	unsigned skip = directory_length(who);
	struct text s;

	if (!who->cmdline_len)
		return;
	text_init(&s, buf, p->o->wide ? sizeof(buf) : NARROW);
	text_command(&s, who->cmdline, who->cmdline_len);
	if (s.cut && !p->o->wide) { /* the arguments say more than where the program is */
		text_init(&s, buf, NARROW);
		text_command(&s, who->cmdline + skip, who->cmdline_len - skip);
	}
	/* the kernel side takes no more than this */
	if (who->cmdline_len == sizeof(who->cmdline))
		s.cut = true;
	text_add(&p->t, " \"");
	add_short(p, &s);
	text_add(&p->t, "\"");
}

void page_container(struct page *p, const struct event *e, const struct process *who)
{
	const struct container_names *names = event_container(e, who);
	const char *runtime = runtime_name(who->container.runtime);

	if (names && names->name[0])
		page_escaped(p, names->name);
	else
		text_printf(&p->t, "%.12s", who->container.id);
	if (runtime)
		text_printf(&p->t, " (%s)", runtime);
}

static void add_pod(struct page *p, const struct event *e, const struct process *who)
{
	const struct container_names *names = event_container(e, who);

	text_add(&p->t, "  pod ");
	if (names && names->pod_name[0]) {
		page_escaped(p, names->pod_namespace);
		text_add(&p->t, "/");
		page_escaped(p, names->pod_name);
	} else {
		page_escaped(p, who->container.pod_uid);
	}
}

static bool in_pod(const struct event *e, const struct process *who)
{
	const struct container_names *names = event_container(e, who);

	return who->container.pod_uid[0] || (names && names->pod_name[0]);
}

/* What its unit is called says nothing that the container does not, unless it is a service. */
static void add_containment(struct page *p, const struct event *e, const struct process *who)
{
	size_t n = strlen(who->unit);

	if (who->container.runtime == RUNTIME_PODMAN && n > 8 &&
	    !strcmp(who->unit + n - 8, ".service")) {
		text_add(&p->t, "  unit ");
		page_escaped(p, who->unit);
	}
	if (in_pod(e, who))
		add_pod(p, e, who);
	if (who->container.id[0]) {
		text_add(&p->t, "  container ");
		page_container(p, e, who);
	}
}

static void add_cgroup(struct page *p, const struct process *who)
{
	char buf[4 * sizeof(who->cgroup)];
	struct text s;

	text_init(&s, buf, p->o->wide ? sizeof(buf) : NARROW);
	text_escape(&s, who->cgroup, strlen(who->cgroup));
	text_add(&p->t, "  cgroup ");
	add_short(p, &s);
}

void page_unit(struct page *p, const struct event *e, const struct process *who)
{
	/* the unit of a port proxy is its engine's, which is not what anybody looks for */
	if (who->forwards)
		return;
	if (who->container.id[0] || in_pod(e, who)) {
		add_containment(p, e, who);
	} else if (who->unit[0]) {
		text_add(&p->t, "  unit ");
		page_escaped(p, who->unit);
	} else if (who->cgroup[0] && strcmp(who->cgroup, "/")) {
		add_cgroup(p, who);
	}
	if (who->pid_in_namespace)
		text_printf(&p->t, ", pid %u inside", who->pid_in_namespace);
}

void page_parents(struct page *p, const struct process *who)
{
	for (unsigned i = 0; i < who->n_parents; i++) {
		text_add(&p->t, i ? " <- " : "");
		page_pid(p, who->parents[i].comm, who->parents[i].pid);
	}
}
