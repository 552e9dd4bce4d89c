// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "source/ports.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "source/typed.h"
#include "source/types.h"

#include "ports.skel.h"

enum { OPEN, TCP, UDP, N_LISTS };

struct ports_source {
	struct ports_bpf *skeleton;
	struct bpf_link *lists[N_LISTS];
};

static int load(struct ports_source *s, struct types *types)
{
	struct timespec tick = { 0 };
	struct typed_file file;
	const void *elf;
	size_t size;
	LIBBPF_OPTS(bpf_object_open_opts, opts, .btf_custom_path = file.path);
	int err = typed_open(&file);

	clock_getres(CLOCK_MONOTONIC_COARSE, &tick);
	if (!err)
		s->skeleton = ports_bpf__open_opts(&opts);
	if (!err && !s->skeleton)
		err = -errno;
	if (!err) {
		s->skeleton->rodata->port_tick_ns = (uint64_t)tick.tv_nsec;
		err = typed_prepare(s->skeleton->obj, types, &file, false);
	}
	if (!err)
		err = ports_bpf__load(s->skeleton);
	elf = ports_bpf__elf_bytes(&size);
	typed_close(&file, elf, size);
	return err;
}

/* Reading them later takes no power. */
static int attach(struct ports_source *s)
{
	struct bpf_program *const programs[N_LISTS] = {
		[OPEN] = s->skeleton->progs.list_open,
		[TCP] = s->skeleton->progs.list_tcp,
		[UDP] = s->skeleton->progs.list_udp,
	};

	for (int i = 0; i < N_LISTS; i++) {
		s->lists[i] = bpf_program__attach_iter(programs[i], NULL);
		if (!s->lists[i])
			return -errno;
	}
	return 0;
}

int ports_source_open_with(struct ports_source **out, struct types *types)
{
	struct ports_source *s = calloc(1, sizeof(*s));
	int err;

	if (!s)
		return -ENOMEM;
	err = load(s, types);
	if (!err)
		err = attach(s);
	if (err) {
		ports_source_close(s);
		return err;
	}
	*out = s;
	return 0;
}

int ports_source_open(struct ports_source **out)
{
	struct types *types;
	int err = types_open(&types);

	if (err)
		return err;
	err = ports_source_open_with(out, types);
	types_close(types);
	return err;
}

static int read_all(int fd, ports_fn fn, void *context)
{
	struct bt_open buffer[64];
	size_t have = 0, i;
	ssize_t n;

	while ((n = read(fd, (char *)buffer + have, sizeof(buffer) - have)) > 0 ||
	       (n < 0 && errno == EAGAIN)) {
		if (n < 0)
			continue;
		have += (size_t)n;
		for (i = 0; i < have / sizeof(*buffer); i++)
			fn(context, &buffer[i]);
		have %= sizeof(*buffer);
		memmove(buffer, &buffer[i], have);
	}
	return n < 0 ? -errno : 0;
}

static int iterate(const struct bpf_link *list, ports_fn fn, void *context)
{
	int fd = bpf_iter_create(bpf_link__fd(list)), err;

	if (fd < 0)
		return -errno;
	err = read_all(fd, fn, context);
	close(fd);
	return err;
}

int ports_source_processes(struct ports_source *source, ports_fn fn, void *context)
{
	return iterate(source->lists[OPEN], fn, context);
}

int ports_source_tables(struct ports_source *source, ports_fn fn, void *context)
{
	int err = iterate(source->lists[TCP], fn, context);

	return err ? err : iterate(source->lists[UDP], fn, context);
}

void ports_source_close(struct ports_source *source)
{
	if (!source)
		return;
	for (int i = 0; i < N_LISTS; i++)
		bpf_link__destroy(source->lists[i]);
	ports_bpf__destroy(source->skeleton);
	free(source);
}
