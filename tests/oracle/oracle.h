/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The kernel as oracle: random sockets on one port, one more that asks for it, and bindtrace's own
 * event held against the kernel's yes or no. oracle.c (rounds), compare.c (one call), advice.c (its
 * advice, applied), cache.c (the bucket's short cuts), udp.c (rounds and rule of UDP), scenario.c and states.c (the sockets), net.c
 * (the namespace), tracer.c (bindtrace).
 */
#ifndef ORACLE_H
#define ORACLE_H

#include <json-c/json.h>

#include "bpf/abi.h"
#include "kit.h"
#include "match.h"

enum { MAX_HOLDERS = 3, MAX_CROWD = 11, MAX_PARTIES = MAX_CROWD + MAX_HOLDERS + 1 };

/* A socket before bind(). */
struct spec {
	const char *address;
	unsigned options; /* RA, RP, V6ONLY; UDP */
	int ifindex;	  /* 0: any device */
	uid_t uid;
	bool by_fsuid; /* the uid comes by setfsuid(), else by seteuid() */
	bool grouped;  /* SO_ATTACH_REUSEPORT_CBPF before bind() */
};

/* What becomes of a bound socket. */
enum state {
	BOUND,
	LISTENING,
	ESTABLISHED, /* accepted */
	UNACCEPTED,
	CLOSE_WAIT,
	ORPHAN,	   /* FIN_WAIT2, still a full socket, without a process */
	FIN_WAIT2, /* mini-socket */
	TIME_WAIT,
	OUTGOING, /* bound, then connected elsewhere; UDP has this one and BOUND only */
	N_STATES,
};

/* One program's worth of sockets on the port. */
struct party {
	struct spec spec;
	enum state state; /* that it has */
	bool bound;
	bool listener_gone;    /* closed after the connection was made */
	int fd, child, client; /* -1: none */
	unsigned sockets;      /* of it in the port's bucket */
	struct bt_sock sock;   /* UDP: as the port's list has it */
};

/* The bucket's short cuts past the walk, see cache.c. */
struct cache {
	struct bt_sock last; /* whose address and uid they remember */
	int reuse, reuseport;
};

/* UDP: the port's sockets in the order in which the kernel asks them, by number of their party. */
struct order {
	unsigned n, rehashed;
	unsigned by_port[MAX_PARTIES], by_address[MAX_PARTIES];
};

struct round {
	bool udp;
	bool crowding; /* these binds are no questions */
	unsigned port, n;
	struct party parties[MAX_PARTIES]; /* the last one is the new socket */
	struct cache cache;
	struct order order;
};

struct tally {
	unsigned long binds, refused, succeeded, advices, disagreements;
	unsigned long passed, failed, by_cache, by_order, unadvised, crowded, blind;
	unsigned long refusals; /* uncounted and tried-again calls included */
};

extern struct tally tally;
extern bool verbose;

/* scenario.c */
void seed_random(uint64_t seed);
unsigned pick(unsigned n); /* 0 .. n-1 */
bool one_in(unsigned n);
struct spec random_spec(void);
enum state random_state(const struct spec *spec);
int open_socket(const struct spec *spec);
struct bt_sock as_bt_sock(const struct spec *spec);
void print_round(const struct round *round);
const char *describe(const struct spec *spec, char text[160]);

/* states.c: takes a listening (OUTGOING: a bound) party on to the state */
void reach_state(struct round *round, struct party *party, enum state state);
void close_party(struct party *party);
void close_round(struct round *round);
void close_sink(void);
void open_sink(void);

/* net.c: a network namespace with lo up, ::1, fd00::2, fd00::3, and if possible a second device */
#define FREE_ADDRESS6 "fd00::3" /* no holder's */
void fresh_net(void);
int second_device(void); /* its ifindex; one that does not exist if none could be made */
bool second_device_exists(void);

/* cache.c */
void cache_init(void);
bool cache_passes(const struct cache *cache, const struct spec *spec, bool listening);
void cache_took(struct cache *cache, const struct spec *spec, bool listening, bool first);

/* udp.c */
struct udp_answer {
	bool may_pass, must_pass;
	const struct party *culprit; /* NULL: it passes, or it is not certain who refuses */
	unsigned blocking;	     /* sockets that fail the rule, asked or not */
};

void udp_init(void); /* what this kernel does in a crowded list, found by trying */
void play_udp(unsigned port);
/* What the kernel has to say to a bind() of this socket. */
struct udp_answer udp_answer(struct round *round, const struct spec *spec);
void udp_took(struct round *round, struct party *party);

/* oracle.c: one more socket on the port; NULL when it was refused */
struct spec next_spec(const struct round *round);
struct party *add_party(struct round *round, struct spec spec);

/* tracer.c */
void start_tracer_of_me(const char *path, const char *attach);
/* The next event for this call; NULL when none came. The caller puts it. */
struct json_object *next_event(const char *operation, unsigned port);
/* Ends it; what is wrong with its account, NULL if nothing is. may_lose: what it
 * calls lost is no fault of it, and no refusal that it should have told of. */
const char *stop_tracer(unsigned long refusals, bool may_lose);

/* compare.c */
/*
 * Makes the call and compares; errno of the call, 0 when it succeeded. event: the caller puts it;
 * NULL when none came.
 */
int check_call(struct round *round, struct party *party, const char *operation,
	       struct json_object **event);
/* check_call(), then its advice; counts one bind when somebody else was on the port. */
int ask(struct round *round, struct party *party, const char *operation);
/* Prints what is wrong with this call, and everything that led to it. */
__attribute__((format(printf, 4, 5))) void disagree(const struct round *round,
						    const struct party *party,
						    struct json_object *event, const char *fmt,
						    ...);
bool is_true(struct json_object *o, const char *key);
const char *word(struct json_object *o, const char *key); /* "" for none */

/* advice.c */
void apply_advice(struct round *round, struct party *party, const char *operation,
		  struct json_object *event);

#endif /* ORACLE_H */
