// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/pids.h"
#include "base/power.h"
#include "source/bpf_private.h"

int bpf_source_on_record(void *context, void *data, size_t size)
{
	struct bpf_source *s = context;
	const struct bt_record *record = data;

	if (size < sizeof(record->hdr) || record->hdr.version != BT_ABI_VERSION)
		return 0;
	s->stopped = s->fn(s->context, record, (uint32_t)size);
	return s->stopped ? -ECANCELED : 0;
}

int bpf_source_fd(const struct bpf_source *source)
{
	return ring_buffer__epoll_fd(source->ring);
}

int bpf_source_read(struct bpf_source *source, bpf_record_fn fn, void *context)
{
	int n;

	if (source->guarded)
		return guarded_read(source, fn, context);
	source->fn = fn;
	source->context = context;
	source->stopped = 0;
	n = ring_buffer__consume(source->ring);
	return source->stopped ? source->stopped : n;
}

static uint64_t count_of(const struct bpf_source *s, enum bt_counter which)
{
	uint64_t sum = 0;
	int cpu;

	for (cpu = 0; cpu < BT_MAX_CPUS; cpu++)
		sum += __atomic_load_n(&s->skeleton->bss->counts[cpu].n[which], __ATOMIC_RELAXED);
	return sum;
}

/* struct bpf_link_info of kernels that count kprobe.multi's misses (6.7); libbpf's copy is older. */
struct kprobe_multi_info {
	uint32_t type, id, prog_id, pad;
	uint64_t addrs;
	uint32_t count, flags;
	uint64_t missed;
};

static uint64_t missed_by_link(const struct bpf_link *link)
{
	struct kprobe_multi_info info = { 0 };
	uint32_t len = sizeof(info);

	if (bpf_obj_get_info_by_fd(bpf_link__fd(link), &info, &len) || len < sizeof(info))
		return 0;
	return info.type == BPF_LINK_TYPE_KPROBE_MULTI ? info.missed : 0;
}

static uint64_t missed_by_program(const struct bpf_program *program)
{
	struct bpf_prog_info info = { 0 };
	uint32_t len = sizeof(info);

	if (bpf_program__fd(program) < 0)
		return 0; /* not loaded: nothing to skip */
	if (bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &len))
		return 0;
	return info.recursion_misses;
}

uint64_t bpf_source_half_seen(const struct bpf_source *s)
{
	int map = bpf_map__fd(s->skeleton->maps.calls);
	uint64_t key, n = 0;
	void *last = NULL;
	unsigned i;

	if (s->hook != BT_HOOK_KPROBE_MULTI)
		return 0;
	for (i = 0; i < BT_N_UNDER_WAY; i++)
		n += s->skeleton->bss->under_way[i] != 0;
	for (; !bpf_map_get_next_key(map, last, &key); last = &key)
		n++;
	return n;
}

/* The link's are those for which the kernel had no room to remember that they return (6.12: rethook_try_get()). */
uint64_t bpf_source_skipped_ends(const struct bpf_source *s)
{
	const struct bindtrace_bpf *k = s->skeleton;

	return missed_by_program(k->progs.bind_ended) + missed_by_program(k->progs.listen_ended) +
	       missed_by_program(k->progs.call_ended_multi) +
	       (s->ends ? missed_by_link(s->ends) : 0);
}

/* Of one bind() more than one program may have been skipped, or another may have told of it: it is the most. */
uint64_t bpf_source_skipped(const struct bpf_source *s)
{
	uint64_t n = 0;
	unsigned i;

	for (i = 0; i < s->n_programs; i++)
		n += missed_by_program(s->programs[i]);
	for (i = 0; i < s->n_links; i++)
		if (s->is_counted[i])
			n += missed_by_link(s->links[i]);
	return n;
}

