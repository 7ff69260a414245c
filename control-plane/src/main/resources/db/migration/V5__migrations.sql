-- Organizations that move to a database of their own.

-- Whose server a database is on, how it is reached, and whether writers wait for another one.
ALTER TABLE organization_databases
    ADD COLUMN ssl_mode text,
    ADD COLUMN run_by   text NOT NULL DEFAULT 'operator' CHECK (run_by IN ('operator', 'customer')),
    ADD COLUMN held     boolean NOT NULL DEFAULT false;

-- source and destination are for people and hold no secret.
CREATE TABLE database_migrations (
    id                     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id        bigint NOT NULL REFERENCES organizations (id),
    state                  text NOT NULL DEFAULT 'enqueued' CHECK (state IN
        ('enqueued', 'copying', 'holding', 'switching', 'finished', 'failed')),
    source                 text NOT NULL,
    destination            text NOT NULL,
    host                   text NOT NULL,
    port                   integer NOT NULL,
    name                   text NOT NULL,
    schema_name            text NOT NULL,
    ssl_mode               text,
    owner                  text NOT NULL,
    owner_password_sealed  text,
    reader                 text NOT NULL,
    readonly_url_encrypted text,
    epoch                  bigint,
    failure                text,
    last_problem           text,
    requested_by           bigint NOT NULL REFERENCES customers (id),
    created_at             timestamptz NOT NULL DEFAULT now(),
    started_at             timestamptz,
    held_at                timestamptz,
    finished_at            timestamptz
);
CREATE UNIQUE INDEX database_migrations_running_idx ON database_migrations (organization_id)
    WHERE state NOT IN ('finished', 'failed');
CREATE INDEX database_migrations_organization_idx ON database_migrations (organization_id, id);

-- How far each table is. since_micros is a time of the source's clock: rows written from then on
-- are looked at again before the switch.
CREATE TABLE migration_tables (
    migration_id   bigint NOT NULL REFERENCES database_migrations (id),
    integration_id bigint NOT NULL REFERENCES integrations (id),
    cursor_pk      bigint NOT NULL DEFAULT 0,
    copied         bigint NOT NULL DEFAULT 0,
    expected       bigint NOT NULL,
    since_micros   bigint NOT NULL,
    finished_at    timestamptz,
    PRIMARY KEY (migration_id, integration_id)
);

-- Subtasks that write nothing of an earlier epoch any more.
CREATE TABLE epoch_reports (
    organization_id bigint NOT NULL,
    epoch           bigint NOT NULL,
    subtask         integer NOT NULL,
    subtasks        integer NOT NULL,
    reported_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, epoch, subtask)
);

-- What becomes of rows that are deleted at the vendor, and whether the table of the keys of such
-- rows is there.
ALTER TABLE integrations
    ADD COLUMN deletion         text NOT NULL DEFAULT 'tombstone'
        CHECK (deletion IN ('tombstone', 'hard')),
    ADD COLUMN tombstones_ready boolean NOT NULL DEFAULT false;

-- A newer definition whose columns the table does not have yet.
ALTER TABLE integrations ADD COLUMN wanted_definition text REFERENCES definitions (hash);

-- Columns that were added and are filled from what the rows kept.
CREATE TABLE column_fills (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    integration_id bigint NOT NULL REFERENCES integrations (id),
    from_hash      text NOT NULL REFERENCES definitions (hash),
    to_hash        text NOT NULL REFERENCES definitions (hash),
    pass           integer NOT NULL DEFAULT 1,
    cursor_pk      bigint NOT NULL DEFAULT 0,
    filled         bigint NOT NULL DEFAULT 0,
    created_at     timestamptz NOT NULL DEFAULT now(),
    finished_at    timestamptz
);
CREATE INDEX column_fills_integration_idx ON column_fills (integration_id, id);
