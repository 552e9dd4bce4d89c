# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The exporter that a tracer starts."""
import signal

from engine import await_http, awaited, bindtrace, get, refuse, samples
from kit import case, check


@case
def metrics_of_a_tracer(this):
    """A real refusal is in /metrics, and the child ends with its tracer."""
    p = bindtrace(this, "-P", "21000", "--metrics", "19095", "--json")
    p.lines.until('"kind":"header"')
    url = "http://127.0.0.1:19095/metrics"
    await_http(url)
    refuse(this, 21000)
    p.lines.until('"kind":"failure"')
    series = ('bindtrace_failures_total{operation="bind",errno="EADDRINUSE",reason="listener",'
              'protocol="tcp",family="ipv4"}')
    awaited(series, lambda: samples(get(url)[2]).get(series) == 1)
    said = p.stop(signal.SIGINT)
    check(p.process.returncode == 0, f"status {p.process.returncode}: {said[-300:]}")
