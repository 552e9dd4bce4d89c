// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * How soon the tracer is there, and how soon it tells of a refusal.
 *
 *   lines [--tracer PATH] [--starts 9] [--refusals 200]
 *
 * prints "start_ms N", from its start to its first line: the median; "peak_kb N", the most memory it had; "line_us N"
 * and "line_us_99 N", from the end of a refused bind() to its line in JSON: the median, and what one in a hundred
 * exceeds.
 */
#include <getopt.h>
#include <json-c/json.h>
#include <sys/wait.h>

#include "kit.h"
#include "tests/storm/tracer.h"

enum { MAX_MEASURED = 1000, PORT = 20001, DEADLINE_S = 120 };

static struct {
	const char *tracer;
	unsigned starts, refusals;
} options = { "./bindtrace", 9, 200 };

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

/* Each is another endpoint, so that none is folded into the one before; and waits for the line of that. */
static void measure_lines(void)
{
	struct ep ep = at("127.1.0.0", PORT);
	int fd = new_socket(ep, 0);
	double us[MAX_MEASURED];
	struct tracer t;

	listen_on(at("0.0.0.0", PORT), 0);
	start(&t);
	for (unsigned i = 0; i < options.refusals; i++) {
		struct json_object *line;
		uint64_t refused;

		ep.in.sin_addr.s_addr = htonl((127u << 24 | 1 << 16) + i);
		must(bind(fd, &ep.sa, ep.len) && errno == EADDRINUSE, "bind() was not refused");
		refused = boottime_ns();
		must(tracer_line(&t), "the tracer has ended");
		us[i] = (double)(boottime_ns() - refused) / 1e3;
		line = json_tokener_parse(t.line);
		must(!strcmp(json_text(line, "kind"), "failure"),
		     "the line is about something else");
		json_object_put(line);
		nap_ms(2);
	}
	end(&t);
	printf("line_us %.0f\n", percentile(us, options.refusals, 50));
	printf("line_us_99 %.0f\n", percentile(us, options.refusals, 99));
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "tracer", required_argument, NULL, 't' },
		{ "starts", required_argument, NULL, 's' },
		{ "refusals", required_argument, NULL, 'r' },
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
		else
			return 2;
	}
	must(options.starts && options.starts <= MAX_MEASURED && options.refusals &&
		     options.refusals <= MAX_MEASURED,
	     "between 1 and 1000 are measured");
	tracer_deadline(DEADLINE_S, "lines");
	private_net();
	measure_starts();
	measure_lines();
	return 0;
}
