// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/prometheus_http.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "export/prometheus_text.h"

/* Who reads one byte a second has a place until this many seconds have passed without any. */
enum { MOST_CONNECTIONS = 64, MOST_OF_ONE_ADDRESS = 16, TIMEOUT_S = 30 };

static enum MHD_Result answer(struct MHD_Connection *c, unsigned status, const char *type,
			      struct MHD_Response *response)
{
	enum MHD_Result result = MHD_NO;

	bool fine =
		response && MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);

	/* RFC 9110 wants that said */
	if (fine && status == MHD_HTTP_METHOD_NOT_ALLOWED)
		fine = MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	if (fine)
		result = MHD_queue_response(c, status, response);
	if (response)
		MHD_destroy_response(response);
	return result;
}

static enum MHD_Result say(struct MHD_Connection *c, unsigned status, const char *type, char *words)
{
	return answer(c, status, type,
		      MHD_create_response_from_buffer(strlen(words), words,
						      MHD_RESPMEM_PERSISTENT));
}

static enum MHD_Result metrics_page(struct metrics *m, struct MHD_Connection *c)
{
	const char *accept =
		MHD_lookup_connection_value(c, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT);
	bool asked = accept && strstr(accept, "application/openmetrics-text");
	enum prometheus_format format = asked ? PROMETHEUS_OPENMETRICS : PROMETHEUS_TEXT;
	uint64_t now_ns = clock_realtime_ns(clock_boottime_ns(), clock_offset_ns());
	char *page = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&page, &n);
	int err = out ? prometheus_text(out, m, now_ns, format) : -ENOMEM;

	if ((out && fclose(out)) || err) {
		free(page);
		return MHD_NO;
	}
	return answer(c, MHD_HTTP_OK, prometheus_content_type(format),
		      MHD_create_response_from_buffer(n, page, MHD_RESPMEM_MUST_FREE));
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *c, const char *url,
				  const char *method, const char *version, const char *data,
				  size_t *n, void **state)
{
	static char front[] =
		"<!doctype html><title>bindtrace</title><a href=/metrics>metrics</a>\n",
		    no_page[] = "There is only /metrics.\n", no_method[] = "GET and HEAD only.\n";

	(void)version;
	(void)data;
	(void)state;
	*n = 0;
	if (strcmp(method, MHD_HTTP_METHOD_GET) && strcmp(method, MHD_HTTP_METHOD_HEAD))
		return say(c, MHD_HTTP_METHOD_NOT_ALLOWED, "text/plain", no_method);
	if (!strcmp(url, "/metrics"))
		return metrics_page(context, c);
	if (!strcmp(url, "/"))
		return say(c, MHD_HTTP_OK, "text/html", front);
	return say(c, MHD_HTTP_NOT_FOUND, "text/plain", no_page);
}

/* A client that sends what is no HTTP is no news for the one who runs us. */
static void no_log(void *context, const char *format, va_list args)
{
	(void)context;
	(void)format;
	(void)args;
}

struct MHD_Daemon *prometheus_http(struct metrics *m, unsigned how, int fd)
{
	struct MHD_OptionItem listens[] = {
		{ fd < 0 ? MHD_OPTION_END : MHD_OPTION_LISTEN_SOCKET, fd, NULL },
		{ MHD_OPTION_END, 0, NULL },
	};

	return MHD_start_daemon(how | MHD_USE_ERROR_LOG, 0, NULL, NULL, on_request, m,
				MHD_OPTION_EXTERNAL_LOGGER, no_log, NULL, MHD_OPTION_ARRAY, listens,
				MHD_OPTION_CONNECTION_LIMIT, (unsigned)MOST_CONNECTIONS,
				MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)MOST_OF_ONE_ADDRESS,
				MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)TIMEOUT_S, MHD_OPTION_END);
}
