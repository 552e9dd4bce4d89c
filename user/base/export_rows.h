/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The options that say where events are exported to. `bindtrace export` acts on them; `bindtrace` and `bindtrace
 * record` take the same ones, and hand them on to a `bindtrace export` of their own.
 * ROW(what it is called in C, name, argument, help)
 */
#ifndef BT_BASE_EXPORT_ROWS_H
#define BT_BASE_EXPORT_ROWS_H

#define EXPORT_ROWS(ROW)                                                                           \
	ROW(metrics, "metrics", "PORT|ADDRESS:PORT",                                               \
	    "serve /metrics for Prometheus (address: 127.0.0.1)")                                  \
	ROW(textfile, "textfile", "FILE.prom", "the same as a file for node_exporter")             \
	ROW(port_series, "port-series", "N", "metrics of single ports, too: of N ports at most")   \
	ROW(journal, "journal", NULL,                                                              \
	    "entries for the journal of systemd, with fields to search by")                        \
	ROW(syslog, "syslog", "WHERE",                                                             \
	    "messages to unix:/dev/log, udp:HOST:PORT or tcp:HOST:PORT")                           \
	ROW(syslog_json, "syslog-json", NULL, "... with the whole event behind @cee:")             \
	ROW(otlp, "otlp", "URL|env",                                                               \
	    "logs and metrics to http://collector:4318; env: OTEL_EXPORTER_OTLP_*")           \
	ROW(otlp_interval, "otlp-interval", "TIME",                                                \
	    "metrics as often as that (default: 60s), and at the end")                             \
	ROW(otlp_gzip, "otlp-gzip", NULL, "compress what is sent as OTLP")                         \
	ROW(queue, "queue", "SIZE", "what may wait for a slow collector (default: 16M)")

#endif /* BT_BASE_EXPORT_ROWS_H */
