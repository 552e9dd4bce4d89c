/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The rows that an iterator writes for user space: they are gathered in file_walk and written out together. Each
 * object that includes this has a program that does so, and a map of its own.
 */
#ifndef BT_ROWS_BPF_H
#define BT_ROWS_BPF_H

#include "core.bpf.h"
#include "see.bpf.h"

/* The number of the next row; BT_FILE_ROWS: there is none. */
static __always_inline __u32 next_row(struct file_walk *w)
{
	__u32 row = w->n_rows;

	/* the bound must be seen on the very register */
	asm volatile("" : "+r"(row));
	if (row >= BT_FILE_ROWS)
		return BT_FILE_ROWS;
	w->n_rows = row + 1;
	return row;
}

static __always_inline void add_open(struct file_walk *w)
{
	__u32 row = next_row(w);

	if (row < BT_FILE_ROWS)
		w->opens[row] = w->open;
}

/* Adds a row for the next of the socket's addresses. 0: there is none. */
__noinline int bt_add_address(__u32 zero)
{
	struct file_walk *w = bpf_map_lookup_elem(&file_walk, &zero);
	struct sctp_place place;
	int more;

	if (!w)
		return 0;
	place.head = w->head;
	place.at = w->at;
	more = next_address(&place, &w->open.sock);
	w->at = place.at;
	if (more > 0)
		add_open(w);
	return more;
}

/* A row for each address of a socket of SCTP: each may be the one in the way. */
static __always_inline void add_addresses(struct file_walk *w, __u32 zero)
{
	struct sctp_place place = first_address((const struct sctp_sock *)w->open.sock.sk);
	int i;

	w->head = place.head;
	w->at = place.at;
	for (i = 0; i < BT_MAX_ADDRESSES; i++)
		if (!bt_add_address(zero))
			break;
}

/* Writes the rows, which are len bytes. */
static __always_inline void write_rows(struct seq_file *seq, struct file_walk *w, __u32 len)
{
	/* the bound must be seen on the very register */
	asm volatile("" : "+r"(len));
	if (len <= sizeof(w->opens))
		bpf_seq_write(seq, w->opens, len);
}

#endif /* BT_ROWS_BPF_H */
