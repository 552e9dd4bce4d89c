/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The soak: scenes in which somebody is refused, and of each of them the truth, written down before the call by those
 * who make it. All of them share one mapping; whoever asks or binds is called "soak-N", N being its truth.
 */
#ifndef SOAK_SOAK_H
#define SOAK_SOAK_H

#include <stdatomic.h>

#include "kit.h"
#include "tests/storm/tracer.h"

enum { MAX_PIDS = 8, MAX_TRUTHS = 1 << 20, MAX_SAMPLES = 1024, N_TRACERS = 2 };

/* What one asker will be refused for, and who has the socket that is in its way. */
struct truth {
	pid_t asker;
	pid_t holders[MAX_PIDS]; /* have it open, or may have at some moment of the scene */
	pid_t makers[MAX_PIDS];	 /* may have made it listen, or get the port in the end */
	pid_t closer;		 /* sent its first FIN */
	bool lasting; /* what is in the way stays as it is until the refusal has been told */
	unsigned netns, port;
	unsigned place; /* the namespace; this number, unlike netns, does not come again */
	int error;
	char address[112];
	const char *protocol, *reasons, *state; /* reasons and states that are right, between '|' */
	_Atomic uint32_t asked;			/* calls that were refused */
	_Atomic uint32_t lines;			/* that told of them; a futex */
	_Atomic uint64_t told;			/* what those lines add up to */
};

/* One look at a tracer. */
struct sample {
	uint64_t rss_kb, kernel_kb; /* its own memory, and that of its maps and programs */
	unsigned fds, objects;	    /* objects: programs, maps and links */
};

struct shared {
	struct truth truths[MAX_TRUTHS];
	_Atomic uint32_t n_truths;
	_Atomic bool over; /* scenes that have begun are played to their end, no other begins */
	_Atomic uint32_t scenes, places, broken;
	_Atomic uint32_t unheard; /* refusals not told within PATIENCE_S */
	_Atomic uint32_t passed;  /* TIME_WAITs that ended early */
	_Atomic uint64_t calls;	  /* that succeeded */
	struct sample samples[MAX_SAMPLES][N_TRACERS];
	_Atomic uint32_t n_samples;
	uint32_t warm;	 /* the first sample by when the tracers' tables were full; 0: none was */
	long unfinished; /* calls that the tracer still waits for at the end */
	_Atomic uint64_t nameless; /* refusals that a line tells of without saying whose they are */
	_Atomic uint64_t skipped;  /* lines that say that they do not know */
	_Atomic uint64_t lost;	   /* as the tracer has said so far */
	_Atomic uint64_t told, lines, wrong, openers_unknown, closers_unknown; /* by the judge */
};

extern struct shared *shared;

/* ---- truth.c */

/* The place of this process from now on: a network namespace of its own. */
void go_elsewhere(void);

/* A truth about ep, of the network namespace of the caller, who is from now on called by its number. */
struct truth *plan(struct ep ep, const char *protocol, int error);
void add_pid(pid_t *pids, pid_t pid);
bool has_pid(const pid_t *pids, pid_t pid);
void take_name(const struct truth *t); /* of the calling thread */
/* The truth whose name that is; NULL: it is nobody's. */
struct truth *truth_named(const char *comm);
/* The judge has read a line about it, which adds so many refusals. */
void note_told(struct truth *t, uint64_t adds);
/* Waits for a line about it. */
void await_told(struct truth *t);

/* ---- churn.c, scenes_program.c */

/*
 * Plays scenes until it is over, rate a second (0: as fast as it goes). kind: enum churn. Never returns.
 */
enum churn { HERE, ELSEWHERE, FRESH, QUIET, N_CHURNS };
__attribute__((noreturn)) void churn(enum churn kind, double rate, unsigned seed);
/* The part of a scene that is a program of its own: "--hold" and "--ask". */
int play_part(char **argv);

/* ---- judge.c */

/* Holds a line against the truth; trouble() and a count when it is wrong. */
void judge(struct json_object *line, const char *text);

/* ---- measure.c */

/* Looks at a process that traces. */
struct sample measure(pid_t pid);
/* The calls whose return it waits for (kprobe.multi); those below are left out. */
long unfinished_calls(pid_t pid);
/*
 * old: makes it as old as can be, with what years of skipped returns leave, calls of threads that are gone. Not: takes
 * them away again, for at its end it would count each as lost.
 */
void age_calls(pid_t pid, bool old);
/*
 * How much a tracer has more in the last third of the time than in the first: of its own memory what it had at most in
 * each of them, since it was warm; of the rest what it had at least, for it opens some of that for a moment.
 */
enum figure { OWN_KB, KERNEL_KB, DESCRIPTORS, OBJECTS };
long growth(unsigned tracer, enum figure figure);

/* ---- verdict.c */

struct outcome {
	unsigned seconds;
	struct tracer tracers[N_TRACERS];
	const char *tracer;
	const char *tools, *dir;	/* the folder of the tests' programs, and one for files */
	char recording[64], loaded[64]; /* loaded: what the tracers have in the kernel */
	struct json_object *footer;	/* NULL: there was none */
	char stages[64];		/* where what is lost was, as the tracer says */
	int status[N_TRACERS];		/* exit statuses */
};

/* Prints the table and a line for each thing that must hold; returns how many do not. */
int verdict(const struct outcome *outcome);

/* Runs a command line; its exit status, 0 to 255. */
__attribute__((format(printf, 1, 2))) int run(const char *format, ...);

#endif /* SOAK_SOAK_H */
