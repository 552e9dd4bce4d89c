// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/otlp_config.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/number.h"
#include "base/status.h"
#include "base/version.h"
#include "export/options.h"
#include "export/otlp_resource.h"

#define ENVIRONMENT	 "env"
#define DEFAULT_ENDPOINT "http://localhost:4318"

#define OTLP_FIRST_HEADER "Content-Type: application/json"

enum { TIMEOUT_MS = 10000, INTERVAL_MS = 60000, MOST_MS = 3600000 };

static const struct {
	const char *path, *endpoint, *headers;
} signals[OTLP_SIGNALS] = {
	{ "v1/logs", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_HEADERS" },
	{ "v1/metrics", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
	  "OTEL_EXPORTER_OTLP_METRICS_HEADERS" },
};

/* One that is set but empty counts as not set, as the specification has it. */
static const char *variable(const char *name)
{
	const char *value = getenv(name);

	return value && value[0] ? value : NULL;
}

static bool http(CURLU *u)
{
	char *scheme = NULL, *user = NULL;
	bool fine = !curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) &&
		    (!strcmp(scheme, "http") || !strcmp(scheme, "https")) &&
		    curl_url_get(u, CURLUPART_USER, &user, 0) == CURLUE_NO_USER;

	curl_free(scheme);
	curl_free(user);
	return fine;
}

/* "http://host:4318" and "v1/logs": one slash between them, whether there is one already or not. */
static bool append(CURLU *u, const char *more)
{
	char *path = NULL, *longer = NULL;
	bool fine = !curl_url_get(u, CURLUPART_PATH, &path, 0) &&
		    asprintf(&longer, "%s%s%s", path, path[strlen(path) - 1] == '/' ? "" : "/",
			     more) > 0 &&
		    !curl_url_set(u, CURLUPART_PATH, longer, 0);

	curl_free(path);
	free(longer);
	return fine;
}

/* more: what to append; NULL: it is the whole URL. */
static bool read_url(char **url, char **where, const char *text, const char *more)
{
	CURLU *u = curl_url();
	bool fine = u && !curl_url_set(u, CURLUPART_URL, text, 0) && http(u) &&
		    (!more || append(u, more)) && !curl_url_set(u, CURLUPART_FRAGMENT, NULL, 0) &&
		    !curl_url_get(u, CURLUPART_URL, url, 0) &&
		    !curl_url_set(u, CURLUPART_QUERY, NULL, 0) &&
		    !curl_url_get(u, CURLUPART_URL, where, 0);

	curl_url_cleanup(u);
	return fine;
}

static int read_endpoint(struct otlp_config *c, enum otlp_signal i, const char *base,
			 const char *source)
{
	const char *own = source ? NULL : variable(signals[i].endpoint);

	if (own && read_url(&c->url[i], &c->where[i], own, NULL))
		return EXIT_OK;
	if (!own && read_url(&c->url[i], &c->where[i], base, signals[i].path))
		return EXIT_OK;
	log_error("%s is not a URL that OTLP goes to; write http://collector:4318, and "
		  "credentials into OTEL_EXPORTER_OTLP_HEADERS",
		  own	   ? signals[i].endpoint
		  : source ? source
			   : "OTEL_EXPORTER_OTLP_ENDPOINT");
	return EXIT_USAGE;
}

/* What is ours to say, or would be another request. */
static bool ours(const char *name)
{
	static const char *const names[] = { "Content-Type", "Content-Encoding", "Content-Length",
					     "Transfer-Encoding", "Expect" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcasecmp(name, names[i]))
			return true;
	return false;
}

/* RFC 9110: a token, and a value in which no control character begins another header. */
static bool header_valid(const char *name, const char *value)
{
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("!#$%&'*+-.^_`|~", *name))
			return false;
	for (; *value; value++)
		if (iscntrl((unsigned char)*value) && *value != '\t')
			return false;
	return true;
}

static int add_line(struct curl_slist **list, const char *line)
{
	struct curl_slist *longer = curl_slist_append(*list, line);

	if (!longer)
		return -ENOMEM;
	*list = longer;
	return 0;
}

static int add_header(void *context, const char *name, const char *value)
{
	char *line;
	int err;

	if (!header_valid(name, value) || ours(name))
		return -EINVAL;
	/* curl would take "Name:" for a header to leave out */
	if (asprintf(&line, value[0] ? "%s: %s" : "%s;", name, value) < 0)
		return -ENOMEM;
	err = add_line(context, line);
	free(line);
	return err;
}

