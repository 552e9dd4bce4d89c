// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* bindtrace check: would this bind succeed now? It is really tried, and given back at once. */
#include "cmd/check.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "cmd/commands.h"
#include "cmd/judge.h"
#include "enrich/event.h"
#include "source/netns.h"

static int on_record(void *context, const struct bt_record *record, uint32_t len)
{
	struct check *c = context;

	if (record->hdr.kind == BT_KIND_RELEASED)
		c->released = true;
	if (record->hdr.kind != BT_KIND_REFUSAL)
		return 0;
	c->len = len < sizeof(c->record) ? len : sizeof(c->record);
	memcpy(&c->record, record, c->len);
	return 0;
}

void check_read(struct check *c)
{
	bpf_source_read(c->source, on_record, c);
}

/* What the error says by itself, where no program of the tracer was on its way. */
static const char *sentence(const struct check *c)
{
	bool is_unix = c->target.any.sa_family == AF_UNIX;

	if (c->trial.step == STEP_NETNS)
		return "the network namespace could not be entered";
	if (c->trial.step == STEP_USER)
		return "this process may not become that user";
	if (c->trial.step < STEP_BIND)
		return "no such socket can be made here";
	if (!is_unix && c->trial.error == EADDRINUSE)
		return "another socket has the port; which one was not seen";
	if (!is_unix)
		return "it was refused before or behind the kernel functions that are traced: by a "
		       "security module, seccomp, or a BPF program";
	switch (c->trial.holder) {
	case UNIX_LIVE:
		return "a socket of this name is open in a running process";
	case UNIX_STALE:
		return "the file is a socket that nobody has open any more: it was left behind";
	case UNIX_NO_SOCKET:
		return "there is a file of this name, and it is no socket";
	default:
		return c->trial.error == EADDRINUSE ? "the name is taken; whether somebody listens "
						      "there could not be told"
						    : "the kernel gave no more than the error";
	}
}

static void answer_refusal(struct check *c)
{
	struct answer *a = &c->answer;
	struct text command;

	a->operation = step_name(c->trial.step);
	a->command[0] = '\0';
	if (c->traced) {
		memcpy(a->summary, c->event.verdict.summary, sizeof(a->summary));
		return;
	}
	snprintf(a->summary, sizeof(a->summary), "%s", sentence(c));
	if (c->target.any.sa_family != AF_UNIX || c->trial.holder != UNIX_STALE)
		return;
	text_init(&command, a->command, sizeof(a->command));
	text_add(&command, "rm ");
	text_command(&command, a->path, strlen(a->path));
}

/* Who has the sockets open is asked when the trial is over: the holders are still there. */
static void judge(struct check *c)
{
	look_around(&c->look, c->source, &c->record, 1);
	c->traced = !judge_alone(&c->event, &c->record, c->len);
	if (c->traced)
		judge_seen(&c->event, &c->look, 0);
}

int check_try(struct check *c)
{
	int err;

	check_read(c); /* what is older has nothing to do with this trial */
	c->len = 0;
	c->traced = false;
	err = trier_try(&c->trier, &c->trial);
	if (err)
		return err;
	check_read(c);
	if (c->trial.left_behind)
		log_warning("the socket file of the trial could not be removed: %s: %s",
			    c->answer.path, strerror(c->trial.left_behind));
	c->answer.error = c->trial.error;
	if (c->len && c->trial.error && c->trial.step >= STEP_BIND)
		judge(c);
	if (c->trial.error)
		answer_refusal(c);
	return 0;
}

static void wrote(struct check *c, int err)
{
	if (err && !c->err)
		c->err = err;
}

void check_tell_refusal(struct check *c)
{
	if (c->o->verbose < 0)
		return;
	if (c->o->json && !c->traced)
		return; /* the line of kind check says as much */
	c->event.seq = c->seq;
	if (c->traced && (c->o->json || c->text.verbose))
		enrich_parents(&c->event);
	if (c->o->json)
		wrote(c, json_event(STDOUT_FILENO, &c->event, &c->host, &c->coverage));
	else if (c->traced)
		wrote(c, text_event(STDOUT_FILENO, &c->text, &c->event));
	else
		wrote(c, text_untraced(STDOUT_FILENO, &c->text, &c->answer));
	c->seq += c->o->json;
}

