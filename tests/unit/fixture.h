/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Events made by hand, and what a sink wrote, for the unit tests. */
#ifndef BT_FIXTURE_H
#define BT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h wants the three above first */
#include <cmocka.h>

#include "model/event.h"

/* 2026-11-23T09:41:07.123456789Z, 5,000 s after boot */
#define FIXTURE_REALTIME_NS 1795426867123456789ull
#define FIXTURE_BOOTTIME_NS 5000000000000ull

/*
 * The sample: python3[4242] is refused tcp 127.0.0.1:8000 because of a TIME_WAIT socket
 * that python3[4188] left. The caller frees it.
 */
struct event *fixture_time_wait(void);

/* nginx[812] listens on 0.0.0.0:80, shared with its workers 813 to 817. The caller frees it. */
struct event *fixture_listener(void);

/* Appends a blocking TIME_WAIT holder of 127.0.0.1 with this peer port; its index. */
unsigned fixture_add_time_wait(struct event *e, uint16_t peer_port);

/* The command line given as a C string with its arguments separated by NUL: size counts the last
 * NUL. */
void fixture_process(struct process *p, uint32_t pid, const char *comm, const char *cmdline,
		     size_t size);

/* p is in Docker's container 0123456789ab, as pid 7; its name, once known, has a control character. */
void fixture_container(struct process *p);
void fixture_container_name(struct event *e, const struct process *p);

/* python3[pid] is refused tcp 127.0.0.1:8000 over and over. */
struct folded fixture_folded(uint32_t pid);

/* A file to give to a sink, and everything that was written to it so far; the caller frees the
 * text. */
int fixture_open(void);
char *fixture_read(int fd);

#endif /* BT_FIXTURE_H */
