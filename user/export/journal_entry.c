// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/journal_entry.h"

#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "export/log_message.h"
#include "model/endpoint.h"

static const char *const ids[] = {
	[KIND_HEADER] = JOURNAL_ID_HEADER, [KIND_FAILURE] = JOURNAL_ID_FAILURE,
	[KIND_FOLDED] = JOURNAL_ID_FOLDED, [KIND_RESOLVED] = JOURNAL_ID_RESOLVED,
	[KIND_LOST] = JOURNAL_ID_LOST,	   [KIND_CLOCK] = JOURNAL_ID_CLOCK,
	[KIND_FOOTER] = JOURNAL_ID_FOOTER,
};

static void field(FILE *out, const char *name, const char *value, size_t n)
{
	uint64_t length = htole64(n);

	/* cppcheck-suppress uninitvar ; a struct text has written there, which it does not see */
	if (memchr(value, '\n', n)) {
		fprintf(out, "%s\n", name);
		fwrite(&length, sizeof(length), 1, out);
	} else {
		fprintf(out, "%s=", name);
	}
	fwrite(value, n, 1, out);
	fputc('\n', out);
}

/* Nothing where it is not known. */
static void text_field(FILE *out, const char *name, const char *value)
{
	if (value && value[0])
		field(out, name, value, strlen(value));
}

static void count_field(FILE *out, const char *name, uint64_t value)
{
	if (value)
		fprintf(out, "%s=%" PRIu64 "\n", name, value);
}

/* An address, or the name of a UNIX socket, which may hold anything. */
static void address_field(FILE *out, const struct bt_sock *s, const char *path, unsigned path_len)
{
	char address[INET6_ADDRSTRLEN], name[BT_PATH_LEN];

	if (s->family == AF_UNIX)
		field(out, "BINDTRACE_ADDRESS", name, endpoint_unix_name(path, path_len, name));
	else if (endpoint_address(s->addr, s->family, address))
		text_field(out, "BINDTRACE_ADDRESS", address);
}

/* What was asked for; path is that of a UNIX socket. */
static void asked_fields(FILE *out, const struct export_line *l, unsigned operation,
			 const struct bt_sock *s)
{
	text_field(out, "BINDTRACE_OPERATION", operation_name(operation));
	if (l->error)
		text_field(out, "BINDTRACE_ERRNO", errno_name(l->error));
	text_field(out, "BINDTRACE_PROTOCOL", endpoint_protocol(s));
	count_field(out, "BINDTRACE_PORT", s->port);
}

static void failure_fields(FILE *out, const struct export_line *l)
{
	const struct bt_record *r = &l->event->rec;
	struct bt_sock s = r->sock;

	if (!endpoint_asked(r))
		s.port = 0;
	asked_fields(out, l, r->operation, &s);
	if (endpoint_asked(r))
		address_field(out, &s, r->path, r->path_len);
	count_field(out, "BINDTRACE_INCIDENT", l->event->repeat.incident);
}

static void folded_fields(FILE *out, const struct export_line *l)
{
	const struct folded *of = &l->folded;
	struct bt_sock s = endpoint_folded(of);

	count_field(out, "BINDTRACE_INCIDENT", l->repeat.incident);
	count_field(out, "BINDTRACE_PID", of->key.pid);
	if (!of->key.pid)
		return;
	text_field(out, "BINDTRACE_COMM", of->comm);
	asked_fields(out, l, of->key.operation, &s);
	if (of->named)
		address_field(out, &s, of->path, of->path_len);
}

static void resolved_fields(FILE *out, const struct export_line *l)
{
	const struct resolution *story = &l->story;

	asked_fields(out, l, story->operation, &story->asked);
	/* names of UNIX sockets are followed by no incident */
	if (story->asked.family != AF_UNIX)
		address_field(out, &story->asked, NULL, 0);
	count_field(out, "BINDTRACE_INCIDENT", story->incident);
}

static void process_fields(FILE *out, const struct export_line *l)
{
	const struct process *who = log_message_process(l), *holder = log_message_holder(l);

	if (who) {
		count_field(out, "BINDTRACE_PID", who->pid);
		text_field(out, "BINDTRACE_COMM", who->comm);
		text_field(out, "BINDTRACE_UNIT", who->unit);
	}
	if (holder) {
		count_field(out, "BINDTRACE_HOLDER_PID", holder->pid);
		text_field(out, "BINDTRACE_HOLDER_COMM", holder->comm);
		text_field(out, "BINDTRACE_HOLDER_UNIT", holder->unit);
	}
}

static void write_entry(FILE *out, const struct export_line *l)
{
	char message[LOG_MESSAGE_MAX];
	struct text t;

	text_init(&t, message, sizeof(message));
	log_message_add(&t, l);
	field(out, "MESSAGE", message, t.len);
	text_field(out, "MESSAGE_ID", ids[l->kind]);
	fprintf(out, "PRIORITY=%d\n", log_message_severity(l));
	text_field(out, "SYSLOG_IDENTIFIER", "bindtrace");
	text_field(out, "BINDTRACE_KIND", l->about.kind);
	text_field(out, "BINDTRACE_HOST", l->about.host);
	if (l->reason_known)
		text_field(out, "BINDTRACE_REASON", reason_name(l->reason));
	if (l->kind == KIND_FAILURE)
		failure_fields(out, l);
	else if (l->kind == KIND_FOLDED)
		folded_fields(out, l);
	else if (l->kind == KIND_RESOLVED)
		resolved_fields(out, l);
	process_fields(out, l);
	field(out, "BINDTRACE_EVENT", l->bytes, l->n);
}

char *journal_entry(const struct export_line *l, size_t *n)
{
	char *entry = NULL;
	FILE *out = open_memstream(&entry, n);
	bool failed;

	if (!out)
		return NULL;
	write_entry(out, l);
	failed = ferror(out);
	if (!fclose(out) && !failed)
		return entry;
	free(entry);
	return NULL;
}
