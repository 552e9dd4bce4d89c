// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Accounting under a storm of refused binds: what the processes counted themselves is what bindtrace
 * says it printed, folded and lost, exactly.
 *
 *   storm [--tracer PATH] [--attach RUNG] [--seconds 2] [--binds N] [--processes 6] [--lost-must-be-zero]
 *         [--may-skip] [--second-cpu] [--fold | --spread | --no-fold | --interrupt]
 *
 * --lost-must-be-zero counts for --fold and --no-fold; the other storms are too much for anybody.
 * --may-skip: the kernel skips programs of this rung, and what is said to be lost is what may be, at most.
 * --second-cpu: CPU 1 is online during the storm only (tests/vm/README.md says why); not with --interrupt.
 *
 * --fold       each process asks for the same again and again; --binds: so often in all, however long it takes
 * --spread     every bind asks for another endpoint, so that nothing can be folded
 * --no-fold    2000 binds in all; each is printed, or counted as lost
 * --interrupt  SIGINT comes in the middle of a --spread storm, which goes on: bindtrace must look away
 *              soon, however long it takes to print what it has seen by then
 * Without one of these four: all of them, and totals at the end.
 */
#include <fcntl.h>
#include <getopt.h>
#include <json-c/json.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "kit.h"
#include "tracer.h"

enum { MAX_PROCESSES = 64, N_PORTS = 16, NO_FOLD_BINDS = 2000, DEADLINE_S = 240, GRACE_S = 4 };
enum mode { FOLD, SPREAD, NO_FOLD, INTERRUPT, N_MODES };

static const char *const mode_names[] = { "fold", "spread", "no_fold", "interrupt" };

static struct {
	const char *tracer;
	const char *attach;
	unsigned seconds, binds, processes;
	bool may_skip, no_loss, second_cpu;
	int mode; /* enum mode; N_MODES: all */
} options = { .tracer = "./bindtrace", .seconds = 2, .processes = 6, .mode = N_MODES };

/* What the storm's processes count, and when the tracer was told to end. */
struct score {
	pid_t pid;
	uint64_t refused;
	uint64_t wrong; /* binds that succeeded, or failed otherwise */
};

static struct shared {
	uint64_t counted_by_then; /* at the end of the grace after SIGINT */
	volatile bool calm;	  /* the storm is over whatever the time */
	bool no_second_cpu;
	struct score scores[MAX_PROCESSES];
} * shared;

static unsigned ports[N_PORTS];

/* What came out of the tracer. */
static struct {
	char hook[32];
	uint64_t failures;	      /* lines */
	uint64_t lost;		      /* the sum of the lines that say so */
	uint64_t last[MAX_PROCESSES]; /* repeat.count */
	struct json_object *footer;
	uint64_t cpu_ms;
} seen;

/* ---- the storm */

static void ask(struct score *score, int fd, struct ep ep)
{
	if (bind(fd, &ep.sa, ep.len) && errno == EADDRINUSE)
		score->refused++;
	else
		score->wrong++;
}

/* Always the same endpoint; every second process asks by IPv6 where there is any. */
static void ask_same(struct score *score, unsigned i, uint64_t end_ns, uint64_t max)
{
	struct ep ep = at("127.0.0.1", ports[0]);
	int fd = -1;

	if (i % 2) {
		fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
		ep = fd < 0 ? ep : at("::1", ports[0]);
	}
	if (fd < 0)
		fd = new_socket(ep, 0);
	while (score->refused < max && !score->wrong && boottime_ns() < end_ns)
		ask(score, fd, ep);
}

/* Each process has a million endpoints of its own: 65536 addresses on each port. */
static void ask_around(struct score *score, unsigned i, uint64_t end_ns)
{
	struct ep ep = at("127.0.0.1", ports[0]);
	int fd = new_socket(ep, 0);

	while (!score->wrong && !shared->calm && boottime_ns() < end_ns) {
		uint32_t host = (uint32_t)(score->refused / N_PORTS) & 0xffff;

		ep = with_port(ep, ports[score->refused % N_PORTS]);
		ep.in.sin_addr.s_addr = htonl(127u << 24 | (i + 1) << 16 | host);
		ask(score, fd, ep);
	}
}

/* One process of the storm; the barrier is a pipe whose last writer goes away. */
static void blow(unsigned i, int barrier)
{
	struct score *score = &shared->scores[i];
	uint64_t end_ns;
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	score->pid = getpid();
	if (read(barrier, &byte, 1))
		_exit(1);
	end_ns = boottime_ns() + options.seconds * 1000000000ull;
	if (options.mode == INTERRUPT)
		end_ns = UINT64_MAX;
	if (options.mode == FOLD && options.binds)
		ask_same(score, i, UINT64_MAX, options.binds / options.processes);
	else if (options.mode == FOLD)
		ask_same(score, i, end_ns, UINT64_MAX);
	else if (options.mode == NO_FOLD)
		ask_same(score, i, UINT64_MAX, NO_FOLD_BINDS / options.processes);
	else
		ask_around(score, i, end_ns);
	_exit(0);
}

