// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Soak: churn of sockets, processes and network namespaces for as long as wanted, under a tracer whose every line is
 * held against what those who were refused know, and a recorder beside it. Memory must stay flat, the numbers add
 * up, and no holder be named that was none.
 *
 *   soak [--tracer PATH] [--seconds N] [--rate N] [--seed N]
 *
 * --rate: scenes a second, of all kinds together; 0, as many as there is time for.
 * Prints how far it is once a minute, then a table, then an "ok" or "FAIL" line for each thing that must hold.
 */
#include <fcntl.h>
#include <getopt.h>
#include <json-c/json.h>
#include <libgen.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "soak.h"

enum {
	GRACE_S = 120, /* to end, after the time that was asked for */
	WARM_TRUTHS =
		5000, /* more than what the tracer keeps of kinds of refusals: then its tables are full */
};

static struct {
	unsigned seed;
	double rate;
} options = { .seed = 20261129, .rate = 30 };

static struct outcome o = { .tracer = "./bindtrace", .seconds = 10 };
static char dir[] = "/tmp/bindtrace-soak-XXXXXX", group[128];

/* ---- the churn, and a look at the tracers now and then */

static void join_group(void)
{
	char path[160];
	FILE *f;

	snprintf(path, sizeof(path), "%s/cgroup.procs", group);
	f = fopen(path, "we");
	must(f && fprintf(f, "%d", (int)getpid()) > 0 && !fclose(f),
	     "the control group cannot be joined");
}

static void say_how_far(unsigned seconds, const struct sample *now)
{
	printf("   %u of %u s: %u scenes, %llu lines, wrong %llu; trace %llu kB, record %llu kB\n",
	       seconds, o.seconds, shared->scenes, (unsigned long long)shared->lines,
	       (unsigned long long)shared->wrong, (unsigned long long)now[0].rss_kb,
	       (unsigned long long)now[1].rss_kb);
}

static void look(unsigned seconds, bool keep)
{
	static unsigned said_s;
	struct sample now[N_TRACERS];

	for (unsigned i = 0; i < N_TRACERS; i++)
		now[i] = measure(o.tracers[i].pid);
	if (keep && !shared->warm && shared->n_truths > WARM_TRUTHS)
		shared->warm = shared->n_samples;
	if (keep)
		memcpy(shared->samples[shared->n_samples++], now, sizeof(now));
	if (seconds < said_s + 60)
		return;
	said_s = seconds;
	say_how_far(seconds, now);
}

/* Warm-up is a tenth of the time. */
static void conduct(void)
{
	uint64_t began_ns = boottime_ns();
	unsigned period_s = o.seconds / 500 + 1, s = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_CHILD_SUBREAPER, 1); /* the group is empty when all of them have ended */
	join_group();
	for (enum churn kind = 0; kind < N_CHURNS; kind++)
		if (fork() == 0)
			churn(kind, options.rate / N_CHURNS, options.seed);
	while (s < o.seconds) {
		nap_ms(1000 * period_s);
		s = (unsigned)((boottime_ns() - began_ns) / 1000000000);
		look(s, s >= o.seconds / 10);
	}
	shared->over = true;
	while (wait(NULL) > 0 || errno == EINTR)
		;
	look(o.seconds, true);
	shared->unfinished = unfinished_calls(o.tracers[0].pid);
	for (unsigned i = 0; i < N_TRACERS; i++) {
		age_calls(o.tracers[i].pid, false);
		kill(o.tracers[i].pid, SIGINT);
	}
	_exit(0);
}

/* ---- before and after */

static bool make_group(void)
{
	static const char *const roots[] = { "/sys/fs/cgroup", "/sys/fs/cgroup/unified" };

	for (unsigned i = 0; i < 2; i++) {
		snprintf(group, sizeof(group), "%s/cgroup.controllers", roots[i]);
		if (access(group, F_OK))
			continue;
		snprintf(group, sizeof(group), "%s/bindtrace-soak-%d", roots[i], (int)getpid());
		if (!mkdir(group, 0755))
			return true;
	}
	return false;
}

