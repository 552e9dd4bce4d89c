/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The program of `bindtrace -- CMD`: forked before anything of the tracer is open, held back until the
 * tracer sees, and then left alone with its standard input, output and terminal.
 */
#ifndef BT_PROGRAM_H
#define BT_PROGRAM_H

#include <stdint.h>
#include <sys/signalfd.h>
#include <sys/types.h>

struct program {
	pid_t pid;
	int pidfd;  /* polls readable when the program has ended */
	int go;	    /* a byte lets it go; closed without one, it ends unseen */
	int failed; /* errno of an execvp() that failed comes from here */
};

/* Starts it, held back. 0 or -errno. */
int program_hold(struct program *p, char **argv);

/* Lets it go. 0 when it runs; else -errno of execvp(). */
int program_go(struct program *p);

/*
 * Hands a signal on, if it was meant for bindtrace alone: what the terminal sends, the program has
 * received itself.
 */
void program_signal(const struct program *p, const struct signalfd_siginfo *info);

/* Waits for its end; the exit status as a shell gives it: 128 + the signal that killed it. */
int program_status(struct program *p);

#endif /* BT_PROGRAM_H */
