-- Runs that fetch what vendors' APIs list: orders of people and the newest run of each schedule.
-- Written from what the backfill job reports.
CREATE TABLE backfill_runs (
    id               text PRIMARY KEY,
    organization_id  bigint NOT NULL,
    integration      text NOT NULL,
    state            text NOT NULL,
    pages            bigint NOT NULL DEFAULT 0,
    items            bigint NOT NULL DEFAULT 0,
    repaired         bigint NOT NULL DEFAULT -1,
    items_per_second double precision NOT NULL DEFAULT 0,
    estimated_end    timestamptz,
    started_at       timestamptz,
    finished_at      timestamptz,
    failure          text,
    reported_at      timestamptz NOT NULL
);
CREATE INDEX backfill_runs_integration_idx ON backfill_runs (integration, started_at);

-- Seconds between scheduled runs; null: as the catalogue says, 0: never.
ALTER TABLE integrations ADD COLUMN poll_seconds integer CHECK (poll_seconds >= 0);
