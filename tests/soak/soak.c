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
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "soak.h"
#include "tests/storm/tracer.h"

enum {
	GRACE_S = 120,	    /* to end, after the time that was asked for */
	FLAT_AFTER_S = 240, /* memory is judged of a soak that lasts so long */
	FLAT_KB = 256,
};

static struct {
	const char *tracer;
	unsigned seconds, seed;
	double rate;
} options = { .tracer = "./bindtrace", .seconds = 10, .seed = 20261129, .rate = 20 };

static const char *const tracer_names[N_TRACERS] = { "trace", "record" };
static struct tracer tracers[N_TRACERS];
static char dir[] = "/tmp/bindtrace-soak-XXXXXX", recording[64], loaded[64], group[128];
static const char *tools; /* the folder this program is in */

/* What the tracer says at its end, and has said was lost. */
static struct json_object *footer;
static uint64_t lost;

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

static void say_how_far(unsigned seconds)
{
	const struct sample *s = shared->samples[shared->n_samples - 1];

	printf("   %u of %u s: %u scenes, %llu lines, wrong %llu; trace %llu kB, record %llu kB\n",
	       seconds, options.seconds, shared->scenes, (unsigned long long)shared->lines,
	       (unsigned long long)shared->wrong, (unsigned long long)s[0].rss_kb,
	       (unsigned long long)s[1].rss_kb);
}

static void take_sample(void)
{
	for (unsigned i = 0; i < N_TRACERS; i++)
		shared->samples[shared->n_samples][i] = measure(tracers[i].pid);
	shared->n_samples++;
}

/* Warm-up is a tenth of the time. */
static void conduct(void)
{
	unsigned period_s = options.seconds / 500 + 1;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	join_group();
	for (enum churn kind = 0; kind < N_CHURNS; kind++)
		if (fork() == 0)
			churn(kind, options.rate / N_CHURNS, options.seed);
	for (unsigned s = 0; s < options.seconds; s += period_s) {
		nap_ms(1000 * period_s);
		if (s < options.seconds / 10)
			continue;
		take_sample();
		if (s % 60 < period_s)
			say_how_far(s);
	}
	shared->over = true;
	while (wait(NULL) > 0 || errno == EINTR)
		;
	take_sample();
	shared->unfinished = entries_of(tracers[0].pid, "calls");
	for (unsigned i = 0; i < N_TRACERS; i++)
		kill(tracers[i].pid, SIGINT);
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

/* Runs a command line; its exit status, 0 to 255. */
__attribute__((format(printf, 1, 2))) static int run(const char *format, ...)
{
	char command[512];
	va_list args;
	int status;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	status = system(command);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

static void start_tracers(void)
{
	const char *trace[] = { options.tracer, "--json", "-g", group, NULL };
	const char *record[] = { options.tracer, "record", "-o",  recording, "--budget",
				 "8M",		 "-g",	   group, NULL };

	must(tracer_start_everywhere(&tracers[0], trace), "bindtrace does not start");
	must(tracer_start_everywhere(&tracers[1], record), "bindtrace record does not start");
	for (unsigned i = 0; i < N_TRACERS; i++)
		must(!run("%s/loaded --of %d >>%s", tools, (int)tracers[i].pid, loaded),
		     "loaded failed");
}

static void read_lines(void)
{
	struct json_object *line;
	const char *text;

	while ((text = tracer_line(&tracers[0]))) {
		line = json_tokener_parse(text);
		must(line, "a line that is no JSON");
		if (footer)
			trouble("a line behind the last one");
		if (!strcmp(json_text(line, "kind"), "lost"))
			lost += (uint64_t)json_number(line, "count");
		else if (!strcmp(json_text(line, "kind"), "footer"))
			footer = json_object_get(line);
		else
			judge(line, text);
		json_object_put(line);
	}
	while (tracer_line(&tracers[1]))
		;
}

/* ---- the verdict */

static uint64_t asked_in_all(void)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < shared->n_truths; i++)
		sum += shared->truths[i].asked;
	return sum;
}

static uint64_t number(struct json_object *o, const char *key)
{
	return (uint64_t)json_number(o, key);
}

/* The last line of the recorder's newest file. */
static struct json_object *footer_of_recording(void)
{
	struct json_object *last = NULL;
	char *line = NULL;
	size_t size = 0;
	FILE *f = fopen(recording, "re");

	while (f && getline(&line, &size, f) > 0)
		;
	if (line)
		last = json_tokener_parse(line);
	free(line);
	if (f)
		fclose(f);
	return last;
}

/* Calls of which a preemptible kernel skipped the program count as lost, and may have been none of ours. */
static int check_sum(const char *name, struct json_object *end)
{
	uint64_t asked = asked_in_all(), refused = number(end, "refused"),
		 gone = number(end, "lost");

	if (!end || strcmp(json_text(end, "kind"), "footer"))
		trouble("the last line is no footer");
	else if (refused != number(end, "printed") + number(end, "folded") + gone)
		trouble("refused is not printed + folded + lost");
	else if (refused < asked || refused > asked + gone)
		trouble("asked %llu times, refused %llu, of which lost %llu",
			(unsigned long long)asked, (unsigned long long)refused,
			(unsigned long long)gone);
	return report(name);
}

