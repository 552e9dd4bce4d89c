/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where to send OTLP, and how: from the options and the environment (OTEL_*). */
#ifndef BT_OTLP_CONFIG_H
#define BT_OTLP_CONFIG_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

struct options;

/* The kinds of what is sent. */
enum otlp_signal { OTLP_LOGS, OTLP_METRICS, OTLP_SIGNALS };

struct otlp_config {
	char *url[OTLP_SIGNALS];
	char *where[OTLP_SIGNALS]; /* the same for messages: without what may be secret */
	struct curl_slist *headers[OTLP_SIGNALS]; /* "Name: value"; secret */
	long timeout_ms;			  /* of one request */
	uint64_t interval_ns;			  /* between two of metrics */
	bool gzip;
	const char *certificates; /* a file of authorities; NULL: the system's */
};

/*
 * Reads it. 0, or a status of base/status.h whose reason has been printed; no message has a header's value or what
 * stands behind '?' in a URL. otlp_config_free() lets go of it, also after a failure.
 */
int otlp_config_read(struct otlp_config *c, const struct options *o);
void otlp_config_free(struct otlp_config *c);

/* Whether the value of a header, which only the collector and we are to know, is among these bytes. */
bool otlp_secret(const struct otlp_config *c, enum otlp_signal signal, const char *bytes, size_t n);

#endif /* BT_OTLP_CONFIG_H */
