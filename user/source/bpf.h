/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The live source: loads and attaches the programs of bpf/ and hands out their records. */
#ifndef BT_SOURCE_BPF_H
#define BT_SOURCE_BPF_H

#include <stdbool.h>
#include <stdint.h>

#include "bpf/abi.h"
#include "model/event.h"
#include "source/probe.h"

struct bpf_source;
struct ports_source;

enum {
	BPF_SOURCE_BATCH = 64
}; /* records that one bpf_source_read() hands out at most, where holders are looked up */

/* What to watch. A zeroed one watches everything and folds nothing. */
struct bpf_options {
	int hook;	  /* enum bt_hook, -1: the best that works */
	bool successes;	  /* successful calls too */
	uint64_t fold_ns; /* see struct bt_config */
	/* libbpf makes it a power of two of pages; 0: the default of 4 MiB */
	uint64_t ring_bytes;
	struct bt_config filter;    /* its pids, uids, errors, netns and comms with their counts */
	uint64_t ports[65536 / 64]; /* one bit a port, looked at when filter.by_port */
	int cgroup_fd;		    /* a cgroup2 directory, looked at when filter.by_cgroup */
	uint32_t tree_pid;	    /* only this process and what descends from it; 0: everybody */
	bool follow;		    /* BT_KIND_FOLLOWED for ports that were refused */
	bool releases;		    /* with follow: BT_KIND_RELEASED for them, too */
	struct ports_source **ports_source; /* opened, too, if it can be; NULL: it is not needed */
};

/* Exact once the source is detached and drained: refused = sent + folded + lost. */
struct bpf_counts {
	uint64_t refused; /* as the kernel side counted them, after the filters */
	uint64_t sent;
	uint64_t folded;
	uint64_t lost;	 /* ring buffer full, no scratch space, or a hook the kernel skipped */
	uint64_t strays; /* processes of the tree that could not be followed */
	/* changes of TCP state nobody looked at: an opener or closer may be unknown */
	uint64_t states;
	/* system calls of tasks with a seccomp filter whose answer nobody looked at */
	uint64_t filters;
	/* ends of bind(2) and listen(2) nobody looked at: what refused them before the protocol was asked is not told */
	uint64_t ends;
};

/* A record (or the header of one), valid until the function returns. Non-zero stops the reading and is passed on. */
typedef int (*bpf_record_fn)(void *context, const struct bt_record *record, uint32_t len);

/*
 * Probes what this kernel allows into *caps, which must outlive the source, then loads and attaches; when it
 * returns, refusals are being seen. *out is for bpf_source_close().
 * -errno: -EPERM/-EACCES no permission, -ENOENT no BTF, -EOPNOTSUPP no rung works (or not the one asked for).
 */
int bpf_source_open(struct bpf_source **out, struct capabilities *caps,
		    const struct bpf_options *options);

/* A descriptor that polls readable when there are records. */
int bpf_source_fd(const struct bpf_source *source);

/*
 * Hands every waiting record (a batch of them at most on BT_HOOK_ITERATOR) to fn. Number of records or what fn
 * returned or -errno.
 */
int bpf_source_read(struct bpf_source *source, bpf_record_fn fn, void *context);

/* Stops seeing, keeps what was seen: counts are final once the ring has been read after this. */
void bpf_source_detach(struct bpf_source *source);

/* Refusals that were counted with an equal one and not sent. */
uint64_t bpf_source_folded(const struct bpf_source *source);

/* What the kernel side has counted so far, and what it can see. */
void bpf_source_counts(const struct bpf_source *source, struct bpf_counts *counts);
void bpf_source_coverage(const struct bpf_source *source, struct coverage *coverage);

/*
 * Every process that has one of the sockets open, by inode; at most max. Number written, *total how many
 * there are, or -errno. A process appears once for each descriptor.
 */
int bpf_source_sharers(struct bpf_source *source, const uint64_t *inodes, unsigned n_inodes,
		       struct bt_sharer *sharers, unsigned max, unsigned *total);

/* A row of an iterator, valid until the function returns. */
typedef void (*bpf_row_fn)(void *context, const void *row);

/*
 * Every socket of SCTP and of ping, and of TCP those that listen or are only bound, that a process has open on one of
 * the ports (or identifiers), in any network namespace: a struct bt_open for each of its addresses, and each
 * descriptor. 0 or -errno.
 */
int bpf_source_untabled(struct bpf_source *source, const uint16_t *ports, unsigned n_ports,
			bpf_row_fn each, void *context);

/*
 * Whether what the next two functions tell is looked up by bpf(): where that would make the kernel miss refusals, it is
 * not (bpf/answer.bpf.c).
 */
bool bpf_source_looks_up(const struct bpf_source *source);

/* How many refusals of a kind the kernel side has counted so far; 0 when it no longer knows. */
uint64_t bpf_source_fold_count(const struct bpf_source *source, const struct bt_fold_key *key);

/*
 * When a socket of SCTP, ping or TCP, by its address in the kernel, was bound to a port that had been refused, or
 * listened (CLOCK_BOOTTIME); 0: not since.
 */
uint64_t bpf_source_bound_ns(const struct bpf_source *source, uint64_t sk);

/*
 * Of the refusals until until_ns (boot clock) nobody waits for the port any more; last: nor for any other. A
 * later one, whose record is still to be read, goes on being followed.
 */
void bpf_source_unfollow(struct bpf_source *source, uint16_t port, bool last, uint64_t until_ns);

/* Detaches, and lets go of everything that is loaded; NULL is fine. */
void bpf_source_close(struct bpf_source *source);

#endif /* BT_SOURCE_BPF_H */
