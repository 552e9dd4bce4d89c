/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * usage: oracle [--udp] [--tracer PATH] [--attach RUNG] [--seed N] [--binds N] [--may-skip]
 *        [--verbose]
 *
 * Makes random sockets on a port, lets one more ask for it, and compares the kernel's yes or no
 * with what bindtrace says of exactly that call. Every bind() and listen() on a port where somebody
 * else is counts as one. A seed makes the same sockets again. Exit status: 0 all agreed, 1 some did
 * not, 2 usage.
 * --may-skip: the kernel skips programs of this rung, and the tracer counts what that may have hidden.
 */
#include <getopt.h>
#include <time.h>

#include "oracle.h"

/* A port serves one round, a namespace some: /proc/net/tcp stays short, nothing is met again. */
enum { FIRST_PORT = 2000, ROUNDS_PER_NET = 100, NETS_BEFORE_FIRST_PORT = 300 };

struct tally tally;
bool verbose;

static struct {
	const char *tracer, *attach;
	uint64_t seed;
	unsigned long binds;
	bool udp, may_skip, may_overcount;
} chosen = { .tracer = "./bindtrace", .binds = 2000 };

static const struct option long_options[] = {
	{ "tracer", required_argument, NULL, 't' },
	{ "attach", required_argument, NULL, 'a' },
	{ "seed", required_argument, NULL, 's' },
	{ "binds", required_argument, NULL, 'n' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "udp", no_argument, NULL, 'u' },
	{ "may-skip", no_argument, NULL, 'k' },
	{ "may-overcount", no_argument, NULL, 'c' },
	{ 0 },
};

static void read_options(int argc, char *argv[])
{
	struct timespec now;
	int c;

	clock_gettime(CLOCK_REALTIME, &now);
	chosen.seed = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
	while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (c == 't')
			chosen.tracer = optarg;
		else if (c == 'a')
			chosen.attach = optarg;
		else if (c == 's')
			chosen.seed = strtoull(optarg, NULL, 0);
		else if (c == 'n')
			chosen.binds = strtoul(optarg, NULL, 0);
		else if (c == 'v')
			verbose = true;
		else if (c == 'u')
			chosen.udp = true;
		else if (c == 'k')
			chosen.may_skip = true;
		else if (c == 'c')
			chosen.may_overcount = true;
		else
			exit(2);
	}
}

/* Two sockets that have nothing in common seldom meet: often one takes after the other. */
struct spec next_spec(const struct round *round)
{
	struct spec s = random_spec(), old;

	if (!round->n)
		return s;
	old = round->parties[pick(round->n)].spec;
	if (one_in(3)) {
		s.address = old.address;
		s.ifindex = old.ifindex;
		s.options = (s.options & ~V6ONLY) | (old.options & V6ONLY);
	}
	if (one_in(3)) {
		s.options = (s.options & V6ONLY) | (old.options & (RA | RP));
		s.grouped = s.grouped && (s.options & RP);
		s.uid = old.uid;
	}
	return s;
}

struct party *add_party(struct round *round, struct spec spec)
{
	struct party *p = &round->parties[round->n++];

	*p = (struct party){ .spec = spec, .child = -1, .client = -1 };
	p->fd = open_socket(&p->spec);
	if (!ask(round, p, "bind"))
		return p;
	close_party(p);
	return NULL;
}

static void add_holder(struct round *round)
{
	struct party *p = add_party(round, next_spec(round));
	enum state state;

	if (!p)
		return;
	state = random_state(&p->spec);
	if (state == BOUND || (state != OUTGOING && ask(round, p, "listen")))
		return;
	if (state != LISTENING)
		reach_state(round, p, state);
}

/* A socket that is bound beside the others may still be refused when it listens. */
static void listen_late(struct round *round, struct party *p)
{
	for (unsigned i = 0; i < round->n; i++)
		if (round->parties[i].bound && round->parties[i].state == BOUND && one_in(2) &&
		    &round->parties[i] != p)
			ask(round, &round->parties[i], "listen");
	ask(round, p, "listen");
}

static void play(unsigned port)
{
	struct round round = { .port = port };
	unsigned holders = 1 + pick(MAX_HOLDERS);
	struct party *p;

	while (round.n < holders)
		add_holder(&round);
	p = add_party(&round, next_spec(&round));
	if (p && one_in(2))
		listen_late(&round, p);
	if (verbose)
		print_round(&round);
	close_round(&round);
}

static void play_all(void)
{
	unsigned n = 0, port;

	while (tally.binds < chosen.binds) {
		if (n % ROUNDS_PER_NET == 0) {
			close_sink();
			fresh_net();
			open_sink();
		}
		port = FIRST_PORT + n++ % (ROUNDS_PER_NET * NETS_BEFORE_FIRST_PORT);
		chosen.udp ? play_udp(port) : play(port);
	}
}

static void print_tally(void)
{
	const char *what = chosen.udp ? "udp_binds" : "binds";

	printf(tally.failed ? "FAIL %s: the seed is %llu\n" : "ok %s: the seed was %llu\n", what,
	       (unsigned long long)chosen.seed);
	if (chosen.udp)
		printf("passed by the order of the list alone %lu, crowded lists %lu, blind in one "
		       "%lu\n",
		       tally.by_order, tally.crowded, tally.blind);
	else
		printf("passed by the bucket's cache alone %lu\n", tally.by_cache);
	printf("SO_REUSEADDR helps without advice %lu\n", tally.unadvised);
	printf("binds %lu, refused %lu, succeeded %lu, advice applied %lu, disagreements %lu, "
	       "seed %llu\n",
	       tally.binds, tally.refused, tally.succeeded, tally.advices, tally.disagreements,
	       (unsigned long long)chosen.seed);
	printf("%lu passed, %lu failed\n", tally.passed, tally.failed);
}

int main(int argc, char *argv[])
{
	const char *end;

	read_options(argc, argv);
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("seed %llu\n", (unsigned long long)chosen.seed);
	seed_random(chosen.seed);
	cache_init();
	if (chosen.udp)
		udp_init();
	start_tracer_of_me(chosen.tracer, chosen.attach);
	play_all();
	end = stop_tracer(tally.refusals, chosen.may_skip || chosen.may_overcount);
	if (end) {
		printf("FAIL account: %s\n", end);
		tally.failed++;
	}
	print_tally();
	return tally.failed ? 1 : 0;
}
