// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "source/bpf.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/pids.h"
#include "source/bpf_private.h"
#include "source/ports.h"
#include "source/rung_list.h"
#include "source/typed.h"
#include "source/types.h"

enum { N_ATTEMPTS = 4096 }; /* calls of bind(2) and listen(2) under way at the same time */
enum { N_BOUND = 16384 };   /* sockets that may have got their port while a record waits */

/* clock_getres() of a coarse clock is the length of a tick, on every kernel and without its configuration. */
static uint64_t tick_ns(void)
{
	struct timespec tick = { 0 };

	clock_getres(CLOCK_MONOTONIC_COARSE, &tick);
	return (uint64_t)tick.tv_nsec;
}

/* THREAD_SIZE of x86-64, and of arm64, where a stack has whole pages. */
static uint32_t stack_bytes(void)
{
	long page = sysconf(_SC_PAGESIZE);

	return page > 16384 ? (uint32_t)page : 16384;
}

bool bpf_source_lists_files(const struct bpf_source *s)
{
	return !(s->hook == BT_HOOK_ITERATOR ? s->caps->files : s->caps->iterator);
}

/* Only a task that looks into a map can be preempted there, and only these rungs would pay for it (answer.bpf.c). */
static bool asks_by_iterator(const struct bpf_source *s)
{
	return s->caps->preemptible && !s->caps->iterator &&
	       (s->hook == BT_HOOK_KPROBE_MULTI || s->hook == BT_HOOK_TRACEPOINT);
}

static void choose_lists(struct bpf_source *s)
{
	struct bindtrace_bpf *k = s->skeleton;
	bool guarded = s->hook == BT_HOOK_ITERATOR, files = bpf_source_lists_files(s);

	bpf_program__set_autoload(k->progs.list_files, files && !guarded);
	bpf_program__set_autoload(k->progs.seed_openers, files && !guarded);
	bpf_program__set_autoload(k->progs.find_sharers, files && guarded);
	bpf_program__set_autoload(k->progs.find_openers, files && guarded);
	bpf_program__set_autoload(k->progs.find_bound, files && guarded);
	bpf_program__set_autoload(k->progs.answer, asks_by_iterator(s));
	bpf_program__set_autoload(k->progs.find_tcp, guarded);
	bpf_program__set_autoload(k->progs.find_udp, guarded);
}

/*
 * Who opens and closes sockets is seen by hooks of the calls, or at each change of a socket's state. Before cookies
 * an opener has to be forgotten when its socket closes, which only the change of state tells. A preemptible kernel
 * may skip a program for as long as another task stands in it: there each of them is there twice.
 */
static void choose_followers(struct bpf_source *s, const struct bpf_options *o)
{
	struct bindtrace_bpf *k = s->skeleton;
	const struct capabilities *caps = s->caps;
	bool twice = caps->preemptible, by_call, by_state, openers;

	by_call = (s->hook == BT_HOOK_FEXIT || s->hook == BT_HOOK_KPROBE_MULTI) && !caps->fexit &&
		  !caps->cookie && caps->deed_calls;
	by_state = !by_call && !caps->state;
	/* fexit sees them where it sees the refusals, but for what it is skipped for */
	k->rodata->config.deeds_by_call = by_call && s->hook == BT_HOOK_FEXIT && !twice;
	openers = by_call && !k->rodata->config.deeds_by_call;
	bpf_program__set_autoload(k->progs.on_fin, by_call);
	bpf_program__set_autoload(k->progs.on_fin_skipped, by_call && twice);
	bpf_program__set_autoload(k->progs.on_connect, openers);
	bpf_program__set_autoload(k->progs.on_connect_skipped, openers && twice);
	bpf_program__set_autoload(k->progs.on_listen, openers);
	bpf_program__set_autoload(k->progs.on_listen_skipped, openers && twice);
	bpf_program__set_autoload(k->progs.on_set_state, by_state);
	bpf_program__set_autoload(k->progs.on_set_state_skipped, by_state && twice);
	bpf_program__set_autoload(k->progs.on_exec, by_call || by_state);
	bpf_program__set_autoload(k->progs.on_fork, o->tree_pid);
	bpf_program__set_autoload(k->progs.on_exit, o->tree_pid);
	bpf_program__set_autoload(k->progs.on_destroy, o->releases);
}

