/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The Resource of OpenTelemetry: the machine and the program that a stream comes from. */
#ifndef BT_OTLP_RESOURCE_H
#define BT_OTLP_RESOURCE_H

#include "export/line.h"

/* What no stream tells. */
struct otlp_identity {
	char instance[40];	/* a UUID of this run, lower case */
	char host_id[40];	/* of the machine this runs on: /etc/machine-id; empty: not known */
	char boot_id[40];	/* ... and which boot of it; empty: not known */
	const char *attributes; /* OTEL_RESOURCE_ATTRIBUTES, with which they begin; NULL: none */
	const char *service;	/* OTEL_SERVICE_NAME; NULL: none */
};

/* Reads all of it, from /etc, /proc and the environment. What cannot be read stays empty. */
void otlp_identity_read(struct otlp_identity *who);

/*
 * The Resource as JSON, which the caller frees; NULL without memory. What the environment says comes before what
 * the stream says; host.id is told only where the stream is of this very boot.
 */
char *otlp_resource(const struct export_stream *stream, const struct otlp_identity *who);

/*
 * "key=value,key=value", percent-encoded: calls add() with each pair, decoded, until it answers other than 0, and
 * that is the answer. -EINVAL: this is no such list; a pair before may have been handed out.
 */
int otlp_pairs(const char *text, int (*add)(void *context, const char *key, const char *value),
	       void *context);

#endif /* BT_OTLP_RESOURCE_H */
