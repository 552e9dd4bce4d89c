// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/classes.h"

extern const struct exporter_class exporter_prometheus, exporter_textfile, exporter_journal,
	exporter_syslog, exporter_otlp;

const struct exporter_class *const exporter_classes[] = {
	&exporter_prometheus,
	&exporter_textfile,
	&exporter_journal,
	&exporter_syslog,
	&exporter_otlp,
	NULL,
};