/* Of a map that the rung's programs do not look into one entry is enough: the kernel takes a while for thousands. */
static int size_maps(struct bpf_source *s, const struct bpf_options *o)
{
	struct bindtrace_bpf *k = s->skeleton;
	bool guarded = s->hook == BT_HOOK_ITERATOR;
	bool behind = guarded || s->hook == BT_HOOK_TRACEPOINT; /* the system call */
	const struct {
		struct bpf_map *map;
		bool is_sized;
		uint32_t entries;
	} all[] = {
		{ k->maps.tree, o->tree_pid, BT_N_TREE },
		{ k->maps.ring, o->ring_bytes, (uint32_t)o->ring_bytes },
		{ k->maps.entered, s->hook == BT_HOOK_KPROBE_MULTI, BT_N_UNDER_WAY },
		{ k->maps.attempts, guarded, N_ATTEMPTS },
		{ k->maps.bound, guarded, N_BOUND },
		{ k->maps.calls, behind, 1 },
		{ k->maps.told, behind, 1 },
	};
	int err = 0;

	for (size_t i = 0; i < sizeof(all) / sizeof(*all) && !err; i++)
		if (all[i].is_sized)
			err = bpf_map__set_max_entries(all[i].map, all[i].entries);
	return err;
}

static int prepare(struct bpf_source *s, const struct bpf_options *o, const struct types *types)
{
	struct bindtrace_bpf *k = s->skeleton;
	struct bt_config *config = &k->rodata->config;
	struct bpf_program *p;
	int err;

	*config = o->filter;
	config->hook = s->hook;
	config->fold_ns = o->fold_ns;
	config->tick_ns = tick_ns();
	config->stack_bytes = stack_bytes();
	config->rule = s->caps->rule;
	config->successes = o->successes;
	config->arg_is_socket = !s->caps->bind_sk;
	config->binds_by_fexit = rung_binds_by_fexit(s);
	config->listen_args = s->caps->listen_args;
	config->seccomp_args = s->caps->seccomp_args;
	config->has_cookie = !s->caps->cookie;
	config->by_tree = o->tree_pid != 0;
	config->follow = o->follow;
	config->preemptible = s->caps->preemptible;
	config->has_kernel_context = !s->caps->kernel_context;

	bpf_object__for_each_program(p, k->obj) bpf_program__set_autoload(p, false);
	err = rung_prepare(s, types);
	choose_followers(s, o);
	choose_lists(s);
	return err ? err : size_maps(s, o);
}

/* What the programs find in their maps before the first of them runs. */
static int fill_maps(struct bpf_source *s, const struct bpf_options *o)
{
	struct bindtrace_bpf *k = s->skeleton;
	uint32_t i, zero = 0, fd = (uint32_t)o->cgroup_fd;
	uint8_t yes = 1;
	int err = 0;

	for (i = 0; i < BT_N_WORK && !err; i++)
		err = bpf_map_update_elem(bpf_map__fd(k->maps.free_works), NULL, &i, BPF_ANY);
	for (i = 0; i < 65536 / 64 && o->filter.by_port && !err; i++)
		err = bpf_map_update_elem(bpf_map__fd(k->maps.ports), &i, &o->ports[i], BPF_ANY);
	if (o->filter.by_cgroup && !err)
		err = bpf_map_update_elem(bpf_map__fd(k->maps.cgroups), &zero, &fd, BPF_ANY);
	if (o->tree_pid && !err)
		err = bpf_map_update_elem(bpf_map__fd(k->maps.tree), &o->tree_pid, &yes, BPF_ANY);
	return err;
}

/* A process that has had sockets since before we came: its command line must be known if it exits later. */
static void seed_cmdline(void *context, const void *row)
{
	const struct bt_sharer *sharer = row;
	struct bpf_source *s = context;
	struct bt_cmdline line = { .start_ns = sharer->start_ns };
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%u/cmdline", sharer->pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	n = read(fd, line.text, sizeof(line.text));
	close(fd);
	if (n <= 0)
		return;
	line.len = (uint64_t)n;
	bpf_map_update_elem(bpf_map__fd(s->skeleton->maps.cmdlines), &sharer->pid, &line,
			    BPF_NOEXIST);
}

/* Where /proc has other numbers, their command lines are not to be had. */
static void seed_nothing(void *context, const void *row)
{
	(void)context;
	(void)row;
}

static int seed(struct bpf_source *s)
{
	struct bindtrace_bpf *k = s->skeleton;
	bool guarded = s->hook == BT_HOOK_ITERATOR;
	struct bpf_link *link = bpf_program__attach_iter(
		guarded ? k->progs.find_openers : k->progs.seed_openers, NULL);
	int err;

	if (!link)
		return -errno;
	err = bpf_source_read_all(link, sizeof(struct bt_sharer),
				  proc_is_of_all() ? seed_cmdline : seed_nothing, s);
	bpf_link__destroy(link);
	if (err)
		return err;
	s->files = bpf_program__attach_iter(guarded ? k->progs.find_sharers : k->progs.list_files,
					    NULL);
	return s->files ? 0 : -errno;
}

/*
 * What is known of tasks and sockets besides refusals. Who makes up for another finds nothing left to do most of the time,
 * if it comes second. A function runs first what was attached last (bpf_trampoline_link_prog()), a tracepoint what was
 * first.
 */
