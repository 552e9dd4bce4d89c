// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What system calls cost, to be compared with and without a tracer.
 *
 *   calls [--wait] [--ms 100] [--samples 5] [--rest 0] [--median] [--crowd 30000] CALL...
 *
 * prints for each CALL "CALL NS": nanoseconds for one, the least of the samples' means; --median: the median
 * of what so many in a row take as are timed together. --wait: for each line on standard input the calls are measured
 * once, until it ends; what is bound before stays. --rest: as many milliseconds between two samples, for who reads of
 * them.
 *
 * bind        socket(), bind() to a free port, close()
 * connect     socket(), connect(), accept(), and close() of both ends, the connecting one first
 * getppid     a call that nobody traces
 * filtered    the same of a thread that has a seccomp filter, which lets everything pass
 * refused     bind() to a port with one listener, the same again and again
 * told        the same, each time another address, with a rest for who reads of it
 * crowded     bind() to a port with --crowd TIME_WAIT sockets
 * grouped     bind() to a port with as many listeners, which share it by SO_REUSEPORT
 * addressed   bind() to a UDP port with as many sockets, each on another address, one of which is asked for
 */
#include <getopt.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "kit.h"
#include "others.h"

enum { LISTENER_PORT = 20001, FREE_PORT, CROWD_PORT, SERVER_PORT, AROUND_PORT };
enum { MAX_TIMES = 1 << 20, OF_PROCESS = 10000 };

static struct {
	unsigned ms, samples, rest_ms, crowd;
	bool wait, median;
} options = { .ms = 100, .samples = 5, .crowd = 30000 };

static struct ep held, free_ep, crowded, server, around;
static int asker, crowd_asker, around_asker, listener;
static double times_ns[MAX_TIMES];
static size_t n_times;

static void call_bind(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	/* somebody who looks at all open files may have the last one a moment longer */
	must(fd >= 0 && (!bind(fd, &free_ep.sa, free_ep.len) || errno == EADDRINUSE),
	     "bind() to the free port failed");
	close(fd);
}

static void call_connect(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), other;

	must(fd >= 0 && !connect(fd, &server.sa, server.len), "connect() failed");
	other = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	must(other >= 0, "accept4() failed");
	close(fd);
	close(other);
}

static void call_getppid(void)
{
	syscall(SYS_getppid);
}

static void call_refused(void)
{
	must(bind(asker, &held.sa, held.len) && errno == EADDRINUSE, "bind() was not refused");
}

static void call_told(void)
{
	uint32_t host = ntohl(around.in.sin_addr.s_addr);

	around.in.sin_addr.s_addr = htonl(host + 1);
	must(bind(around_asker, &around.sa, around.len) && errno == EADDRINUSE,
	     "bind() was not refused");
}

static void call_crowded(void)
{
	must(bind(crowd_asker, &crowded.sa, crowded.len) && errno == EADDRINUSE,
	     "bind() was not refused");
}

static void prepare_connect(void)
{
	/* closed connections leave nothing behind: there would be no port left soon */
	set_sysctl("ipv4/tcp_max_tw_buckets", "0");
	server = at("127.0.0.1", SERVER_PORT);
	listener = listen_on(server, 0);
}

static void prepare_refused(void)
{
	held = at("127.0.0.1", LISTENER_PORT);
	listen_on(held, 0);
	asker = new_socket(held, 0);
}

static void prepare_told(void)
{
	around = at("127.1.0.0", AROUND_PORT);
	listen_on(at("0.0.0.0", AROUND_PORT), 0);
	around_asker = new_socket(around, 0);
}

static void prepare_crowded(void)
{
	set_sysctl("ipv4/tcp_max_tw_buckets", "1000000");
	crowded = at("127.0.0.1", CROWD_PORT);
	crowd(listen_on(crowded, 0), crowded, (int)options.crowd);
	crowd_asker = new_socket(crowded, 0);
}

/* One process after another, as none may have all of them open. */
static void prepare_sockets(void (*open_one)(unsigned i))
{
	others_may_open(OF_PROCESS + 100);
	others_start((options.crowd + OF_PROCESS - 1) / OF_PROCESS, open_one);
}

static unsigned end_of(unsigned process)
{
	unsigned end = (process + 1) * OF_PROCESS;

	return end < options.crowd ? end : options.crowd;
}

static void open_group(unsigned process)
{
	for (unsigned i = process * OF_PROCESS; i < end_of(process); i++)
		listen_on(crowded, RP);
}

