/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a request is answered with: /metrics, a page that leads there, or that there is no such thing. */
#ifndef BT_EXPORT_PROMETHEUS_HTTP_H
#define BT_EXPORT_PROMETHEUS_HTTP_H

#include <microhttpd.h>

#include "export/metrics.h"

/*
 * A server that answers with these counts, until MHD_stop_daemon(). how is MHD_USE_*; fd listens, and is the server's
 * from then on (-1: connections are handed to it). NULL with errno.
 */
struct MHD_Daemon *prometheus_http(struct metrics *m, unsigned how, int fd);

#endif /* BT_EXPORT_PROMETHEUS_HTTP_H */
