// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* UNIX sockets: any file is in the way of bind(), and one that nobody serves any more never goes by itself. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "verdict/verdict.h"

enum { SOCKADDR_UN_LEN = 110 };

static bool is_abstract(const struct bt_record *r)
{
	return r->path_len && !r->path[0];
}

static enum bt_reason in_use_reason(const struct event *e)
{
	switch (e->name.file) {
	case UNIX_FILE_NONE:
		return REASON_HOLDER_GONE;
	case UNIX_FILE_OTHER:
		return REASON_UNIX_PATH_NOT_SOCKET;
	case UNIX_FILE_SOCKET:
		if (e->verdict.decisive >= 0 || e->name.served == 1)
			return REASON_UNIX_PATH_LIVE;
		return e->name.served ? REASON_OTHER : REASON_UNIX_PATH_STALE;
	default:
		return REASON_OTHER;
	}
}

/* EINVAL of unix_bind() once the address is one: the socket has a name already. */
static enum bt_reason invalid_reason(const struct bt_record *r)
{
	if (r->addr_len < 2 || r->addr_len > SOCKADDR_UN_LEN)
		return REASON_BAD_LENGTH;
	return r->sa_family == AF_UNIX ? REASON_ALREADY_BOUND : REASON_BAD_FAMILY;
}

enum bt_reason unix_reason(const struct event *e, enum bt_layer *layer)
{
	const struct bt_record *r = &e->rec;

	*layer = is_abstract(r) ? LAYER_PORT_TABLE : LAYER_FILESYSTEM;
	switch (r->error) {
	case EADDRINUSE:
		return is_abstract(r) ? REASON_UNIX_ABSTRACT_IN_USE : in_use_reason(e);
	case EINVAL:
		*layer = LAYER_ARGUMENTS;
		return invalid_reason(r);
	case ENOMEM:
		*layer = LAYER_MEMORY;
		return REASON_KERNEL_MEMORY;
	case EPERM:
	case EACCES:
		/* behind the system call, a filter of the task may as well have said it */
		if (r->path_len && !(r->who == BT_WHO_UNKNOWN && gates_may_be_seccomp(r)))
			return REASON_UNIX_PATH_ERROR;
		break;
	default:
		if (r->path_len && r->path[0])
			return REASON_UNIX_PATH_ERROR;
	}
	*layer = N_LAYERS;
	return REASON_OTHER;
}

static void add_path_error(struct text *t, const struct event *e)
{
	switch (e->rec.error) {
	case ENOENT:
		text_add(t, "the directory of the path does not exist");
		break;
	case ENOTDIR:
		text_add(t, "what the path names as a directory is none");
		break;
	case EACCES:
	case EPERM:
		text_printf(
			t, "uid %u may not create files in that directory%s", e->rec.task.uid,
			e->rec.who == BT_WHO_UNKNOWN
				? ", or a security module says no: this way of watching cannot tell"
				: "");
		break;
	case EROFS:
		text_add(t, "the path is on a read-only file system");
		break;
	case ENAMETOOLONG:
		text_add(t, "a part of the path is longer than its file system allows");
		break;
	case ENOSPC:
		text_add(t, "the file system has no room for another file");
		break;
	default:
		text_add(t, "the file system could not make the socket's file");
		break;
	}
}

void unix_summary(struct text *t, const struct event *e)
{
	switch (e->verdict.reason) {
	case REASON_UNIX_PATH_STALE:
		text_add(t, "the socket file is left over: nobody serves it any more, and bind() "
			    "never replaces a file");
		break;
	case REASON_UNIX_PATH_LIVE:
		text_add(t, "another socket is bound to this file, and serves it");
		break;
	case REASON_UNIX_PATH_NOT_SOCKET:
		text_add(t, "a file that is no socket has this name, and bind() never replaces a "
			    "file");
		break;
	case REASON_UNIX_ABSTRACT_IN_USE:
		text_add(t, "a socket of the same type has this abstract name in the network "
			    "namespace; it is free as soon as that one is closed");
		break;
	case REASON_UNIX_PATH_ERROR:
		add_path_error(t, e);
		break;
	case REASON_HOLDER_GONE:
		text_add(t, "the file that was in the way was gone a moment later");
		break;
	case REASON_KERNEL_MEMORY:
		text_add(t, "the kernel had no memory for it");
		break;
	default:
		if (e->rec.error == EADDRINUSE && e->verdict.layer == LAYER_FILESYSTEM)
			text_add(t, "a file of this name exists, and bind() never replaces a file; "
				    "whether somebody serves it could not be told");
		else
			gates_summary(t, e);
		break;
	}
}