static void prepare_grouped(void)
{
	crowded = at("127.0.0.1", CROWD_PORT);
	prepare_sockets(open_group);
	crowd_asker = new_socket(crowded, 0);
}

static void open_addresses(unsigned process)
{
	struct ep ep = crowded;

	for (unsigned i = process * OF_PROCESS; i < end_of(process); i++) {
		ep.in.sin_addr.s_addr = htonl(ntohl(crowded.in.sin_addr.s_addr) + i);
		bound_on(ep, UDP);
	}
}

static void prepare_addressed(void)
{
	crowded = at("127.1.0.0", CROWD_PORT);
	prepare_sockets(open_addresses);
	crowd_asker = new_socket(crowded, UDP);
}

static const struct call {
	const char *name;
	void (*make)(void);
	void (*prepare)(void);
	unsigned batch, rest_ms;
	bool filtered;
} calls[] = {
	{ "bind", call_bind, NULL, 100, 0, false },
	{ "connect", call_connect, prepare_connect, 20, 0, false },
	{ "getppid", call_getppid, NULL, 1000, 0, false },
	{ "filtered", call_getppid, NULL, 1000, 0, true },
	{ "refused", call_refused, prepare_refused, 100, 0, false },
	{ "told", call_told, prepare_told, 10, 10, false },
	{ "crowded", call_crowded, prepare_crowded, 10, 0, false },
	{ "grouped", call_crowded, prepare_grouped, 10, 0, false },
	{ "addressed", call_crowded, prepare_addressed, 10, 0, false },
};

static const struct call *find(const char *name)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (!strcmp(name, calls[i].name))
			return &calls[i];
	fail("there is no call '%s'", name);
}

static double sample(const struct call *c)
{
	uint64_t end = boottime_ns() + options.ms * 1000000ull, sum = 0, n = 0, start, took;

	for (start = boottime_ns(); start < end; start = boottime_ns()) {
		for (unsigned i = 0; i < c->batch; i++)
			c->make();
		took = boottime_ns() - start;
		sum += took;
		n += c->batch;
		if (options.median && n_times < MAX_TIMES)
			times_ns[n_times++] = (double)took / c->batch;
		if (c->rest_ms)
			nap_ms(c->rest_ms);
	}
	return (double)sum / (double)n;
}

static void add_filter(void)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog program = { 1, &allow };

	must(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
		     !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program),
	     "no seccomp filter");
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double median(void)
{
	qsort(times_ns, n_times, sizeof(*times_ns), compare);
	return times_ns[n_times / 2];
}

static void measure(const struct call *c)
{
	double least = 0, one;

	n_times = 0;
	for (unsigned i = 0; i < options.samples; i++) {
		one = sample(c);
		if (!i || one < least)
			least = one;
		if (options.rest_ms)
			nap_ms(options.rest_ms);
	}
	printf("%s %.1f\n", c->name, options.median ? median() : least);
	fflush(stdout);
}

static void *measure_filtered(void *call)
{
	add_filter();
	measure(call);
	return NULL;
}

/* A filter cannot be taken off again, but it is its thread's alone. */
static void measure_call(const struct call *c)
{
	pthread_t thread;

	if (!c->filtered) {
		measure(c);
		return;
	}
	must(!pthread_create(&thread, NULL, measure_filtered, (void *)c), "no thread");
	pthread_join(thread, NULL);
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "wait", no_argument, NULL, 'w' },
		{ "ms", required_argument, NULL, 'm' },
		{ "samples", required_argument, NULL, 's' },
		{ "rest", required_argument, NULL, 'r' },
		{ "crowd", required_argument, NULL, 'c' },
		{ "median", no_argument, NULL, 'd' },
		{ 0 },
	};
	char line[8];
	int which;

	while ((which = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (which == 'w')
			options.wait = true;
		else if (which == 'm')
			options.ms = (unsigned)atoi(optarg);
		else if (which == 's')
			options.samples = (unsigned)atoi(optarg);
		else if (which == 'r')
			options.rest_ms = (unsigned)atoi(optarg);
		else if (which == 'c')
			options.crowd = (unsigned)atoi(optarg);
		else if (which == 'd')
			options.median = true;
		else
			return 2;
	}
	private_net();
	free_ep = at("127.0.0.1", FREE_PORT);
	for (int i = optind; i < argc; i++)
		if (find(argv[i])->prepare)
			find(argv[i])->prepare();
	do
		for (int i = optind; i < argc; i++)
			measure_call(find(argv[i]));
	while (options.wait && fgets(line, sizeof(line), stdin));
	return 0;
}
