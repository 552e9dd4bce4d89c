// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/syslog_message.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#include "base/clock.h"
#include "export/log_message.h"

/* "2026-11-23T09:41:07.123456Z": RFC 5424 has no more than six decimals. */
static void add_time(FILE *out, uint64_t realtime_ns)
{
	char time[CLOCK_TEXT];

	clock_rfc3339(realtime_ns, time);
	if (realtime_ns)
		fprintf(out, "%.26sZ", time);
	else
		fputc('-', out);
}

/* PRINTUSASCII; 255 at most, and a line has no more than 64. */
static const char *host_of(const struct export_line *l)
{
	const char *host = l->about.host;

	for (const char *c = host; *c; c++)
		if (*c < '!' || *c > '~')
			return "-";
	return host[0] ? host : "-";
}

/* In the machine's own time, as syslog(3) does it; a day of one digit has a space before it. */
static void add_local_header(FILE *out, const struct export_line *l)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t s = (time_t)(l->about.realtime_ns / 1000000000);
	struct tm tm;

	localtime_r(&s, &tm);
	fprintf(out, "%.3s %2d %02d:%02d:%02d bindtrace: ", months + 3 * tm.tm_mon, tm.tm_mday,
		tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* VERSION TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA; the process may be one of another machine. */
static void add_header(FILE *out, const struct export_line *l)
{
	fputs("1 ", out);
	add_time(out, l->about.realtime_ns);
	fprintf(out, " %s bindtrace - %s - ", host_of(l), l->about.kind);
}

/* The line is a JSON object with members, perhaps behind spaces: "msg" becomes the first of them. */
static void add_json(FILE *out, const struct export_line *l, const char *sentence)
{
	const char *members = (const char *)memchr(l->bytes, '{', l->n) + 1;
	struct json_object *o = json_object_new_string(sentence);

	fprintf(out, "@cee: {\"msg\":%s,",
		json_object_to_json_string_ext(o, JSON_C_TO_STRING_NOSLASHESCAPE));
	fwrite(members, (size_t)(l->bytes + l->n - members), 1, out);
	json_object_put(o);
}

static void write_message(FILE *out, const struct export_line *l, const struct syslog_style *style)
{
	char sentence[LOG_MESSAGE_MAX];
	struct text t;

	text_init(&t, sentence, sizeof(sentence));
	log_message_add(&t, l);
	fprintf(out, "<%d>", LOG_DAEMON | log_message_severity(l));
	if (style->local)
		add_local_header(out, l);
	else
		add_header(out, l);
	if (style->json)
		add_json(out, l, sentence);
	else
		fputs(sentence, out);
}

/* What has been written, and NULL where not all of it could be. */
static char *written(FILE *out, char **bytes)
{
	bool failed = ferror(out);

	if (!fclose(out) && !failed)
		return *bytes;
	free(*bytes);
	return NULL;
}

/* The length of a message is known when it is there. */
static char *counted(char *message, size_t *n)
{
	char *frame = NULL;
	size_t length = *n;
	FILE *out = message ? open_memstream(&frame, n) : NULL;

	if (out) {
		fprintf(out, "%zu ", length);
		fwrite(message, length, 1, out);
		frame = written(out, &frame);
	}
	free(message);
	return frame;
}

char *syslog_message(const struct export_line *l, const struct syslog_style *style, size_t *n)
{
	char *message = NULL;
	FILE *out = open_memstream(&message, n);

	if (!out)
		return NULL;
	write_message(out, l, style);
	message = written(out, &message);
	return style->counted ? counted(message, n) : message;
}