static void set_second_cpu(const char *online)
{
	int fd;

	if (!options.second_cpu)
		return;
	fd = open("/sys/devices/system/cpu/cpu1/online", O_WRONLY | O_CLOEXEC);
	if (write(fd, online, 1) != 1)
		shared->no_second_cpu = true;
	close(fd);
}

static uint64_t counted(void)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < options.processes; i++)
		sum += shared->scores[i].refused;
	return sum;
}

/* Runs the storm and tells the tracer to end, while its parent reads what the tracer has to say. */
static void conduct(pid_t tracer)
{
	int barrier[2];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (pipe2(barrier, O_CLOEXEC))
		_exit(1);
	for (unsigned i = 0; i < options.processes; i++) {
		if (fork() == 0) {
			close(barrier[1]);
			blow(i, barrier[0]);
		}
	}
	set_second_cpu("1");
	close(barrier[1]);
	if (options.mode == INTERRUPT) {
		nap_ms(1000 * options.seconds);
		kill(tracer, SIGINT);
		nap_ms(1000 * GRACE_S);
		shared->counted_by_then = counted();
		nap_ms(1000);
		shared->calm = true;
	}
	while (wait(NULL) > 0 || errno == EINTR)
		;
	set_second_cpu("0");
	if (options.mode != INTERRUPT)
		kill(tracer, SIGINT);
	_exit(0);
}

/* ---- what the tracer says */

static void take_failure(struct json_object *line)
{
	long long pid = json_number(line, "process.pid"), count = json_number(line, "repeat.count");
	unsigned i = 0;

	seen.failures++;
	while (i < options.processes && shared->scores[i].pid != pid)
		i++;
	if (i == options.processes)
		trouble("a line about process %lld, which is none of the storm's", pid);
	else if (count < 1)
		trouble("a failure line whose repeat.count is %lld", count);
	else
		seen.last[i] = (uint64_t)count;
}

static void take_line(const char *text)
{
	struct json_object *line = json_tokener_parse(text);
	const char *kind = json_text(line, "kind");

	if (seen.footer)
		trouble("a line after the footer: %.100s", text);
	if (!line)
		trouble("a line that is no JSON: %.100s", text);
	else if (!strcmp(kind, "failure"))
		take_failure(line);
	else if (!strcmp(kind, "lost"))
		seen.lost += (uint64_t)json_number(line, "count");
	else if (!strcmp(kind, "footer"))
		seen.footer = json_object_get(line);
	json_object_put(line);
}

static void run_tracer(void)
{
	const char *argv[6] = { options.tracer, "--json" };
	struct json_object *header;
	struct tracer t;
	int n = 2, status;

	if (options.attach) {
		argv[n++] = "--attach";
		argv[n++] = options.attach;
	}
	if (options.mode == NO_FOLD)
		argv[n++] = "--no-fold";
	if (!tracer_start(&t, argv)) {
		trouble("the tracer printed nothing and ended with %d", tracer_wait(&t));
		return;
	}
	header = json_tokener_parse(t.line);
	snprintf(seen.hook, sizeof(seen.hook), "%s", json_text(header, "coverage.hook"));
	if (strcmp(json_text(header, "kind"), "header"))
		trouble("the first line is no header");
	json_object_put(header);
	if (fork() == 0)
		conduct(t.pid);
	while (tracer_line(&t))
		take_line(t.line);
	status = tracer_wait(&t);
	if (status)
		trouble("the tracer ended with %d", status);
	seen.cpu_ms = t.cpu_ms;
	while (wait(NULL) > 0 || errno == EINTR)
		;
}

static void check_askers(uint64_t lost)
{
	for (unsigned i = 0; i < options.processes && options.mode == FOLD; i++) {
		if (seen.last[i] > shared->scores[i].refused)
			trouble("asker %u: repeat.count %llu, but it counted %llu", i,
				(unsigned long long)seen.last[i],
				(unsigned long long)shared->scores[i].refused);
		if (!seen.last[i] && !lost)
			trouble("asker %u: not a single line", i);
	}
}

