-- Rows that backfills changed: what webhooks had not brought. Counts of reporters add up.
CREATE TABLE backfill_repairs (
    run             text NOT NULL,
    started_at      timestamptz NOT NULL,
    integration     text NOT NULL,
    reporter        text NOT NULL,
    organization_id bigint NOT NULL,
    repaired        bigint NOT NULL,
    reported_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (run, started_at, integration, reporter)
);
CREATE INDEX backfill_repairs_integration_idx ON backfill_repairs (integration, started_at);
CREATE INDEX backfill_repairs_reported_idx ON backfill_repairs (reported_at);

-- Webhook endpoints that are made at the vendor: orders of the api, carried out by the provisioner,
-- which alone can open the credentials. A request is due while it is not answered; what is
-- registered is looked at again at check_at.
CREATE TABLE vendor_registrations (
    integration_id bigint PRIMARY KEY REFERENCES integrations (id),
    request        bigint NOT NULL DEFAULT 1,
    answered       bigint NOT NULL DEFAULT 0,
    endpoint       text NOT NULL,
    outcome        text CHECK (outcome IN ('registered', 'kept', 'failed')),
    message        text,
    requested_at   timestamptz NOT NULL DEFAULT now(),
    check_at       timestamptz
);
CREATE INDEX vendor_registrations_due_idx
    ON vendor_registrations (requested_at) WHERE answered < request;
CREATE INDEX vendor_registrations_check_idx ON vendor_registrations (check_at);

-- Accounts at vendors that were connected by consent and are not claimed yet. The credential is
-- sealed for the integration of that id, which is made when the account is claimed; context is what
-- it is sealed under, for rotations.
CREATE TABLE vendor_connections (
    id                bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    claim_hash        bytea PRIMARY KEY,
    service           text NOT NULL,
    integration       text NOT NULL,
    account           text NOT NULL,
    credential_sealed text NOT NULL,
    context           text NOT NULL,
    created_at        timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX vendor_connections_created_idx ON vendor_connections (created_at);