/* What the lines add up to is what was refused; and of each asker there is one. */
static int check_lines(void)
{
	unsigned silent = 0, more = 0;

	for (unsigned i = 0; i < shared->n_truths; i++) {
		const struct truth *t = &shared->truths[i];

		silent += t->asked && !t->lines;
		more += t->told > t->asked;
	}
	if (shared->told != number(footer, "refused") - number(footer, "lost"))
		trouble("the lines add up to %llu", (unsigned long long)shared->told);
	if (lost != number(footer, "lost"))
		trouble("the lost lines add up to %llu", (unsigned long long)lost);
	if (shared->nameless)
		trouble("of %llu refusals it is not said whose they are",
			(unsigned long long)shared->nameless);
	if (silent > lost)
		trouble("of %u askers there is no line", silent);
	if (more)
		trouble("of %u askers more is told than they asked", more);
	if (shared->unheard > lost)
		trouble("%u refusals were not told in time", shared->unheard);
	return report("lines");
}

static int check_truth(void)
{
	if (shared->wrong)
		trouble("%llu things that are not so", (unsigned long long)shared->wrong);
	return report("truth");
}

static int check_scenes(void)
{
	if (shared->broken)
		trouble("%u scenes could not be played to their end", shared->broken);
	else if (!shared->scenes)
		trouble("not a single scene");
	return report("scenes");
}

static int check_flat(unsigned i)
{
	char name[32];

	snprintf(name, sizeof(name), "flat_%s", tracer_names[i]);
	if (options.seconds >= FLAT_AFTER_S && growth(i, OWN_KB) > FLAT_KB)
		trouble("its memory has grown by %ld kB", growth(i, OWN_KB));
	if (!shared->samples[0][i].objects || !shared->samples[0][i].rss_kb)
		trouble("it could not be looked at");
	if (growth(i, KERNEL_KB))
		trouble("its memory in the kernel: %+ld kB", growth(i, KERNEL_KB));
	if (growth(i, OBJECTS))
		trouble("programs, maps and links: %+ld", growth(i, OBJECTS));
	if (growth(i, DESCRIPTORS))
		trouble("descriptors: %+ld", growth(i, DESCRIPTORS));
	return report(name);
}

static int check_end(const int *status)
{
	for (unsigned i = 0; i < N_TRACERS; i++)
		if (status[i])
			trouble("bindtrace %s ended with %d", tracer_names[i], status[i]);
	if (shared->unfinished > 0)
		trouble("%ld calls are still waited for", shared->unfinished);
	if (run("%s verify %s* >%s/verified 2>&1", options.tracer, recording, dir) &&
	    run("cat %s/verified", dir) >= 0)
		trouble("the recording does not verify");
	if (run("%s/loaded --gone <%s", tools, loaded))
		trouble("something is left in the kernel");
	return report("end");
}

static void print_table(void)
{
	const struct sample *last = shared->samples[shared->n_samples - 1];

	printf("   %u s, %u scenes, %u network namespaces, %llu calls that succeeded; %u "
	       "TIME_WAITs ended early\n",
	       options.seconds, shared->scenes, shared->netns, (unsigned long long)shared->calls,
	       shared->passed);
	printf("   asked %llu; refused %llu = printed %llu + folded %llu + lost %llu; %llu lines\n",
	       (unsigned long long)asked_in_all(), (unsigned long long)number(footer, "refused"),
	       (unsigned long long)number(footer, "printed"),
	       (unsigned long long)number(footer, "folded"),
	       (unsigned long long)number(footer, "lost"), (unsigned long long)shared->lines);
	printf("   not so: %llu; without an opener %llu, without a closer %llu\n",
	       (unsigned long long)shared->wrong, (unsigned long long)shared->openers_unknown,
	       (unsigned long long)shared->closers_unknown);
	for (unsigned i = 0; i < N_TRACERS; i++)
		printf("   %-6s %llu kB, first third to last %+ld kB; in the kernel %llu kB "
		       "(%+ld); "
		       "%u descriptors; CPU %.2f %%\n",
		       tracer_names[i], (unsigned long long)last[i].rss_kb, growth(i, OWN_KB),
		       (unsigned long long)last[i].kernel_kb, growth(i, KERNEL_KB), last[i].fds,
		       (double)tracers[i].cpu_ms / 10 / options.seconds);
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
			options.tracer = optarg;
		else if (which == 's')
			options.seconds = (unsigned)atoi(optarg);
		else if (which == 'r')
			options.rate = atof(optarg);
		else if (which == 'e')
			options.seed = (unsigned)atoi(optarg);
		else
			exit(2);
	}
	must(options.seconds > 0 && optind == argc,
	     "usage: soak [--tracer PATH] [--seconds N] [--rate N] [--seed N]");
}

static int soak(void)
{
	int status[N_TRACERS], failed;

	start_tracers();
	if (fork() == 0)
		conduct();
	read_lines();
	for (unsigned i = 0; i < N_TRACERS; i++)
		status[i] = tracer_wait(&tracers[i]);
	while (wait(NULL) > 0 || errno == EINTR)
		;
	print_table();
	failed = report("order") + check_truth() + check_scenes() + check_lines();
	failed += check_sum("sum", footer) + check_sum("sum_recorded", footer_of_recording());
	failed += check_flat(0) + check_flat(1) + check_end(status);
	return failed;
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
	tools = dirname(self);
	must(mkdtemp(dir), "mkdtemp failed");
	snprintf(recording, sizeof(recording), "%s/trace.jsonl", dir);
	snprintf(loaded, sizeof(loaded), "%s/loaded", dir);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	must(shared != MAP_FAILED, "mmap failed");
	must(make_group(), "there are no control groups of version 2");
	tracer_deadline(options.seconds + GRACE_S, "soak");
	private_net();
	failed = soak();
	rmdir(group);
	run("rm -rf %s", dir);
	printf("%d failed\n", failed);
	return !!failed;
}