static void check(void)
{
	uint64_t refused = (uint64_t)json_number(seen.footer, "refused"),
		 printed = (uint64_t)json_number(seen.footer, "printed"),
		 folded = (uint64_t)json_number(seen.footer, "folded"),
		 lost = (uint64_t)json_number(seen.footer, "lost"), wrong = 0, sum = counted();

	if (!seen.footer) {
		trouble("no footer");
		return;
	}
	for (unsigned i = 0; i < options.processes; i++)
		wrong += shared->scores[i].wrong;
	printf("   storm %s %s: %u processes: counted %llu; refused %llu = printed %llu + folded "
	       "%llu + lost %llu\n",
	       seen.hook, mode_names[options.mode], options.processes, (unsigned long long)sum,
	       (unsigned long long)refused, (unsigned long long)printed, (unsigned long long)folded,
	       (unsigned long long)lost);
	printf("   the tracer took %llu ms of a CPU\n", (unsigned long long)seen.cpu_ms);
	if (shared->no_second_cpu)
		trouble("CPU 1 cannot be switched on and off");
	if (wrong)
		trouble("%llu binds were not refused with EADDRINUSE", (unsigned long long)wrong);
	if (refused != printed + folded + lost)
		trouble("refused is not printed + folded + lost");
	if (options.mode != INTERRUPT && (refused < sum || (refused > sum && !options.may_skip)))
		trouble("%lld of the refusals are not accounted for", (long long)(sum - refused));
	if (options.mode == INTERRUPT && refused > shared->counted_by_then)
		trouble("it still looked on %d s after SIGINT", GRACE_S);
	if (seen.failures != printed)
		trouble("printed is %llu, but there were %llu failure lines",
			(unsigned long long)printed, (unsigned long long)seen.failures);
	if (seen.lost != lost)
		trouble("lost is %llu, but the lost lines say %llu", (unsigned long long)lost,
			(unsigned long long)seen.lost);
	if (options.mode == NO_FOLD && folded)
		trouble("with --no-fold %llu were folded", (unsigned long long)folded);
	if (options.no_loss && lost && (options.mode == FOLD || options.mode == NO_FOLD))
		trouble("%llu were lost", (unsigned long long)lost);
	check_askers(lost);
}

static void usage(void)
{
	fprintf(stderr, "usage: storm [--tracer PATH] [--attach RUNG] [--seconds N] [--binds N] "
			"[--processes N] "
			"[--lost-must-be-zero] [--may-skip] [--second-cpu] [--fold | --spread | "
			"--no-fold | "
			"--interrupt]\n");
	exit(2);
}

static void parse(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "tracer", required_argument, NULL, 't' },
		{ "attach", required_argument, NULL, 'a' },
		{ "seconds", required_argument, NULL, 's' },
		{ "processes", required_argument, NULL, 'p' },
		{ "binds", required_argument, NULL, 'b' },
		{ "lost-must-be-zero", no_argument, NULL, 'z' },
		{ "may-skip", no_argument, NULL, 'k' },
		{ "second-cpu", no_argument, NULL, 'c' },
		{ "fold", no_argument, &options.mode, FOLD },
		{ "spread", no_argument, &options.mode, SPREAD },
		{ "no-fold", no_argument, &options.mode, NO_FOLD },
		{ "interrupt", no_argument, &options.mode, INTERRUPT },
		{ 0 },
	};
	int which;

	while ((which = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (which == 't')
			options.tracer = optarg;
		else if (which == 'a')
			options.attach = optarg;
		else if (which == 's')
			options.seconds = (unsigned)atoi(optarg);
		else if (which == 'b')
			options.binds = (unsigned)atoi(optarg);
		else if (which == 'p')
			options.processes = (unsigned)atoi(optarg);
		else if (which == 'z')
			options.no_loss = true;
		else if (which == 'k')
			options.may_skip = true;
		else if (which == 'c')
			options.second_cpu = true;
		else if (which)
			usage();
	}
	if (optind < argc || !options.seconds || !options.processes ||
	    options.processes > MAX_PROCESSES ||
	    (options.second_cpu && options.mode >= INTERRUPT)) /* it detaches in the storm */
		usage();
}

/* The storm of one kind, in a network namespace of its own; 0 when the numbers add up. */
static int storm(void)
{
	char name[96];

	snprintf(name, sizeof(name), "storm_%s%s%s", mode_names[options.mode],
		 options.attach ? "_" : "", options.attach ? options.attach : "");
	if (options.mode == INTERRUPT && options.processes > 2)
		options.processes =
			2; /* enough to keep the ring buffer full, and leave it some time */
	tracer_deadline(DEADLINE_S, name);
	private_net();
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	must(shared != MAP_FAILED, "mmap failed");
	for (unsigned i = 0; i < N_PORTS; i++) {
		ports[i] = 20000 + i;
		listen_on(at("0.0.0.0", ports[i]), 0);
	}
	if (!access("/proc/net/if_inet6", F_OK))
		listen_on(at("::1", ports[0]), 0);
	run_tracer();
	if (!in_trouble())
		check();
	return report(name);
}

int main(int argc, char **argv)
{
	int status, failed = 0;

	parse(argc, argv);
	if (options.mode < N_MODES)
		return storm();
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (options.mode = 0; options.mode < N_MODES; options.mode++) {
		fflush(stdout);
		if (fork() == 0)
			exit(storm());
		must(wait(&status) > 0, "wait failed");
		failed += !!status;
	}
	printf("%d passed, %d failed\n", N_MODES - failed, failed);
	return !!failed;
}
