/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* All sockets with a port, as the iterators of bpf/ports.bpf.c show them. */
#ifndef BT_SOURCE_PORTS_H
#define BT_SOURCE_PORTS_H

#include "bpf/abi.h"

struct ports_source;
struct types;

typedef void (*ports_fn)(void *context, const struct bt_open *open);

/* Loads the iterators; *out is for ports_source_close(). 0 or -errno. */
int ports_source_open(struct ports_source **out);

/* The same, with the kernel's types as somebody has read them: to read them takes milliseconds, and a megabyte. */
int ports_source_open_with(struct ports_source **out, struct types *types);

/* What processes have open, in all network namespaces; once for each descriptor. 0 or -errno. */
int ports_source_processes(struct ports_source *source, ports_fn fn, void *context);

/* What is in the tables of the network namespace we are in, whether a process has it or not. 0 or -errno. */
int ports_source_tables(struct ports_source *source, ports_fn fn, void *context);

/* Lets go of the iterators; NULL is fine. */
void ports_source_close(struct ports_source *source);

#endif /* BT_SOURCE_PORTS_H */