static int attach_followers(struct bpf_source *s)
{
	struct bindtrace_bpf *k = s->skeleton;
	struct bpf_program *const all[] = {
		k->progs.on_fin_skipped,
		k->progs.on_fin,
		k->progs.on_connect_skipped,
		k->progs.on_connect,
		k->progs.on_listen_skipped,
		k->progs.on_listen,
		k->progs.on_set_state,
		k->progs.on_set_state_skipped,
		k->progs.on_exec,
		k->progs.on_fork,
		k->progs.on_exit,
		k->progs.on_destroy,
	};
	int err = 0;

	for (unsigned i = 0; i < sizeof(all) / sizeof(*all) && !err; i++)
		if (bpf_program__autoload(all[i]))
			err = rung_keep(s, bpf_program__attach(all[i]));
	return err;
}

/* Any map of one element will do: the program answers once for each. */
static int open_answers(struct bpf_source *s)
{
	const struct bindtrace_bpf *k = s->skeleton;
	union bpf_iter_link_info one = { .map.map_fd = (__u32)bpf_map__fd(k->maps.file_walk) };
	LIBBPF_OPTS(bpf_iter_attach_opts, opts, .link_info = &one, .link_info_len = sizeof(one));

	s->answers = bpf_program__attach_iter(k->progs.answer, &opts);
	return s->answers ? 0 : -errno;
}

/* State changes are followed before the seeding and the seeding is done before refusals are seen. */
static int start(struct bpf_source *s, const struct bpf_options *o)
{
	struct bindtrace_bpf *k = s->skeleton;
	int err = fill_maps(s, o);

	if (!err)
		err = attach_followers(s);
	if (!err && bpf_source_lists_files(s))
		err = seed(s);
	if (!err && s->hook == BT_HOOK_ITERATOR)
		err = guarded_open(s);
	if (!err && asks_by_iterator(s))
		err = open_answers(s);
	if (!err) {
		s->ring =
			ring_buffer__new(bpf_map__fd(k->maps.ring), bpf_source_on_record, s, NULL);
		err = s->ring ? 0 : -errno;
	}
	return err ? err : rung_attach(s);
}

/* Loads what the rung needs. */
static int load(struct bpf_source *s, const struct bpf_options *o, struct types *types)
{
	struct typed_file file;
	const void *elf;
	size_t size;
	LIBBPF_OPTS(bpf_object_open_opts, opts, .btf_custom_path = file.path);
	int err = typed_open(&file);

	if (!s->caps->cast)
		typed_cast_tasks(types);
	if (!err) {
		s->skeleton = bindtrace_bpf__open_opts(&opts);
		err = s->skeleton ? prepare(s, o, types) : -errno;
	}
	if (!err)
		err = typed_prepare(s->skeleton->obj, types, &file, s->caps->read_kernel);
	if (!err)
		err = bindtrace_bpf__load(s->skeleton);
	elf = bindtrace_bpf__elf_bytes(&size);
	typed_close(&file, elf, size);
	return err;
}

static int probe_and_load(struct bpf_source *s, struct capabilities *caps,
			  const struct bpf_options *o)
{
	struct types *types;
	int err = types_open(&types);

	caps->btf = caps->best_hook = err;
	if (err)
		return err;
	probe_capabilities(caps, types, o->hook);
	s->hook = o->hook < 0 ? caps->best_hook : o->hook;
	err = s->hook < 0 ? s->hook : probe_hook(caps, s->hook);
	if (!err)
		err = load(s, o, types);
	/* before the ring buffer is mapped, which is most of what memory we have */
	if (!err && o->ports_source && ports_source_open_with(o->ports_source, types))
		*o->ports_source = NULL;
	types_close(types);
	return err;
}

int bpf_source_open(struct bpf_source **out, struct capabilities *caps,
		    const struct bpf_options *options)
{
	struct bpf_source *s = calloc(1, sizeof(*s));
	int err;

	memset(caps, 0, sizeof(*caps));
	if (!s)
		return -ENOMEM;
	s->caps = caps;
	err = probe_and_load(s, caps, options);
	if (!err)
		err = start(s, options);
	if (err) {
		bpf_source_close(s);
		return err;
	}
	*out = s;
	return 0;
}

void bpf_source_detach(struct bpf_source *source)
{
	source->skipped = bpf_source_skipped(source);
	source->ends_skipped = bpf_source_skipped_ends(source);
	source->ends = NULL;
	while (source->n_links)
		bpf_link__destroy(source->links[--source->n_links]);
	source->skipped += bpf_source_half_seen(source);
}

void bpf_source_close(struct bpf_source *source)
{
	if (!source)
		return;
	if (source->skeleton)
		bpf_source_detach(source);
	ring_buffer__free(source->ring);
	bpf_link__destroy(source->files);
	bpf_link__destroy(source->answers);
	guarded_close(source);
	bindtrace_bpf__destroy(source->skeleton);
	free(source);
}