static int read_headers(struct otlp_config *c, enum otlp_signal i)
{
	const char *name =
		variable(signals[i].headers) ? signals[i].headers : "OTEL_EXPORTER_OTLP_HEADERS";
	struct curl_slist **list = &c->headers[i];
	const char *text = variable(name);
	int err;

	/* those of others come first, otlp_secret() ends at ours */
	err = text ? otlp_pairs(text, add_header, list) : 0;
	err = err ? err : add_line(list, OTLP_FIRST_HEADER);
	err = err ? err
		  : add_line(list, "User-Agent: OTel-OTLP-Exporter-bindtrace/" BINDTRACE_VERSION);
	/* 100 Continue is more than some collectors have heard of, and a second lost for each request */
	err = err ? err : add_line(list, "Expect:");
	if (!err && c->gzip)
		err = add_line(list, "Content-Encoding: gzip");
	if (!err)
		return EXIT_OK;
	if (err == -EINVAL)
		log_error("%s is not name=value,name=value of headers; spaces and commas in a "
			  "value are written as %%20 and %%2C",
			  name);
	else
		log_error("out of memory");
	return err == -EINVAL ? EXIT_USAGE : EXIT_FAILED;
}

/* A number of milliseconds; one that cannot be used is left out, as the specification wants it. */
static uint64_t milliseconds(const char *name, uint64_t otherwise)
{
	const char *text = variable(name);
	uint64_t ms;

	if (!text)
		return otherwise;
	if (!number_u64(text, &ms) && ms && ms <= MOST_MS)
		return ms;
	log_warning("%s is not a number of milliseconds up to an hour; it is left out", name);
	return otherwise;
}

static bool read_gzip(const struct options *o)
{
	const char *name = "OTEL_EXPORTER_OTLP_COMPRESSION", *text = variable(name);

	if (o->otlp_gzip)
		return true;
	if (text && strcmp(text, "gzip") && strcmp(text, "none"))
		log_warning("%s is neither gzip nor none; it is left out", name);
	return text && !strcmp(text, "gzip");
}

int otlp_config_read(struct otlp_config *c, const struct options *o)
{
	const char *option = strcmp(o->otlp, ENVIRONMENT) ? "the argument of --otlp" : NULL;
	const char *base = option ? o->otlp : variable("OTEL_EXPORTER_OTLP_ENDPOINT");
	int status = EXIT_OK;

	*c = (struct otlp_config){
		.gzip = read_gzip(o),
		.timeout_ms = (long)milliseconds("OTEL_EXPORTER_OTLP_TIMEOUT", TIMEOUT_MS),
		.interval_ns = o->otlp_interval_ns,
		.certificates = variable("OTEL_EXPORTER_OTLP_CERTIFICATE"),
	};
	if (!c->interval_ns)
		c->interval_ns = milliseconds("OTEL_METRIC_EXPORT_INTERVAL", INTERVAL_MS) * 1000000;
	for (int i = 0; i < OTLP_SIGNALS && !status; i++) {
		status = read_endpoint(c, i, base ? base : DEFAULT_ENDPOINT, option);
		status = status ? status : read_headers(c, i);
	}
	return status;
}

/* A value, and of "Bearer TOKEN" the token alone. */
static bool has(const char *bytes, size_t n, const char *value)
{
	const char *space = strrchr(value, ' ');

	return (value[0] && memmem(bytes, n, value, strlen(value))) ||
	       (space && space[1] && memmem(bytes, n, space + 1, strlen(space + 1)));
}

bool otlp_secret(const struct otlp_config *c, enum otlp_signal signal, const char *bytes, size_t n)
{
	const struct curl_slist *h = c->headers[signal];
	const char *colon;

	for (; h && strcmp(h->data, OTLP_FIRST_HEADER); h = h->next) {
		colon = strstr(h->data, ": ");
		if (colon && has(bytes, n, colon + 2))
			return true;
	}
	return false;
}

void otlp_config_free(struct otlp_config *c)
{
	for (int i = 0; i < OTLP_SIGNALS; i++) {
		curl_free(c->url[i]);
		curl_free(c->where[i]);
		curl_slist_free_all(c->headers[i]);
	}
}
