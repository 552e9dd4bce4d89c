// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What a security module forbids, where it is known which of them it was, or can only have been. */
#include <stdio.h>
#include <string.h>

#include "model/endpoint.h"
#include "verdict/verdict.h"

/* By the kernel's name: what people call it, and what its detail is. */
static const struct words {
	const char *name, *title, *detail;
} known[] = {
	{ "selinux", "SELinux", "label" }, { "smack", "Smack", NULL },
	{ "tomoyo", "TOMOYO", NULL },	   { "apparmor", "AppArmor", "profile" },
	{ "landlock", "Landlock", NULL },  { "bpf", "a BPF program at the security hooks", NULL },
};

static const struct words *words_of(const struct security_module *m)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(known[i].name, m->name))
			return &known[i];
	return NULL;
}

/* "AppArmor (profile web, enforce)": the kernel writes it as "web (enforce)". */
static void add_module(struct text *t, const struct security_module *m)
{
	const struct words *w = words_of(m);
	size_t n = strlen(m->detail);
	const char *mode = n && m->detail[n - 1] == ')' ? strstr(m->detail, " (") : NULL;

	if (m->program_id) {
		text_printf(t, "the BPF program \"%s\" (id %u) at the security hooks", m->detail,
			    m->program_id);
		return;
	}
	text_add(t, w ? w->title : m->name);
	if (!w || !w->detail || !n)
		return;
	if (mode)
		text_printf(t, " (%s %.*s, %s", w->detail, (int)(mode - m->detail), m->detail,
			    mode + 2);
	else
		text_printf(t, " (%s %s)", w->detail, m->detail);
}

/* The one that said no; NULL: which it was is not known. */
static const struct security_module *only(const struct event *e, const char *name)
{
	if (e->n_modules != 1 || strcmp(e->modules[0].name, name))
		return NULL;
	return &e->modules[0];
}

void security_add_candidates(struct text *t, const struct event *e)
{
	if (!e->n_modules)
		text_add(t, "a security module");
	for (unsigned i = 0; i < e->n_modules; i++) {
		if (i)
			text_add(t, i + 1 < e->n_modules ? ", " : " or ");
		add_module(t, &e->modules[i]);
	}
}

void security_summary(struct text *t, const struct event *e)
{
	security_add_candidates(t, e);
	text_add(t, " forbids it");
	if (only(e, "landlock"))
		text_add(t, ": the program, or who started it, has put it into a sandbox");
}

const char *security_doubt(const struct event *e)
{
	return only(e, "bpf") ? ", or a BPF program at the security hooks made the error up" : "";
}

static void advise(struct event *e, const char *text, const char *command)
{
	struct advice *a = verdict_advise(e, ACTION_CHANGE_POLICY, EFFECTIVE_NEXT_RESTART, text);

	if (a)
		snprintf(a->command, sizeof(a->command), "%s", command);
}

void security_advice(struct event *e)
{
	const struct security_module *m = only(e, "bpf");
	char command[64] = "bpftool prog show";

	if (m && m->program_id)
		snprintf(command, sizeof(command), "bpftool prog show id %u", m->program_id);
	if (m)
		advise(e, "allow it in what has loaded the BPF program", command);
	else if (only(e, "landlock"))
		advise(e, "let the program's sandbox (Landlock) allow bind() of this port", "");
	else if (only(e, "apparmor"))
		advise(e,
		       "give the profile a network rule for it; the kernel's log names what was "
		       "denied",
		       "journalctl -k -g apparmor");
	else if (only(e, "selinux"))
		advise(e,
		       "allow the port in the policy (semanage port); the audit log names the rule",
		       "ausearch -m avc -ts recent");
	else
		advise(e,
		       "allow it in the policy of the security module (its audit log names the "
		       "rule: journalctl -k, ausearch -m avc), or in the program's own sandbox "
		       "(Landlock)",
		       "");
}