static void tell_answer(struct check *c)
{
	char line[2 * EVENT_TEXT];
	struct json_moment m;
	struct text t;

	if (c->o->verbose < 0)
		return;
	if (c->o->json) {
		m = report_moment(&c->seq);
		wrote(c, json_check(STDOUT_FILENO, &m, &c->host, &c->answer));
		return;
	}
	if (c->answer.error)
		return;
	text_init(&t, line, sizeof(line));
	text_add_endpoint(&t, &c->answer);
	text_add(&t, " is free");
	if (c->answer.waited) {
		text_add(&t, " after ");
		clock_add_span(&t, c->answer.waited_ns);
	}
	text_add(&t, "\n");
	wrote(c, write_all(STDOUT_FILENO, t.buf, t.len));
}

/* Only what the trier is refused; with --wait, also when sockets on the port go. */
static int open_source(struct check *c)
{
	struct bpf_options options = c->o->source;
	int err;

	options.filter.pids[0] = (uint32_t)c->trier.pid;
	options.filter.n_pids = 1;
	options.follow = options.releases = c->o->bind.wait_ns > 0;
	err = bpf_source_open(&c->source, &c->caps, &options);
	if (err)
		return explain_open_failure(err, options.hook, &c->caps);
	bpf_source_coverage(c->source, &c->coverage);
	return EXIT_OK;
}

static int run(struct check *c)
{
	int status = open_source(c), err;

	if (status)
		return status;
	host_facts_read(&c->host);
	err = check_try(c);
	if (!err && c->answer.error && c->o->bind.wait_ns)
		err = check_wait(c);
	else if (!err && c->answer.error)
		check_tell_refusal(c);
	if (err) {
		log_error("the process that tries it has ended: %s", strerror(-err));
		return EXIT_FAILED;
	}
	tell_answer(c);
	if (c->err) {
		log_error("cannot write to standard output: %s", strerror(-c->err));
		return EXIT_FAILED;
	}
	return c->answer.error ? EXIT_REFUSED : EXIT_OK;
}

/* From the words of the command line to a process that waits to try. */
static int prepare(struct check *c, struct bind_request *request)
{
	const char *why, *word = c->o->n_operands == 1 ? c->o->operands[0] : NULL;
	struct identity id = { 0 };
	int netns = -1, err;

	if (!word) {
		log_error("check needs one port: bindtrace check 8000, or 127.0.0.1:8000, "
			  "[::1]:8000, unix:/run/x.sock");
		return EXIT_USAGE;
	}
	if (target_parse(word, &c->target, &why)) {
		log_error("cannot make sense of '%s': %s", word, why);
		return EXIT_USAGE;
	}
	if (!sees_all_processes()) {
		log_error("check works in the first pid namespace only; in a container, start it "
			  "with the host's (docker run --pid=host)");
		return EXIT_UNSUPPORTED;
	}
	if (!request->protocol)
		request->protocol = IPPROTO_TCP;
	target_sock(&c->target, request->protocol, &c->answer.asked);
	if (c->target.any.sa_family == AF_UNIX)
		snprintf(c->answer.path, sizeof(c->answer.path), "%s", word + strlen("unix:"));
	if (request->user && identity_find(&id, request->user))
		return EXIT_USAGE;
	if (c->o->netns && (netns = netns_open(c->o->netns)) < 0)
		return EXIT_USAGE;
	err = trier_start(&c->trier, &c->target, request, &id, netns);
	if (netns >= 0)
		close(netns);
	if (err)
		log_error("cannot start another process: %s", strerror(-err));
	return err ? EXIT_FAILED : EXIT_OK;
}

/*
 * Taking the programs off the kernel waits for all of its CPUs, up to a fifth of a second; whoever waits
 * for us would rather start the server. Another process keeps our descriptors until we are gone, and
 * takes its own time to let go of them.
 */
static void leave_the_rest(void)
{
	pid_t self = getpid();

	if (fork() != 0)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	close(STDERR_FILENO);
	while (getppid() == self)
		pause();
	_exit(EXIT_OK);
}

int command_check(struct options *options)
{
	static struct check check; /* what is left to the kernel at the end is still somebody's */
	struct check *c = &check;
	int status;

	signal(SIGPIPE, SIG_IGN);
	c->o = options;
	c->text = report_text_options(options, STDOUT_FILENO);
	c->look.trial = true;
	status = prepare(c, &options->bind);
	if (!status)
		status = run(c);
	trier_end(&c->trier);
	look_end(&c->look);
	if (options->bind.wait_ns)
		leave_the_rest();
	else
		bpf_source_close(c->source);
	return status;
}