int bpf_source_read_all(struct bpf_link *link, size_t size, bpf_row_fn each, void *context)
{
	char buffer[16384] __attribute__((aligned(8)));
	size_t have = 0, done;
	int fd = bpf_iter_create(bpf_link__fd(link));
	ssize_t n;

	if (fd < 0)
		return -errno;
	while ((n = read(fd, buffer + have, sizeof(buffer) - have)) > 0 ||
	       (n < 0 && errno == EAGAIN)) {
		if (n < 0)
			continue;
		have += (size_t)n;
		for (done = 0; have - done >= size; done += size)
			each(context, buffer + done);
		have -= done;
		memmove(buffer, buffer + done, have);
	}
	n = n < 0 ? -errno : 0;
	close(fd);
	return (int)n;
}

uint64_t bpf_source_folded(const struct bpf_source *source)
{
	return count_of(source, BT_FOLDED);
}

/* Skipped for both where there are two, at most as often as for the one that makes up for the other. */
static uint64_t states_missed(const struct bpf_source *s)
{
	const struct bindtrace_bpf *k = s->skeleton;

	if (s->caps->preemptible)
		return missed_by_program(k->progs.on_set_state_skipped) +
		       missed_by_program(k->progs.on_fin_skipped) +
		       missed_by_program(k->progs.on_connect_skipped) +
		       missed_by_program(k->progs.on_listen_skipped);
	return missed_by_program(k->progs.on_set_state) + missed_by_program(k->progs.on_fin);
}

void bpf_source_counts(const struct bpf_source *source, struct bpf_counts *counts)
{
	const struct bindtrace_bpf *k = source->skeleton;
	uint64_t before = count_of(source, BT_LOST_WORK) + count_of(source, BT_LOST_ARGS) +
			  count_of(source, BT_LOST_RETURN);

	before += source->n_links ? bpf_source_skipped(source) : source->skipped;
	counts->sent = count_of(source, BT_SENT);
	counts->folded = count_of(source, BT_FOLDED);
	counts->lost = count_of(source, BT_LOST_RING) + before;
	counts->refused = count_of(source, BT_SEEN) + before;
	counts->strays = count_of(source, BT_LOST_TREE) + missed_by_program(k->progs.on_fork);
	counts->states = states_missed(source);
	counts->filters = missed_by_program(k->progs.seccomp_exit);
	counts->ends = source->n_links ? bpf_source_skipped_ends(source) : source->ends_skipped;
}

void bpf_source_coverage(const struct bpf_source *source, struct coverage *coverage)
{
	const struct capabilities *caps = source->caps;
	bool late = source->hook == BT_HOOK_ITERATOR;

	coverage->hook = source->hook;
	coverage->read = late ? READ_ITERATOR : READ_SNAPSHOT;
	coverage->missing = source->missing;
	if (late || source->hook == BT_HOOK_TRACEPOINT)
		coverage->missing |=
			MISSING_IO_URING | MISSING_KERNEL_BINDERS | MISSING_LSM | MISSING_AUTOBIND;
	if (late)
		coverage->missing |= MISSING_UNIX | MISSING_CONNECT | MISSING_SCTP;
	if (late && (!caps->call_multi || !caps->call_fexit))
		coverage->missing |= MISSING_SECCOMP;
	if (late && caps->kernel_context && caps->fexit)
		coverage->missing |= MISSING_UDP;
	if (late && caps->files)
		coverage->missing |= MISSING_BOUND;
	if (late && caps->task)
		coverage->missing |= MISSING_ASKER;
	/* syscalls:* leave them out (arch_trace_is_compat_syscall()), and they enter elsewhere */
	if ((late || source->hook == BT_HOOK_TRACEPOINT) && !caps->compat)
		coverage->missing |= MISSING_COMPAT;
	if (!bpf_source_lists_files(source) || !proc_is_of_all())
		coverage->missing |= MISSING_SHARERS;
	if (caps->cookie)
		coverage->missing |= MISSING_COOKIES;
	if (!proc_is_of_all())
		coverage->missing |= MISSING_PID_NAMESPACE;
	if (!power_has(CAP_SYS_PTRACE))
		coverage->missing |= MISSING_PROCESSES;
	if (!power_has(CAP_SYS_ADMIN))
		coverage->missing |= MISSING_NAMESPACES;
}

struct sharer_list {
	struct bt_sharer *sharers;
	unsigned n, max, total;
};

