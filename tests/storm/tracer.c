// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "tracer.h"

#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_ARGS = 15 };

/* netns NULL: all. */
static void run(const char *const *argv, const char *netns, int out)
{
	const char *args[MAX_ARGS + 3];
	int n = 0;

	for (; argv[n] && n < MAX_ARGS; n++)
		args[n] = argv[n];
	if (netns) {
		args[n++] = "-n";
		args[n++] = netns;
	}
	args[n] = NULL;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(out, STDOUT_FILENO);
	execv(args[0], (char **)args);
	fprintf(stderr, "cannot run %s: %s\n", args[0], strerror(errno));
	_exit(127);
}

static bool start(struct tracer *t, const char *const *argv, const char *netns)
{
	int out[2];

	memset(t, 0, sizeof(*t));
	if (pipe2(out, O_CLOEXEC))
		return false;
	fcntl(out[0], F_SETPIPE_SZ, 1 << 20);
	fflush(stdout);
	t->pid = fork();
	if (t->pid == 0)
		run(argv, netns, out[1]);
	close(out[1]);
	t->out = fdopen(out[0], "r");
	return t->pid > 0 && t->out && tracer_line(t);
}

bool tracer_start(struct tracer *t, const char *const *argv)
{
	char netns[64];

	snprintf(netns, sizeof(netns), "/proc/%d/ns/net", (int)getpid());
	return start(t, argv, netns);
}

bool tracer_start_everywhere(struct tracer *t, const char *const *argv)
{
	return start(t, argv, NULL);
}

char *tracer_line(struct tracer *t)
{
	ssize_t n = getline(&t->line, &t->size, t->out);

	if (n <= 0)
		return NULL;
	t->length = (size_t)n;
	if (t->line[n - 1] == '\n')
		t->line[--t->length] = '\0';
	return t->line;
}

int tracer_wait(struct tracer *t)
{
	struct rusage used = { 0 };
	int status = 0;

	while (wait4(t->pid, &status, 0, &used) < 0 && errno == EINTR)
		;
	t->cpu_ms = (uint64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
		    (uint64_t)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000;
	t->peak_kb = (uint64_t)used.ru_maxrss;
	fclose(t->out);
	free(t->line);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static char why[256];

void trouble(const char *format, ...)
{
	va_list args;

	if (why[0])
		return;
	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
}

bool in_trouble(void)
{
	return why[0];
}

int report(const char *name)
{
	bool failed = in_trouble();

	if (failed)
		printf("FAIL %s: %s\n", name, why);
	else
		printf("ok %s\n", name);
	why[0] = '\0';
	return failed;
}

static char too_late[128];

static void on_alarm(int signal)
{
	(void)signal;
	if (write(STDOUT_FILENO, too_late, strlen(too_late)) < 0)
		_exit(2);
	_exit(1);
}

void tracer_deadline(unsigned seconds, const char *name)
{
	snprintf(too_late, sizeof(too_late), "FAIL %s: not done after %u s\n", name, seconds);
	signal(SIGALRM, on_alarm);
	alarm(seconds);
}

struct json_object *json_member(struct json_object *root, const char *path)
{
	char copy[128], *rest = copy, *key;

	snprintf(copy, sizeof(copy), "%s", path);
	while (root && (key = strsep(&rest, ".")))
		if (!json_object_object_get_ex(root, key, &root))
			return NULL;
	return root;
}

long long json_number(struct json_object *root, const char *path)
{
	struct json_object *o = json_member(root, path);

	return json_object_is_type(o, json_type_int) ? json_object_get_int64(o) : -1;
}

const char *json_text(struct json_object *root, const char *path)
{
	struct json_object *o = json_member(root, path);

	return json_object_is_type(o, json_type_string) ? json_object_get_string(o) : "";
}
