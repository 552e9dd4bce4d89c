/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Other processes, which have something open and do nothing. */
#ifndef BENCH_OTHERS_H
#define BENCH_OTHERS_H

/*
 * Starts n of them, each of which calls prepare(i), and returns when all have done so. They stay until others_end(), and
 * no longer than this process. Only once. Ends the program (status 1) when one cannot be started or has failed.
 */
void others_start(unsigned n, void (*prepare)(unsigned i));

/* Ends them, and returns when they are gone. */
void others_end(void);

/* Lets this process and its children have as many files open as an unprivileged program may allow itself. */
void others_may_open(unsigned files);

#endif /* BENCH_OTHERS_H */