static void add_sharer(void *context, const void *row)
{
	const struct bt_sharer *sharer = row;
	struct sharer_list *list = context;

	list->total++;
	if (list->n < list->max)
		list->sharers[list->n++] = *sharer;
}

/* Fills the table that is_wanted() of bpf/sharers.bpf.c reads. */
static void want(__u64 table[BT_WANTED], const uint64_t *inodes, unsigned n)
{
	unsigned i, j;

	memset(table, 0, BT_WANTED * sizeof(*table));
	for (i = 0; i < n && i < BT_WANTED / 2; i++) {
		for (j = 0; j < BT_WANTED_PROBES; j++) {
			__u64 *place = &table[(BT_WANTED_START(inodes[i]) + j) % BT_WANTED];

			if (*place && *place != inodes[i])
				continue;
			*place = inodes[i];
			break;
		}
	}
}

int bpf_source_sharers(struct bpf_source *source, const uint64_t *inodes, unsigned n_inodes,
		       struct bt_sharer *sharers, unsigned max, unsigned *total)
{
	struct sharer_list list = { .sharers = sharers, .max = max };
	int err;

	if (!source->files)
		return -EOPNOTSUPP;
	source->skeleton->bss->wanted_untabled = false;
	want(source->skeleton->bss->wanted_inodes, inodes, n_inodes);
	err = bpf_source_read_all(source->files, sizeof(*sharers), add_sharer, &list);
	*total = list.total;
	return err ? err : (int)list.n;
}

int bpf_source_untabled(struct bpf_source *source, const uint16_t *ports, unsigned n_ports,
			bpf_row_fn each, void *context)
{
	__u64 *wanted = source->skeleton->bss->wanted_ports;

	if (!source->files || source->guarded)
		return -EOPNOTSUPP;
	source->skeleton->bss->wanted_untabled = true;
	memset(wanted, 0, sizeof(source->skeleton->bss->wanted_ports));
	for (unsigned i = 0; i < n_ports; i++)
		wanted[ports[i] / 64] |= 1ull << (ports[i] % 64);
	return bpf_source_read_all(source->files, sizeof(struct bt_open), each, context);
}

static void take_answer(void *context, const void *row)
{
	memcpy(context, row, sizeof(struct bt_answer));
}

/* Zeros: there is nothing to tell, or nobody who would. */
static struct bt_answer ask(const struct bpf_source *s, struct bt_question question)
{
	struct bt_answer answer = { 0 };

	s->skeleton->bss->question = question;
	bpf_source_read_all(s->answers, sizeof(answer), take_answer, &answer);
	return answer;
}

bool bpf_source_looks_up(const struct bpf_source *source)
{
	return !source->answers;
}

uint64_t bpf_source_fold_count(const struct bpf_source *source, const struct bt_fold_key *key)
{
	struct bt_fold fold;

	if (source->answers)
		return ask(source, (struct bt_question){ .kind = *key }).count;
	if (bpf_map_lookup_elem(bpf_map__fd(source->skeleton->maps.folds), key, &fold))
		return 0;
	return fold.count;
}

uint64_t bpf_source_bound_ns(const struct bpf_source *source, uint64_t sk)
{
	uint64_t ns;

	if (source->answers)
		return ask(source, (struct bt_question){ .sk = sk }).bound_ns;
	return bpf_map_lookup_elem(bpf_map__fd(source->skeleton->maps.late), &sk, &ns) ? 0 : ns;
}

/* The kernel side may write a later moment between our look and our 0: then it stays. */
static void forget_until(__u64 *mark, uint64_t until_ns)
{
	__u64 there = __atomic_load_n(mark, __ATOMIC_RELAXED);

	if (there <= until_ns)
		__atomic_compare_exchange_n(mark, &there, 0, false, __ATOMIC_RELAXED,
					    __ATOMIC_RELAXED);
}

void bpf_source_unfollow(struct bpf_source *source, uint16_t port, bool last, uint64_t until_ns)
{
	forget_until(&source->skeleton->bss->followed_ports[port], until_ns);
	if (last)
		forget_until(&source->skeleton->bss->following, until_ns);
}
