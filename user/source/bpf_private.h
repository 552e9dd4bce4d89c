/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Between bpf.c (loading and attaching) and bpf_read.c (what comes out while it runs). */
#ifndef BT_SOURCE_BPF_PRIVATE_H
#define BT_SOURCE_BPF_PRIVATE_H

#include <bpf/libbpf.h>

/* first: the skeleton uses its types */
#include "source/bpf.h"

#include "bindtrace.skel.h"

enum { MAX_LINKS = 32, MAX_PROGRAMS = 24 };

struct guarded;

struct bpf_source {
	struct bindtrace_bpf *skeleton;
	struct ring_buffer *ring;
	struct bpf_link *links[MAX_LINKS];
	bool is_counted
		[MAX_LINKS]; /* of kprobe.multi: what the kernel skips may have been a refusal */
	unsigned n_links;
	struct bpf_program *programs[MAX_PROGRAMS]; /* the same */
	unsigned n_programs;
	const struct bpf_link *ends; /* of call_ended_multi; NULL: it is not attached */
	struct bpf_link *files;	     /* list_files, or find_sharers; NULL: cannot be listed */
	struct bpf_link
		*answers; /* what is looked up while refusals come; NULL: bpf() calls harm nobody */
	struct guarded *guarded; /* BT_HOOK_ITERATOR only */
	int hook;
	uint32_t missing; /* enum bt_missing: what could not be attached */
	const struct capabilities *caps;
	uint64_t skipped; /* calls the kernel did not run a program for */
	uint64_t ends_skipped;
	bpf_record_fn fn;
	void *context;
	int stopped; /* what fn returned */
};

/* Chooses the programs of the source's rung for loading; then puts them in their places. 0 or -errno. */
int rung_prepare(struct bpf_source *s, const struct types *types);
int rung_attach(struct bpf_source *s);

/* Remembers a link for detaching; -errno when it is NULL. */
int rung_keep(struct bpf_source *s, struct bpf_link *link);

/* Whether the programs of the rung can list open files, and so who has a socket open. */
bool bpf_source_lists_files(const struct bpf_source *s);

/* ring_buffer__new()'s callback; context is the source. */
int bpf_source_on_record(void *context, void *data, size_t size);

/* kprobe.multi, once detached: entries that wait for a return, each a call seen by half. */
uint64_t bpf_source_half_seen(const struct bpf_source *s);

/*
 * Calls for which the kernel did not run our program within, each of which may have been a refusal; and those for which it
 * did not at the end of the system call.
 */
uint64_t bpf_source_skipped(const struct bpf_source *s);
uint64_t bpf_source_skipped_ends(const struct bpf_source *s);

/* Reads what an iterator program writes, size bytes at a time. 0 or -errno. */
int bpf_source_read_all(struct bpf_link *link, size_t size,
			void (*each)(void *context, const void *row), void *context);

/* BT_HOOK_ITERATOR: makes the iterators, once the programs are loaded; takes them down. 0 or -errno. */
int guarded_open(struct bpf_source *s);
void guarded_close(struct bpf_source *s);

/* bpf_source_read() of that rung: a batch of records, to which the holders are added. */
int guarded_read(struct bpf_source *s, bpf_record_fn fn, void *context);

#endif /* BT_SOURCE_BPF_PRIVATE_H */
