-- Tokens for scripts. A token is its id and 256 random bits, of which only the digest is kept.
-- It acts for who made it and ends with their membership.
CREATE TABLE api_tokens (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    opaque_id       text NOT NULL UNIQUE,
    organization_id bigint NOT NULL REFERENCES organizations (id),
    name            text NOT NULL CHECK (name <> ''),
    scope           text NOT NULL CHECK (scope IN ('read', 'write', 'ingest-admin')),
    token_hash      bytea NOT NULL,
    created_by      bigint NOT NULL REFERENCES customers (id),
    created_at      timestamptz NOT NULL DEFAULT now(),
    expires_at      timestamptz,
    last_used_at    timestamptz,
    revoked_at      timestamptz
);
CREATE INDEX api_tokens_organization_idx ON api_tokens (organization_id, id);

-- Who did what. A row is written in the transaction of the act where it has one, so that there is
-- no act without its row; status is what was answered, null where the process ended before that.
-- Logins belong to a person, not to an organization.
CREATE TABLE audit_log (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at              timestamptz NOT NULL DEFAULT now(),
    organization_id bigint REFERENCES organizations (id),
    customer_id     bigint REFERENCES customers (id),
    actor           text NOT NULL,
    via             text NOT NULL,
    action          text NOT NULL,
    subject         text NOT NULL,
    detail          text NOT NULL,
    address         text NOT NULL,
    forwarded_for   text NOT NULL,
    status          integer,
    CHECK (organization_id IS NOT NULL OR customer_id IS NOT NULL)
);
CREATE INDEX audit_log_organization_idx ON audit_log (organization_id, id);
CREATE INDEX audit_log_customer_idx ON audit_log (customer_id, id) WHERE organization_id IS NULL;
CREATE INDEX audit_log_at_idx ON audit_log (at);

-- One rotation of every keyset. keys holds ids of keys, never keys. What was done is noted only
-- when it is done, and every step may be repeated. place and after_id say how far the stored
-- ciphertexts were rewritten in this pass; listed is the newest entry of the list of entities that
-- has to be published.
CREATE TABLE key_rotations (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    step           text NOT NULL,
    keys           jsonb NOT NULL,
    parts          text[] NOT NULL,
    step_at        timestamptz NOT NULL DEFAULT now(),
    place          integer NOT NULL DEFAULT 0,
    after_id       bigint NOT NULL DEFAULT 0,
    rewritten      bigint NOT NULL DEFAULT 0,
    pass_rewritten bigint NOT NULL DEFAULT 0,
    listed         bigint NOT NULL DEFAULT 0,
    published_at   timestamptz,
    told_at        timestamptz,
    started_at     timestamptz NOT NULL DEFAULT now(),
    finished_at    timestamptz
);
CREATE UNIQUE INDEX key_rotations_running_idx ON key_rotations ((true)) WHERE finished_at IS NULL;

-- Which keys each running part holds, as it told last.
CREATE TABLE keyset_readers (
    reader                  text NOT NULL,
    keyset                  text NOT NULL,
    keys                    bigint[] NOT NULL,
    primary_key             bigint NOT NULL,
    control_revision_micros bigint NOT NULL,
    checkpoint              bigint NOT NULL,
    seen_at                 timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (reader, keyset)
);
