// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Refusals at a pace, and what the tracer that is told of them takes of a CPU meanwhile.
 *
 *   paced [--per-second 1000] [--seconds 2] [--processes 2] [--spread] [--wait]
 *
 * Each process asks for an address of its own again and again; --spread: each time for another one. --wait: prints "ready"
 * and begins when a line on standard input has told the tracer's pid (else there is none), and stays until that ends, so that
 * nobody else gets the number of its network namespace while the tracer is there. Prints "refused N", "seconds N" for which it
 * lasted, and "cpu_ms N". A pace that the machine cannot keep is missed, not made up for.
 */
#include <fcntl.h>
#include <getopt.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "kit.h"

enum { PORT = 20001, N_PORTS = 16, MAX_PROCESSES = 64 };

static struct {
	unsigned per_second, processes;
	double seconds;
	bool spread, wait;
} options = { .per_second = 1000, .processes = 2, .seconds = 2 };

/* What the parent tells its children, and they tell it. */
static struct shared {
	uint64_t begin_ns;
	uint64_t refused[MAX_PROCESSES];
} * shared;

static void sleep_until(uint64_t ns)
{
	struct timespec at = { (time_t)(ns / 1000000000), (long)(ns % 1000000000) };

	while (clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME, &at, NULL) == EINTR)
		;
}

/* The nth that a process asks for: of its own 65536 addresses on each port, or always the first. */
static struct ep endpoint(unsigned process, uint64_t n)
{
	uint32_t host = options.spread ? (uint32_t)(n / N_PORTS) & 0xffff : 0;
	struct ep ep = at("127.0.0.0", PORT + (options.spread ? (unsigned)(n % N_PORTS) : 0));

	ep.in.sin_addr.s_addr = htonl(127u << 24 | (process + 1) << 16 | host);
	return ep;
}

/* The processes take turns; each asks so many times at once that it sleeps no shorter than a timer can be relied on. */
static void ask(unsigned process)
{
	double interval_ns = 1e9 * options.processes / options.per_second;
	unsigned batch = interval_ns < 1e6 ? (unsigned)(1e6 / interval_ns) : 1;
	uint64_t end_ns = shared->begin_ns + (uint64_t)(options.seconds * 1e9), n = 0, now;
	double due_ns = (double)shared->begin_ns + interval_ns * process / options.processes;
	struct ep ep = endpoint(process, 0);
	int fd = new_socket(ep, 0);

	for (;;) {
		now = boottime_ns();
		if ((double)now > due_ns)
			due_ns = (double)now;
		if (due_ns >= (double)end_ns)
			break;
		sleep_until((uint64_t)due_ns);
		for (unsigned i = 0; i < batch; i++, n++) {
			if (options.spread)
				ep = endpoint(process, n);
			must(bind(fd, &ep.sa, ep.len) && errno == EADDRINUSE,
			     "bind() was not refused");
		}
		due_ns += interval_ns * batch;
	}
	sleep_until(end_ns);
	shared->refused[process] = n;
}

/* The barrier is a pipe whose last writer goes away. */
static void start(int *barrier)
{
	char byte;

	must(!pipe2(barrier, O_CLOEXEC), "pipe failed");
	for (unsigned i = 0; i < options.processes; i++) {
		pid_t pid = fork();

		must(pid >= 0, "fork failed");
		if (pid)
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(barrier[1]);
		must(!read(barrier[0], &byte, 1), "the barrier is broken");
		ask(i);
		_exit(0);
	}
}

static double cpu_ms(pid_t pid)
{
	struct timespec used;
	clockid_t clock;

	if (!pid)
		return 0;
	must(!clock_getcpuclockid(pid, &clock) && !clock_gettime(clock, &used),
	     "the tracer's CPU time cannot be read");
	return (double)used.tv_sec * 1e3 + (double)used.tv_nsec / 1e6;
}

static void measure(void)
{
	int barrier[2], status;
	uint64_t refused = 0;
	pid_t tracer = 0;
	char line[32];
	double cpu;

	start(barrier);
	if (options.wait) {
		printf("ready\n");
		fflush(stdout);
		must(fgets(line, sizeof(line), stdin), "nobody has told the tracer's pid");
		tracer = atoi(line);
	}
	cpu = cpu_ms(tracer);
	shared->begin_ns = boottime_ns();
	close(barrier[1]);
	for (unsigned i = 0; i < options.processes; i++)
		must(wait(&status) > 0 && !status, "one of the processes has failed");
	for (unsigned i = 0; i < options.processes; i++)
		refused += shared->refused[i];
	printf("refused %llu\nseconds %.3f\n", (unsigned long long)refused,
	       (double)(boottime_ns() - shared->begin_ns) / 1e9);
	printf("cpu_ms %.3f\n", cpu_ms(tracer) - cpu);
	fflush(stdout);
	while (options.wait && fgets(line, sizeof(line), stdin))
		;
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "per-second", required_argument, NULL, 'r' },
		{ "seconds", required_argument, NULL, 's' },
		{ "processes", required_argument, NULL, 'p' },
		{ "spread", no_argument, NULL, 'd' },
		{ "wait", no_argument, NULL, 'w' },
		{ 0 },
	};
	int which;

	while ((which = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (which == 'r')
			options.per_second = (unsigned)atoi(optarg);
		else if (which == 's')
			options.seconds = atof(optarg);
		else if (which == 'p')
			options.processes = (unsigned)atoi(optarg);
		else if (which == 'd')
			options.spread = true;
		else if (which == 'w')
			options.wait = true;
		else
			return 2;
	}
	must(options.per_second && options.processes && options.processes <= MAX_PROCESSES,
	     "there is a pace, and there are between 1 and 64 processes");
	private_net();
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	must(shared != MAP_FAILED, "mmap failed");
	for (unsigned i = 0; i < N_PORTS; i++)
		listen_on(at("0.0.0.0", PORT + i), 0);
	measure();
	return 0;
}
