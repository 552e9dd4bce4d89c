// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* bindtrace doctor: what this kernel allows, what is chosen, and what that cannot see. */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/commands.h"
#include "cmd/confine.h"

struct finding {
	const char *group;
	const char *name;
	int result; /* 0 or -errno */
	const char *gives;
};

enum { N_KERNEL = 10, MAX_FINDINGS = N_KERNEL + MAX_POWER_ROWS + 1 };

/* What a tracer keeps once it has attached (docs/security.md). */
static unsigned list_power(const struct capabilities *c, struct finding *f)
{
	const struct confinement plain = { .hook = c->best_hook, .program = -1, .folder = -1 };
	struct power_row rows[MAX_POWER_ROWS];
	unsigned n = confine_list(&plain, rows);

	for (unsigned i = 0; i < n; i++)
		f[i] = (struct finding){ "keeps", rows[i].name, rows[i].result, rows[i].gives };
	f[n] = (struct finding){ "keeps", "seccomp", confine_has_filter() ? 0 : -ENOSYS,
				 "no exec, no ptrace, no network, no file for writing but a "
				 "recording's" };
	return n + 1;
}

/* How many. */
static unsigned list_findings(const struct capabilities *c, struct finding f[MAX_FINDINGS])
{
	const struct finding all[N_KERNEL] = {
		{ "types", "btf", c->btf,
		  "the kernel's own description of its structures; nothing works without it" },
		{ "attach", "fexit", probe_hook(c, BT_HOOK_FEXIT),
		  "sees every bind and listen, also of io_uring and of the kernel itself" },
		{ "attach", "kprobe_multi", probe_hook(c, BT_HOOK_KPROBE_MULTI),
		  "the same; a preempted task cannot make it miss others" },
		{ "attach", "tracepoint", probe_hook(c, BT_HOOK_TRACEPOINT),
		  "sees bind(2), listen(2), connect(2); not io_uring, not the kernel's own" },
		{ "attach", "iterator", probe_hook(c, BT_HOOK_ITERATOR),
		  "sees bind(2) and listen(2), reads no kernel memory; holders are looked up 1 ms "
		  "later" },
		{ "attach", "set_state", c->state, "who closed, who listened, who connected" },
		{ "read", "kernel_memory", c->read_kernel,
		  "every socket on the port at the instant of the refusal" },
		{ "read", "task_file", c->iterator, "every process that has a holder open" },
		{ "read", "cookie", c->cookie,
		  "owners matched by socket cookie; without it by addresses" },
		{ "callers", "compat", c->compat,
		  "runs 32-bit programs, whose calls the tracepoint does not see" },
	};

	memcpy(f, all, sizeof(all));
	return N_KERNEL + list_power(c, f + N_KERNEL);
}

static void print_text(const struct capabilities *c, const struct finding *f, unsigned n)
{
	const char *group = "";
	struct utsname uts = { 0 };
	unsigned i;

	uname(&uts);
	printf("bindtrace " BINDTRACE_VERSION " on Linux %s, %s, %s\n\n", uts.release, uts.machine,
	       c->preemptible ? "preemptible" : "not preemptible");
	for (i = 0; i < n; i++) {
		bool chosen =
			c->best_hook >= 0 && !strcmp(f[i].name, hook_name((unsigned)c->best_hook));

		printf("%-7s %-15s %-4s %-10s %s\n", strcmp(group, f[i].group) ? f[i].group : "",
		       f[i].name, f[i].result ? "no" : "yes",
		       f[i].result ? errno_name(-f[i].result)
		       : chosen	   ? "<- chosen"
				   : "",
		       f[i].gives);
		group = f[i].group;
	}
	printf("\n");
}

static int print_json(const struct capabilities *c, const struct finding *f, unsigned n)
{
	struct json_object *root = json_object_new_object(), *group = NULL;
	struct utsname uts = { 0 };
	unsigned i;

	if (!root)
		return EXIT_FAILED;
	uname(&uts);
	json_object_object_add(root, "version", json_object_new_string(BINDTRACE_VERSION));
	json_object_object_add(root, "kernel", json_object_new_string(uts.release));
	json_object_object_add(root, "machine", json_object_new_string(uts.machine));
	json_object_object_add(root, "preemptible", json_object_new_boolean(c->preemptible));
	json_object_object_add(root, "hook",
			       c->best_hook < 0
				       ? NULL
				       : json_object_new_string(hook_name((unsigned)c->best_hook)));
	for (i = 0; i < n; i++) {
		if (!json_object_object_get_ex(root, f[i].group, &group)) {
			group = json_object_new_object();
			json_object_object_add(root, f[i].group, group);
		}
		json_object_object_add(group, f[i].name,
				       json_object_new_string(f[i].result ? errno_name(-f[i].result)
									  : "ok"));
	}
	printf("%s\n", json_object_to_json_string_ext(
			       root, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(root);
	return EXIT_OK;
}

int command_doctor(struct options *options)
{
	struct finding findings[MAX_FINDINGS];
	struct capabilities caps;
	unsigned n;
	int err;

	probe_all(&caps);
	n = list_findings(&caps, findings);
	if (options->json && print_json(&caps, findings, n))
		return EXIT_FAILED;
	if (!options->json)
		print_text(&caps, findings, n);
	if (fflush(stdout)) {
		log_error("cannot write to standard output: %s", strerror(errno));
		return EXIT_FAILED;
	}
	err = caps.best_hook < 0 ? caps.best_hook : 0;
	return err ? explain_open_failure(err, -1, &caps) : EXIT_OK;
}
