// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/otlp_resource.h"

#include <ctype.h>
#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/log.h"
#include "base/text.h"
#include "export/otlp_json.h"

/* The first line of a small file; empty: it cannot be read, or is longer. */
static void read_line(const char *path, char *out, size_t size)
{
	FILE *file = fopen(path, "re");
	char *newline;

	out[0] = '\0';
	if (!file)
		return;
	if (!fgets(out, (int)size, file))
		out[0] = '\0';
	newline = strchr(out, '\n');
	if (newline)
		*newline = '\0';
	else
		out[0] = '\0';
	fclose(file);
}

/* Version 4 of RFC 9562. */
static void random_uuid(char out[40])
{
	unsigned char b[16];

	out[0] = '\0';
	if (getrandom(b, sizeof(b), 0) != sizeof(b))
		return;
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	for (int i = 0, at = 0; i < 16; i++)
		at += sprintf(out + at, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
			      b[i]);
}

static int ignore(void *context, const char *key, const char *value)
{
	(void)context;
	(void)key;
	(void)value;
	return 0;
}

void otlp_identity_read(struct otlp_identity *who)
{
	*who = (struct otlp_identity){ .attributes = getenv("OTEL_RESOURCE_ATTRIBUTES"),
				       .service = getenv("OTEL_SERVICE_NAME") };
	random_uuid(who->instance);
	read_line("/etc/machine-id", who->host_id, sizeof(who->host_id));
	read_line("/proc/sys/kernel/random/boot_id", who->boot_id, sizeof(who->boot_id));
	if (!who->attributes || !otlp_pairs(who->attributes, ignore, NULL))
		return;
	/* as the specification of OpenTelemetry's environment wants it: all of it or nothing */
	log_warning("OTEL_RESOURCE_ATTRIBUTES is not key=value,key=value; it is left out");
	who->attributes = NULL;
}

/* One pair, at text; n bytes. */
static int pair(const char *text, size_t n,
		int (*add)(void *context, const char *key, const char *value), void *context)
{
	const char *equals = memchr(text, '=', n), *value, *end = text + n;
	char *key, *decoded;
	int length = 0, answer = -EINVAL;

	if (!equals)
		return -EINVAL;
	value = equals + 1;
	while (text < equals && isspace((unsigned char)*text))
		text++;
	while (equals > text && isspace((unsigned char)equals[-1]))
		equals--;
	while (value < end && isspace((unsigned char)*value))
		value++;
	while (end > value && isspace((unsigned char)end[-1]))
		end--;
	key = strndup(text, (size_t)(equals - text));
	/* a length of 0 would mean: up to the NUL */
	decoded = value < end ? curl_easy_unescape(NULL, value, (int)(end - value), &length)
			      : strdup("");
	if (key && decoded && key[0] && strlen(decoded) == (size_t)length &&
	    text_is_utf8(decoded, (size_t)length) && text_is_utf8(key, strlen(key)))
		answer = add(context, key, decoded);
	free(key);
	free(decoded);
	return answer;
}

int otlp_pairs(const char *text, int (*add)(void *context, const char *key, const char *value),
	       void *context)
{
	int answer = 0;
	size_t n;

	for (; *text && !answer; text += n + (text[n] == ',')) {
		n = strcspn(text, ",");
		if (strspn(text, " \t") < n)
			answer = pair(text, n, add, context);
	}
	return answer;
}

/* The latest of a key counts. */
struct resource {
	struct json_object *attributes;
};

static bool has(const struct resource *r, const char *key)
{
	size_t n = json_object_array_length(r->attributes);
	struct json_object *name;

	for (size_t i = 0; i < n; i++) {
		json_object_object_get_ex(json_object_array_get_idx(r->attributes, i), "key",
					  &name);
		if (!strcmp(json_object_get_string(name), key))
			return true;
	}
	return false;
}

static int add(void *context, const char *key, const char *value)
{
	struct resource *r = context;

	if (!has(r, key))
		otlp_add_text(r->attributes, key, value);
	return 0;
}

/* The names that the semantic conventions have for the machines of `uname -m`. */
static const char *arch(const char *machine)
{
	static const char *const names[][2] = { { "x86_64", "amd64" },
						{ "aarch64", "arm64" },
						{ "i686", "x86" },
						{ "armv7l", "arm32" },
						{ "ppc64le", "ppc64" } };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(machine, names[i][0]))
			return names[i][1];
	return machine;
}

char *otlp_resource(const struct export_stream *stream, const struct otlp_identity *who)
{
	struct resource r = { json_object_new_array() };
	struct json_object *o = json_object_new_object();
	const struct host_facts *h = &stream->host;
	size_t n;

	if (who->service)
		add(&r, "service.name", who->service);
	if (who->attributes)
		otlp_pairs(who->attributes, add, &r);
	add(&r, "service.name", "bindtrace");
	add(&r, "service.version", stream->version);
	add(&r, "service.instance.id", who->instance);
	add(&r, "host.name", h->host);
	if (h->boot_id[0] && !strcmp(h->boot_id, who->boot_id))
		add(&r, "host.id", who->host_id);
	add(&r, "host.arch", arch(h->machine));
	add(&r, "os.type", "linux");
	add(&r, "os.version", h->kernel);
	add(&r, "bindtrace.boot_id", h->boot_id);
	otlp_put(o, "attributes", r.attributes);
	return otlp_print(o, &n);
}
