// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/classes.h"

extern const struct exporter_class exporter_prometheus, exporter_textfile, exporter_journal,
	exporter_syslog, exporter_otlp;

/* In the order in which they end: what the first ones lose at their end, the metrics still tell. */
const struct exporter_class *const exporter_classes[] = {
	&exporter_journal,  &exporter_syslog,	  &exporter_otlp,
	&exporter_textfile, &exporter_prometheus, NULL,
};
