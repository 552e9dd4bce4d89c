// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Scene after scene, drawn at random. */
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "scene.h"

static unsigned state;

unsigned draw(unsigned n)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % n;
}

/* Another order for every number; never 0, of which xorshift makes zeros. */
static void shuffle(unsigned number)
{
	state = number * 2654435761u | 1;
	for (unsigned i = 0; i < 8; i++)
		draw(2);
}

static struct ep somewhere(unsigned port)
{
	static const char *const addresses[] = { "127.0.0.1", "0.0.0.0", "::1", "::" };
	static int known;

	if (!known)
		known = access("/proc/net/if_inet6", F_OK) ? 2 : 4;
	return at(addresses[draw((unsigned)known)], port);
}

static void (*const plays[])(struct scene *) = {
	play_listener,	play_bound, play_udp,	play_storm, play_accepted, play_time_wait,
	play_fin_wait2, play_unix,  play_relay, play_exec,  play_thread,   play_nobody,
};

/* ---- their order */

static void play(enum churn kind, unsigned port)
{
	struct scene s = { .port = port };
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	s.ep = somewhere(port);
	s.hasty = draw(2);
	dup2(null, STDOUT_FILENO); /* the kit tells a driver */
	if (kind == FRESH)
		go_elsewhere();
	if (kind == QUIET)
		play_quiet(&s);
	else
		plays[draw(sizeof(plays) / sizeof(*plays))](&s);
	exit(0);
}

void churn(enum churn kind, double rate, unsigned seed)
{
	uint64_t next_ns = boottime_ns(), now_ns;
	/* TIME_WAITs last a minute; a fresh namespace has none, but the number of one that is gone */
	unsigned number = 0, ports = kind == FRESH ? 8 : 10000;
	int status;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "soak-churn");
	if (kind == ELSEWHERE || kind == QUIET)
		go_elsewhere();
	while (!shared->over) {
		pid_t pid;

		shuffle(seed + ++number * N_CHURNS + kind);
		pid = fork();
		if (pid == 0)
			play(kind, 20000 + number % ports);
		must(pid > 0 && waitpid(pid, &status, 0) == pid, "no scene can be played");
		atomic_fetch_add(status ? &shared->broken : &shared->scenes, 1);
		next_ns += rate > 0 ? (uint64_t)(1e9 / rate) : 0;
		now_ns = boottime_ns();
		if (next_ns > now_ns)
			nap_ms((unsigned)((next_ns - now_ns) / 1000000));
		else
			next_ns = now_ns; /* what there was no time for is not made up for */
	}
	exit(0);
}
