-- SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
-- What a fleet asks, about one day: clickhouse-client -n --param_day=2026-11-28 <queries.sql, or &param_day= over HTTP.
-- Where that is not known (18.16 of Debian 12), put toDate('2026-11-28') in the place of {day:Date}.

-- totals: how much is it, and is anything missing?
SELECT countIf(kind = 'failure') AS events, sum(refusals) AS refused, sum(lost) AS lost, uniq(host) AS hosts
FROM bindtrace.events
WHERE toDate(time) = {day:Date};

-- hosts: on which machines?
SELECT host, sum(refusals) AS refused, uniqIf(port, kind = 'failure') AS ports, sum(lost) AS lost
FROM bindtrace.events
WHERE toDate(time) = {day:Date}
GROUP BY host
ORDER BY refused DESC, host;

-- pairs: who wants what whom has?
SELECT asker, holder, uniq(host) AS hosts, sum(refusals) AS refused, topK(3)(port) AS ports, min(time) AS first, max(time) AS last
FROM bindtrace.events
WHERE toDate(time) = {day:Date} AND asker != ''
GROUP BY asker, holder
ORDER BY refused DESC, asker, holder
LIMIT 20;

-- ports: which ones?
SELECT port, protocol, sum(refusals) AS refused, uniq(host) AS hosts, topK(1)(reason)[1] AS mostly
FROM bindtrace.events
WHERE toDate(time) = {day:Date} AND port != 0
GROUP BY port, protocol
ORDER BY refused DESC, port
LIMIT 20;

-- crash_loops: what was started again and again, and refused each time? Ten processes within ten minutes.
SELECT host, asker, port, holder, max(in_a_window) AS in_ten_minutes, sum(refused) AS refused, min(first) AS began, max(last) AS ended
FROM
(
    SELECT host, asker, port, holder, uniq(asker_pid) AS in_a_window, sum(refusals) AS refused, min(time) AS first, max(time) AS last
    FROM bindtrace.events
    WHERE toDate(time) = {day:Date} AND kind = 'failure'
    GROUP BY host, asker, port, holder, intDiv(toUnixTimestamp(time), 600)
    HAVING in_a_window >= 10
)
GROUP BY host, asker, port, holder
ORDER BY refused DESC, host, asker;

-- longest: how long was a port not to be had?
SELECT host, port, asker, holder, after_s, time AS resolved
FROM bindtrace.events
WHERE toDate(time) = {day:Date} AND kind = 'resolved'
ORDER BY after_s DESC, host, port
LIMIT 20;

-- deploys: since which release? A row a release of a workload and a holder; the one before it is the row above.
SELECT asker, holder, asker_deploy, min(time) AS first, max(time) AS last, uniq(host) AS hosts, sum(refusals) AS refused
FROM bindtrace.events
WHERE toDate(time) = {day:Date} AND asker LIKE '%/%'
GROUP BY asker, holder, asker_deploy
ORDER BY asker, holder, first
LIMIT 100;

-- tracers: which versions, which kernels, and who sees less than with fexit?
SELECT version, kernel, hook, uniq(host) AS hosts, min(host) AS such_as
FROM bindtrace.events
WHERE kind = 'header' AND toDate(time) <= {day:Date}
GROUP BY version, kernel, hook
ORDER BY hosts DESC, version, kernel;
