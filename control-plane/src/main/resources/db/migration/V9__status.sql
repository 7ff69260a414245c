-- What comes back from jobs and ingest: reports, dead letters, replays, and alerts made of them.

-- Next offset of each topic the provisioner reads, written in the transaction that stores what was
-- read.
CREATE TABLE read_offsets (
    topic       text NOT NULL,
    partition   integer NOT NULL,
    next_offset bigint NOT NULL,
    PRIMARY KEY (topic, partition)
);

ALTER TABLE integration_minutes
    ADD COLUMN latency_sum_millis bigint NOT NULL DEFAULT 0,
    ADD COLUMN latency_max_millis bigint NOT NULL DEFAULT 0;
CREATE INDEX integration_minutes_minute_idx ON integration_minutes (minute);

-- The newest report of each reporter: integration_minutes is their sum.
CREATE TABLE integration_minute_reports (
    minute             timestamptz NOT NULL,
    integration        text NOT NULL,
    reporter           text NOT NULL,
    received           bigint NOT NULL,
    rejected           bigint NOT NULL,
    duplicate          bigint NOT NULL,
    stale              bigint NOT NULL,
    applied            bigint NOT NULL,
    dead               bigint NOT NULL,
    bytes              bigint NOT NULL,
    latency_sum_millis bigint NOT NULL,
    latency_max_millis bigint NOT NULL,
    stored_at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (minute, integration, reporter)
);
CREATE INDEX integration_minute_reports_stored_idx ON integration_minute_reports (stored_at);

-- When something was last seen of an integration; requests to the minute.
CREATE TABLE integration_activity (
    integration      text PRIMARY KEY,
    last_received_at timestamptz,
    last_rejected_at timestamptz,
    last_synced_at   timestamptz
);

-- The last requests of an integration, at most ten of each reporter.
CREATE TABLE integration_requests (
    integration text NOT NULL,
    reporter    text NOT NULL,
    at          timestamptz NOT NULL,
    status      integer NOT NULL,
    outcome     text NOT NULL,
    millis      bigint NOT NULL,
    PRIMARY KEY (integration, at, reporter)
);
CREATE INDEX integration_requests_at_idx ON integration_requests (at);

-- Records that could not be applied: where they lie, never what they hold. One that dies of the
-- same cause again is the same dead letter, with another place.
CREATE TABLE dead_letters (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    opaque_id       text NOT NULL UNIQUE,
    identity        text NOT NULL UNIQUE,
    organization_id bigint NOT NULL,
    integration     text NOT NULL,
    topic           text NOT NULL,
    partition       integer NOT NULL,
    record_offset   bigint NOT NULL,
    event_id        text NOT NULL,
    remote_key      text,
    reason          text NOT NULL,
    message         text NOT NULL,
    sql_state       text,
    attempts        integer NOT NULL,
    died_at         timestamptz NOT NULL,
    state           text NOT NULL DEFAULT 'dead' CHECK (state IN ('dead', 'retrying', 'retried', 'gone')),
    retried_at      timestamptz,
    retried_by      bigint REFERENCES customers (id)
);
CREATE INDEX dead_letters_organization_idx ON dead_letters (organization_id, id DESC);
CREATE INDEX dead_letters_died_idx ON dead_letters (died_at);
CREATE INDEX dead_letters_retrying_idx ON dead_letters (id) WHERE state = 'retrying';

-- Stored requests that someone wants to see, for the moment until they are shown.
CREATE UNLOGGED TABLE stored_request_views (
    id            uuid PRIMARY KEY,
    topic         text NOT NULL,
    partition     integer NOT NULL,
    record_offset bigint NOT NULL,
    integration   text NOT NULL,
    requested_at  timestamptz NOT NULL DEFAULT now(),
    fetched_at    timestamptz,
    view          text
);

-- How far each replay got. cursors holds, per topic and partition, the next offset and the end.
CREATE TABLE replays (
    opaque_id       text PRIMARY KEY,
    organization_id bigint NOT NULL REFERENCES organizations (id),
    state           text NOT NULL,
    looked_at       bigint NOT NULL DEFAULT 0,
    emitted         bigint NOT NULL DEFAULT 0,
    refused         bigint NOT NULL DEFAULT 0,
    cursors         text,
    failure         text,
    started_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now()
);

-- State of each shard of a sync target, as last reported.
CREATE TABLE sync_progress (
    target            text NOT NULL,
    integration       text NOT NULL,
    shard             integer NOT NULL,
    organization_id   bigint NOT NULL,
    row_count         bigint NOT NULL,
    bytes             bigint NOT NULL,
    pending           bigint NOT NULL,
    loaded            bigint NOT NULL,
    loading           boolean NOT NULL,
    oldest_pending_at timestamptz,
    last_synced_at    timestamptz,
    next_at           timestamptz,
    reported_at       timestamptz NOT NULL,
    failures          integer NOT NULL,
    failure           text,
    PRIMARY KEY (target, integration, shard)
);

-- What deliveries to a subscription came to.
CREATE TABLE subscription_health (
    subscription     text PRIMARY KEY,
    organization_id  bigint NOT NULL,
    last_attempt_at  timestamptz NOT NULL,
    last_outcome     text NOT NULL,
    last_status      integer NOT NULL,
    last_success_at  timestamptz,
    failing_since    timestamptz,
    gone_at          timestamptz,
    disabled_at      timestamptz,
    disabled_because text
);

-- Alerts: when each was last raised, and what is on its way to people.
CREATE TABLE alert_marks (
    signature  text PRIMARY KEY,
    raised_at  timestamptz NOT NULL,
    suppressed bigint NOT NULL DEFAULT 0
);
CREATE TABLE alerts (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL REFERENCES organizations (id),
    integration     text,
    kind            text NOT NULL,
    signature       text NOT NULL,
    subject         text NOT NULL,
    message         text NOT NULL,
    details         text NOT NULL,
    raised_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX alerts_organization_idx ON alerts (organization_id, id DESC);
CREATE INDEX alerts_raised_idx ON alerts (raised_at);
CREATE TABLE alert_outbox (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    alert_id        bigint NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    channel         text NOT NULL CHECK (channel IN ('mail', 'handler')),
    address         text NOT NULL,
    attempts        integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    sent_at         timestamptz,
    last_failure    text
);
CREATE INDEX alert_outbox_due_idx ON alert_outbox (next_attempt_at) WHERE sent_at IS NULL;
CREATE INDEX alert_outbox_alert_idx ON alert_outbox (alert_id);