/* A command with the path in it, quoted for a shell; only where the path leads everybody to the same file. */
static void add_command(const struct event *e, struct advice *a, const char *command,
			const char *option, bool directory)
{
	char args[2 * EVENT_TEXT];
	size_t n = strnlen(e->rec.path, e->rec.path_len), used;
	const char *slash = memrchr(e->rec.path, '/', n);
	struct text t;

	if (!a || !e->name.ours || !slash)
		return;
	if (directory)
		n = (size_t)(slash - e->rec.path);
	used = (size_t)snprintf(args, sizeof(args), "%s%c%s%c%.*s", command, '\0', option, '\0',
				(int)n, e->rec.path);
	text_init(&t, a->command, sizeof(a->command));
	text_command(&t, args, used);
	if (t.cut)
		a->command[0] = '\0';
}

static void add_text(struct advice *a, const char *more)
{
	size_t n = strlen(a->text);

	snprintf(a->text + n, sizeof(a->text) - n, "%s", more);
}

static void advise_stale(struct event *e)
{
	struct advice *a =
		verdict_advise(e, ACTION_REMOVE_FILE, EFFECTIVE_NOW,
			       "remove the file, then start again: a connect to it is refused");

	add_command(e, a, "rm", "--", false);
	verdict_advise(
		e, ACTION_REMOVE_FILE, EFFECTIVE_NEXT_RESTART,
		"let the service clean up: RuntimeDirectory= in its unit, or unlink() before "
		"bind() while it holds a lock file, never without one");
}

static void advise_path_error(struct event *e)
{
	struct advice *a;

	if (e->rec.error == ENOENT) {
		a = verdict_advise(
			e, ACTION_CREATE_DIRECTORY, EFFECTIVE_NOW,
			"create the directory first (RuntimeDirectory= in its unit does it "
			"at every start)");
		add_command(e, a, "mkdir", "-p", true);
	} else if (e->rec.error == EACCES || e->rec.error == EPERM) {
		verdict_advise(e, ACTION_GRANT_ACCESS, EFFECTIVE_NOW,
			       "give the user write and search permission on the directory, or a "
			       "directory of its own (RuntimeDirectory=)");
	} else {
		verdict_advise(e, ACTION_USE_OTHER_PATH, EFFECTIVE_NOW,
			       "use a path in a directory that takes it, such as one below /run");
	}
}

void unix_advice(struct event *e)
{
	switch (e->verdict.reason) {
	case REASON_UNIX_PATH_STALE:
		advise_stale(e);
		break;
	case REASON_UNIX_PATH_LIVE:
	case REASON_UNIX_ABSTRACT_IN_USE:
		if (e->verdict.decisive >= 0)
			verdict_advise_stop(e);
		if (e->verdict.n_advice && e->verdict.reason == REASON_UNIX_PATH_LIVE)
			add_text(&e->verdict.advice[0],
				 "; then remove the file, if it leaves it behind");
		verdict_advise(e, ACTION_USE_OTHER_PATH, EFFECTIVE_NOW, "use another name");
		break;
	case REASON_UNIX_PATH_NOT_SOCKET:
		verdict_advise(
			e, ACTION_USE_OTHER_PATH, EFFECTIVE_NOW,
			"use another path, or move that file away once you know whose it is");
		break;
	case REASON_UNIX_PATH_ERROR:
		advise_path_error(e);
		break;
	default:
		break;
	}
}
