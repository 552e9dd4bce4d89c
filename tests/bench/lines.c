// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * How soon the tracer is there, and how soon it tells of a refusal.
 *
 *   lines [--tracer PATH] [--starts 9] [--refusals 200] [--processes N --files N] [--loop S]
 *
 * prints "start_ms N", from its start to its first line: the median; "peak_kb N", the most memory it had; "line_us N"
 * and "line_us_99 N", from the end of a refused bind() to its line in JSON: the median, and what one in a hundred
 * exceeds; "cpu_us N", what a refusal takes of the tracer's CPU; "asker_us N", how long the refused bind() takes: the
 * median. --processes: on a machine with so many of them, those added with so many files open, half of which are
 * sockets; "processes N" is how many there are. --loop: "loop_percent N", what a server that asks for a port it does not
 * get a thousand times a second takes of the tracer's CPU, in the first S seconds.
 */
#include <dirent.h>
#include <getopt.h>
#include <json-c/json.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <time.h>

#include "kit.h"
#include "others.h"
#include "tests/storm/tracer.h"

enum { MAX_MEASURED = 1000, PORT = 20001, DEADLINE_S = 120 };

static struct {
	const char *tracer;
	unsigned starts, refusals, processes, files, loop_s;
} options = { .tracer = "./bindtrace", .starts = 9, .refusals = 200 };

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double percentile(double *values, unsigned n, unsigned percent)
{
	qsort(values, n, sizeof(*values), compare);
	return values[(n - 1) * percent / 100];
}

static void start(struct tracer *t)
{
	const char *argv[] = { options.tracer, "--json", NULL };

	must(tracer_start(t, argv), "the tracer printed nothing");
}

static void end(struct tracer *t)
{
	kill(t->pid, SIGINT);
	while (tracer_line(t))
		;
	must(!tracer_wait(t), "the tracer failed");
}

static void measure_starts(void)
{
	double ms[MAX_MEASURED];
	uint64_t peak_kb = 0;
	struct tracer t;

	for (unsigned i = 0; i < options.starts; i++) {
		uint64_t began = boottime_ns();

		start(&t);
		ms[i] = (double)(boottime_ns() - began) / 1e6;
		end(&t);
		if (t.peak_kb > peak_kb)
			peak_kb = t.peak_kb;
	}
	printf("start_ms %.0f\npeak_kb %llu\n", percentile(ms, options.starts, 50),
	       (unsigned long long)peak_kb);
}

static unsigned count_processes(void)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	unsigned n = 0;

	must(proc, "/proc cannot be read");
	while ((entry = readdir(proc)))
		n += entry->d_name[0] >= '1' && entry->d_name[0] <= '9';
	closedir(proc);
	return n;
}

static void open_files(unsigned process)
{
	(void)process;
	for (unsigned i = 0; i < options.files; i++)
		must((i % 2 ? eventfd(0, EFD_CLOEXEC) : new_socket(at("0.0.0.0", 0), UDP)) >= 0,
		     "a file cannot be opened");
}

static void add_processes(void)
{
	unsigned n = count_processes();

	others_may_open(options.files + 10);
	if (n < options.processes)
		others_start(options.processes - n, open_files);
	printf("processes %u\n", count_processes());
}

static double cpu_us(pid_t pid)
{
	struct timespec used;
	clockid_t clock;

	must(!clock_getcpuclockid(pid, &clock) && !clock_gettime(clock, &used),
	     "the tracer's CPU time cannot be read");
	return (double)used.tv_sec * 1e6 + (double)used.tv_nsec / 1e3;
}

/* Each is another endpoint, so that none is folded into the one before; and waits for the line of that. */
static void measure_lines(void)
{
	struct ep ep = at("127.1.0.0", PORT);
	int fd = new_socket(ep, 0);
	double us[MAX_MEASURED], asker_us[MAX_MEASURED], cpu;
	struct tracer t;

	listen_on(at("0.0.0.0", PORT), 0);
	start(&t);
	cpu = cpu_us(t.pid);
	for (unsigned i = 0; i < options.refusals; i++) {
		struct json_object *line;
		uint64_t asked, refused;

		ep.in.sin_addr.s_addr = htonl((127u << 24 | 1 << 16) + i);
		asked = boottime_ns();
		must(bind(fd, &ep.sa, ep.len) && errno == EADDRINUSE, "bind() was not refused");
		refused = boottime_ns();
		must(tracer_line(&t), "the tracer has ended");
		us[i] = (double)(boottime_ns() - refused) / 1e3;
		asker_us[i] = (double)(refused - asked) / 1e3;
		line = json_tokener_parse(t.line);
		must(!strcmp(json_text(line, "kind"), "failure"),
		     "the line is about something else");
		json_object_put(line);
		nap_ms(2);
	}
	cpu = (cpu_us(t.pid) - cpu) / options.refusals;
	end(&t);
	printf("cpu_us %.1f\n", cpu);
	printf("asker_us %.1f\n", percentile(asker_us, options.refusals, 50));
	printf("line_us %.0f\n", percentile(us, options.refusals, 50));
	printf("line_us_99 %.0f\n", percentile(us, options.refusals, 99));
}

static void measure_loop(void)
{
	struct ep ep = at("127.0.0.1", PORT);
	int fd = new_socket(ep, 0);
	uint64_t end_ns;
	struct tracer t;
	double cpu;

	start(&t);
	cpu = cpu_us(t.pid);
	end_ns = boottime_ns() + options.loop_s * 1000000000ull;
	while (boottime_ns() < end_ns) {
		must(bind(fd, &ep.sa, ep.len) && errno == EADDRINUSE, "bind() was not refused");
		nap_ms(1);
	}
	cpu = cpu_us(t.pid) - cpu;
	end(&t);
	printf("loop_percent %.1f\n", cpu / options.loop_s / 1e4);
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "tracer", required_argument, NULL, 't' },
		{ "starts", required_argument, NULL, 's' },
		{ "refusals", required_argument, NULL, 'r' },
		{ "processes", required_argument, NULL, 'p' },
		{ "files", required_argument, NULL, 'f' },
		{ "loop", required_argument, NULL, 'l' },
		{ 0 },
	};
	int which;

	while ((which = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (which == 't')
			options.tracer = optarg;
		else if (which == 's')
			options.starts = (unsigned)atoi(optarg);
		else if (which == 'r')
			options.refusals = (unsigned)atoi(optarg);
		else if (which == 'p')
			options.processes = (unsigned)atoi(optarg);
		else if (which == 'f')
			options.files = (unsigned)atoi(optarg);
		else if (which == 'l')
			options.loop_s = (unsigned)atoi(optarg);
		else
			return 2;
	}
	must(options.starts <= MAX_MEASURED && options.refusals && options.refusals <= MAX_MEASURED,
	     "at most 1000 are measured");
	tracer_deadline(DEADLINE_S, "lines");
	private_net();
	if (options.starts)
		measure_starts();
	if (options.processes)
		add_processes();
	measure_lines();
	if (options.loop_s)
		measure_loop();
	others_end();
	return 0;
}
