// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/otlp_logs.h"

#include <errno.h>
#include <stdlib.h>

#include "export/log_message.h"
#include "export/otlp_attributes.h"
#include "export/otlp_json.h"

/* SeverityNumber of opentelemetry/proto/logs/v1/logs.proto */
enum { SEVERITY_INFO = 9, SEVERITY_WARN = 13, SEVERITY_ERROR = 17 };

static const char *event_name(const struct export_line *l)
{
	switch (l->kind) {
	case KIND_FOLDED:
		return "bindtrace.failure.folded";
	case KIND_RESOLVED:
		return "bindtrace.port.resolved";
	case KIND_LOST:
		return "bindtrace.events.lost";
	default:
		break;
	}
	switch (l->event->rec.operation) {
	case BT_OP_BIND:
		return "bindtrace.bind.failure";
	case BT_OP_LISTEN:
		return "bindtrace.listen.failure";
	case BT_OP_CONNECT:
		return "bindtrace.connect.failure";
	case BT_OP_AUTOBIND:
		return "bindtrace.autobind.failure";
	}
	return "bindtrace.failure";
}

/* What repeats was told with its own severity before. */
static int severity(const struct export_line *l)
{
	if (l->kind == KIND_RESOLVED)
		return SEVERITY_INFO;
	if (l->kind != KIND_FAILURE || l->event->verdict.has_frees_in)
		return SEVERITY_WARN;
	return SEVERITY_ERROR;
}

static struct json_object *record_of(const struct export_line *l, uint64_t observed_ns)
{
	struct json_object *o = json_object_new_object(), *body = json_object_new_object();
	int number = severity(l);
	char room[LOG_MESSAGE_MAX];
	struct text sentence;

	text_init(&sentence, room, sizeof(room));
	log_message_add(&sentence, l);
	if (l->about.realtime_ns)
		otlp_put_u64(o, "timeUnixNano", l->about.realtime_ns);
	otlp_put_u64(o, "observedTimeUnixNano", observed_ns);
	otlp_put(o, "severityNumber", json_object_new_int(number));
	otlp_put(o, "severityText",
		 json_object_new_string(number == SEVERITY_INFO	  ? "INFO"
					: number == SEVERITY_WARN ? "WARN"
								  : "ERROR"));
	otlp_put(o, "eventName", json_object_new_string(event_name(l)));
	otlp_put(body, "stringValue", json_object_new_string(room));
	otlp_put(o, "body", body);
	otlp_put(o, "attributes", otlp_attributes(l));
	return o;
}

int otlp_log_record(char **record, size_t *n, const struct export_line *line, uint64_t observed_ns)
{
	*record = NULL;
	if (line->kind != KIND_FAILURE && line->kind != KIND_FOLDED &&
	    line->kind != KIND_RESOLVED && line->kind != KIND_LOST)
		return 0;
	*record = otlp_print(record_of(line, observed_ns), n);
	if (*record && *n <= OTLP_MOST_RECORD)
		return 0;
	if (!*record)
		return -ENOMEM;
	free(*record);
	*record = NULL;
	return -EMSGSIZE;
}
