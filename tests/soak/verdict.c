// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What must hold at the end of a soak. */
#include <json-c/json.h>
#include <stdarg.h>
#include <sys/wait.h>

#include "soak.h"

enum {
	FLAT_SAMPLES = 30, /* of a warm tracer, for its memory and descriptors to be judged */
	FLAT_KB = 256,
};

static const char *const tracer_names[N_TRACERS] = { "trace", "record" };
static const struct outcome *o;

int run(const char *format, ...)
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

static uint64_t asked_in_all(void)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < shared->n_truths; i++)
		sum += shared->truths[i].asked;
	return sum;
}

static uint64_t number(struct json_object *line, const char *key)
{
	return (uint64_t)json_number(line, key);
}

/* The last line of the recorder's newest file. */
static struct json_object *footer_of_recording(void)
{
	struct json_object *last = NULL;
	char *line = NULL;
	size_t size = 0;
	FILE *f = fopen(o->recording, "re");

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

/* The askers of whom there is no line. */
static unsigned silent(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < shared->n_truths; i++)
		n += shared->truths[i].asked && !shared->truths[i].lines;
	return n;
}

/*
 * What the lines add up to is what was refused; and of each asker there is one. Where a preemptible kernel skips both
 * programs that would have told of a call, it is lost, but that is rare.
 */
static int check_lines(void)
{
	unsigned more = 0;

	for (unsigned i = 0; i < shared->n_truths; i++)
		more += shared->truths[i].told > shared->truths[i].asked;
	if (shared->told != number(o->footer, "refused") - number(o->footer, "lost"))
		trouble("the lines add up to %llu", (unsigned long long)shared->told);
	if (shared->lost != number(o->footer, "lost"))
		trouble("the lost lines add up to %llu", (unsigned long long)shared->lost);
	if (shared->nameless &&
	    !shared->lost) /* what was counted behind a lost record has no name */
		trouble("of %llu refusals it is not said whose they are",
			(unsigned long long)shared->nameless);
	if (silent() > shared->lost || silent() > shared->n_truths / 100)
		trouble("of %u askers there is no line", silent());
	if (more)
		trouble("of %u askers more is told than they asked", more);
	if (shared->unheard > silent())
		trouble("%u refusals were not told in time", shared->unheard);
	return report("lines");
}

static int check_truth(void)
{
	if (shared->wrong)
		trouble("%llu things that are not so", (unsigned long long)shared->wrong);
	if (shared->skipped > shared->n_truths / 100)
		trouble("%llu lines do not know more than the error",
			(unsigned long long)shared->skipped);
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
	bool judged = shared->warm && shared->n_samples - shared->warm >= FLAT_SAMPLES;
	char name[32];

	snprintf(name, sizeof(name), "flat_%s", tracer_names[i]);
	if (judged && growth(i, OWN_KB) > FLAT_KB)
		trouble("its memory has grown by %ld kB", growth(i, OWN_KB));
	if (!shared->samples[0][i].objects || !shared->samples[0][i].rss_kb)
		trouble("it could not be looked at");
	if (growth(i, KERNEL_KB))
		trouble("its memory in the kernel: %+ld kB", growth(i, KERNEL_KB));
	if (growth(i, OBJECTS))
		trouble("programs, maps and links: %+ld", growth(i, OBJECTS));
	if (judged && growth(i, DESCRIPTORS) > 0)
		trouble("descriptors: %+ld", growth(i, DESCRIPTORS));
	return report(name);
}

static int check_end(void)
{
	for (unsigned i = 0; i < N_TRACERS; i++)
		if (o->status[i])
			trouble("bindtrace %s ended with %d", tracer_names[i], o->status[i]);
	if (shared->unfinished > (long)shared->lost)
		trouble("%ld calls are still waited for", shared->unfinished);
	if (run("%s verify %s* >%s/verified 2>&1", o->tracer, o->recording, o->dir) &&
	    run("cat %s/verified", o->dir) >= 0)
		trouble("the recording does not verify");
	if (run("%s/loaded --gone <%s", o->tools, o->loaded))
		trouble("something is left in the kernel");
	return report("end");
}

static void print_table(void)
{
	const struct sample *last = shared->samples[shared->n_samples - 1];

	printf("   %u s, %u scenes, %u network namespaces, %llu calls that succeeded; %u "
	       "TIME_WAITs ended early\n",
	       o->seconds, shared->scenes, shared->places, (unsigned long long)shared->calls,
	       shared->passed);
	printf("   asked %llu; refused %llu = printed %llu + folded %llu + lost %llu%s; %llu "
	       "lines\n",
	       (unsigned long long)asked_in_all(), (unsigned long long)number(o->footer, "refused"),
	       (unsigned long long)number(o->footer, "printed"),
	       (unsigned long long)number(o->footer, "folded"),
	       (unsigned long long)number(o->footer, "lost"), o->stages,
	       (unsigned long long)shared->lines);
	printf("   not so: %llu, not seen: %llu; askers without a line %u of %u, holders without "
	       "an opener %llu, "
	       "without a closer %llu\n",
	       (unsigned long long)shared->wrong, (unsigned long long)shared->skipped, silent(),
	       shared->n_truths, (unsigned long long)shared->openers_unknown,
	       (unsigned long long)shared->closers_unknown);
	for (unsigned i = 0; i < N_TRACERS; i++) {
		printf("   %-6s %llu kB (%+ld kB%s); in the kernel %llu kB (%+ld kB); ",
		       tracer_names[i], (unsigned long long)last[i].rss_kb, growth(i, OWN_KB),
		       shared->warm ? "" : ", filling its tables",
		       (unsigned long long)last[i].kernel_kb, growth(i, KERNEL_KB));
		printf("%u descriptors; CPU %.2f %%\n", last[i].fds,
		       (double)o->tracers[i].cpu_ms / 10 / o->seconds);
	}
}

int verdict(const struct outcome *outcome)
{
	struct json_object *recorded;
	int failed;

	o = outcome;
	print_table();
	failed = report("order") + check_truth() + check_scenes() + check_lines();
	recorded = footer_of_recording();
	failed += check_sum("sum", o->footer) + check_sum("sum_recorded", recorded);
	json_object_put(recorded);
	return failed + check_flat(0) + check_flat(1) + check_end();
}