static void start_tracers(void)
{
	const char *trace[] = { o.tracer, "--json", "-g", group, NULL };
	const char *record[] = { o.tracer, "record", "-o",  o.recording, "--budget",
				 "8M",	   "-g",     group, NULL };

	must(tracer_start_everywhere(&o.tracers[0], trace), "bindtrace does not start");
	must(tracer_start_everywhere(&o.tracers[1], record), "bindtrace record does not start");
	for (unsigned i = 0; i < N_TRACERS; i++)
		age_calls(o.tracers[i].pid, true);
	for (unsigned i = 0; i < N_TRACERS; i++)
		must(!run("%s/loaded --of %d >>%s", o.tools, (int)o.tracers[i].pid, o.loaded),
		     "loaded failed");
}

static void note_lost(struct json_object *line)
{
	const char *stage = json_text(line, "stage");
	size_t n = strlen(o.stages);

	shared->lost += (uint64_t)json_number(line, "count");
	if (!strstr(o.stages, stage))
		snprintf(o.stages + n, sizeof(o.stages) - n, " %s", stage);
}

static void read_lines(void)
{
	struct json_object *line;
	const char *text;

	while ((text = tracer_line(&o.tracers[0]))) {
		line = json_tokener_parse(text);
		must(line, "a line that is no JSON");
		if (o.footer)
			trouble("a line behind the last one");
		if (!strcmp(json_text(line, "kind"), "lost"))
			note_lost(line);
		else if (!strcmp(json_text(line, "kind"), "footer"))
			o.footer = json_object_get(line);
		else
			judge(line, text);
		json_object_put(line);
	}
	while (tracer_line(&o.tracers[1]))
		;
}

/* ---- main */

static void parse(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "tracer", required_argument, NULL, 't' },
		{ "seconds", required_argument, NULL, 's' },
		{ "rate", required_argument, NULL, 'r' },
		{ "seed", required_argument, NULL, 'e' },
		{ 0 },
	};
	int which;

	while ((which = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (which == 't')
			o.tracer = optarg;
		else if (which == 's')
			o.seconds = (unsigned)atoi(optarg);
		else if (which == 'r')
			options.rate = atof(optarg);
		else if (which == 'e')
			options.seed = (unsigned)atoi(optarg);
		else
			exit(2);
	}
	must(o.seconds > 0 && optind == argc,
	     "usage: soak [--tracer PATH] [--seconds N] [--rate N] [--seed N]");
}

static int soak(void)
{
	start_tracers();
	if (fork() == 0)
		conduct();
	read_lines();
	for (unsigned i = 0; i < N_TRACERS; i++)
		o.status[i] = tracer_wait(&o.tracers[i]);
	while (wait(NULL) > 0 || errno == EINTR)
		;
	return verdict(&o);
}

int main(int argc, char **argv)
{
	static char self[256];
	int failed;

	if (argc == 6 && (!strcmp(argv[1], "--ask") || !strcmp(argv[1], "--hold")))
		return play_part(argv + 1);
	parse(argc, argv);
	setvbuf(stdout, NULL, _IOLBF, 0);
	must(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0, "there is no /proc");
	o.tools = dirname(self);
	must(mkdtemp(dir), "mkdtemp failed");
	o.dir = dir;
	snprintf(o.recording, sizeof(o.recording), "%s/trace.jsonl", dir);
	snprintf(o.loaded, sizeof(o.loaded), "%s/loaded", dir);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	must(shared != MAP_FAILED, "mmap failed");
	must(make_group(), "there are no control groups of version 2");
	tracer_deadline(o.seconds + GRACE_S, "soak");
	private_net();
	failed = soak();
	rmdir(group);
	run("rm -rf %s", dir);
	printf("%d failed\n", failed);
	return !!failed;
}
