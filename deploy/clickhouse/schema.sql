-- SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
-- Refusals of a fleet, a row a line of bindtrace/1 as `rows` makes it:
--   rows <LINES | curl --fail -T- "$URL/?date_time_input_format=best_effort&query=INSERT+INTO+bindtrace.events+FORMAT+JSONEachRow"
-- The insert is strict: a key that is no column here is an error and not silently nothing.
-- Runs on ClickHouse 18.16 (Debian 12) and later.

CREATE DATABASE IF NOT EXISTS bindtrace;

CREATE TABLE IF NOT EXISTS bindtrace.events
(
    time DateTime('UTC'),
    host String,
    kind String,               -- failure, folded, resolved; lost; header
    seq UInt64,                -- of the line in its stream
    operation String,
    errno String,
    protocol String,
    family String,
    address String,
    port UInt16,
    reason String,
    layer String,
    refusals UInt64,           -- that no row before tells of: sum() is exact
    incident UInt64,
    asker String,              -- workload, container, unit or name of the process
    asker_deploy String,       -- ReplicaSet, container id or path of the executable: what a release changes
    asker_pid UInt32,
    asker_command String,
    holder_role String,
    holder_state String,
    holder String,             -- '' where no process is known to have the socket
    holder_pid UInt32,
    holder_command String,
    frees_in_s Nullable(Float64), -- NULL: needs somebody to act
    how String,                -- resolved: bound
    after_s Nullable(Float64), -- resolved: from the first refusal
    stage String,              -- lost: where
    lost UInt64,
    version String,            -- header: of bindtrace
    kernel String,
    hook String
)
ENGINE = MergeTree
PARTITION BY toDate(time)
ORDER BY (kind, port, host, time);
