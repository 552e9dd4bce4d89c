// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The rungs of the attach ladder: how their programs are put in their places, and what is counted of them. */
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "source/rung_list.h"

#include "base/mount.h"
#include "source/typed.h"

/* Does it tell of each bind(2) or listen(2) that was refused and that no other program has told of? */
static bool is_end(const struct bpf_source *s, const struct bpf_program *p)
{
	const struct bindtrace_bpf *k = s->skeleton;

	return p == k->progs.bind_ended || p == k->progs.listen_ended ||
	       p == k->progs.call_ended_multi;
}

/* What is skipped of it is still under way further out: told of there, or counted as a call that was seen by half. */
static bool is_made_up_for(const struct bpf_source *s, const struct bpf_program *p)
{
	const struct bindtrace_bpf *k = s->skeleton;

	return rung_binds_by_fexit(s) && (p == k->progs.bind4_exit || p == k->progs.bind6_exit);
}

/*
 * May what the kernel skips of it have been a refusal? A call whose entry and return were both skipped is one call:
 * only entries count. Filters are asked about every system call, and of nearly all refusals others than the ends have
 * told: the footer has these two apart.
 */
static bool is_counted(const struct bpf_source *s, const struct entry *e)
{
	return e->how != RETURN && e->how != OUTER_RETURN && !is_end(s, e->program) &&
	       !is_made_up_for(s, e->program) && e->program != s->skeleton->progs.seccomp_exit;
}

/* What may be skipped, and is then counted; a program that stands in several places has one count. */
static void count_on(struct bpf_source *s, const struct entry *e)
{
	if (s->n_programs && s->programs[s->n_programs - 1] == e->program)
		return;
	if (!is_counted(s, e))
		return;
	s->programs[s->n_programs++] = e->program;
}

static int set_target(const struct bpf_source *s, const struct entry *e, const struct types *types)
{
	if (e->how != FEXIT)
		return 0;
	if (s->hook == BT_HOOK_KPROBE_MULTI && s->caps->fexit)
		return s->caps->fexit;
	return typed_set_target(e->program, types, e->targets[0]);
}

int rung_prepare(struct bpf_source *s, const struct types *types)
{
	struct entry entries[MAX_ENTRIES];
	unsigned i, n = rung_list(s, entries);
	int err;

	for (i = 0; i < n; i++) {
		err = set_target(s, &entries[i], types);
		if (err && !entries[i].missing)
			return err;
		if (err) {
			s->missing |= entries[i].missing;
			continue;
		}
		bpf_program__set_autoload(entries[i].program, true);
		count_on(s, &entries[i]);
	}
	return 0;
}

int rung_keep(struct bpf_source *s, struct bpf_link *link)
{
	if (!link)
		return -errno;
	s->links[s->n_links++] = link;
	return 0;
}

/* tracefs need not be mounted: the id is read from a private mount, the rest is perf_event_open(). */
static int attach_tracepoint(struct bpf_source *s, struct bpf_program *program, const char *name)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_TRACEPOINT, .size = sizeof(attr) };
	int id = mount_tracepoint_id("syscalls", name), fd, err;

	if (id < 0)
		return id;
	attr.config = (uint64_t)id;
	fd = (int)syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = rung_keep(s, bpf_program__attach_perf_event(program, fd));
	if (err)
		close(fd);
	return err;
}

static int attach_multi(struct bpf_source *s, const struct entry *e)
{
	static const __u64 outer[8] = { 1, 1, 1, 1, 1, 1, 1, 1 }; /* for bpf_get_attach_cookie() */
	LIBBPF_OPTS(bpf_kprobe_multi_opts, opts, .retprobe = e->how != ENTRY,
		    .cookies = e->how == OUTER_RETURN ? outer : NULL);
	const char *symbols[8];
	size_t n;

	for (n = 0; n < 8 && e->targets[n]; n++)
		symbols[n] = e->targets[n];
	opts.syms = symbols;
	opts.cnt = n;
	s->is_counted[s->n_links] = is_counted(s, e);
	return rung_keep(s, bpf_program__attach_kprobe_multi_opts(e->program, NULL, &opts));
}

static int attach_cgroup(struct bpf_source *s, const struct entry *e)
{
	int root = mount_cgroup_root(), err;

	if (root < 0)
		return root;
	err = rung_keep(s, bpf_program__attach_cgroup(e->program, root));
	close(root);
	return err;
}

static int attach(struct bpf_source *s, const struct entry *e)
{
	if (e->how == CGROUP)
		return attach_cgroup(s, e);
	if (e->how == TRACEPOINT)
		return attach_tracepoint(s, e->program, e->targets[0]);
	if (e->how == FEXIT || e->how == TYPED)
		return rung_keep(s, bpf_program__attach(e->program));
	return attach_multi(s, e);
}

int rung_attach(struct bpf_source *s)
{
	struct entry entries[MAX_ENTRIES];
	unsigned i, n = rung_list(s, entries);
	int err;

	for (i = 0; i < n; i++) {
		if (!bpf_program__autoload(entries[i].program))
			continue;
		/* what unix_bind() refuses would look as if it had not come there */
		if (is_end(s, entries[i].program) && (s->missing & MISSING_UNIX))
			err = -EOPNOTSUPP;
		else
			err = attach(s, &entries[i]);
		if (err && !entries[i].missing)
			return err;
		if (err)
			s->missing |= entries[i].missing;
		else if (entries[i].program == s->skeleton->progs.call_ended_multi)
			s->ends = s->links[s->n_links - 1];
	}
	return 0;
}
