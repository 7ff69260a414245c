-- The application database of the control plane.
-- Columns named *_sealed hold ciphertext that this process may be unable to read, *_encrypted
-- ciphertext it can; *_hash holds digests. Nothing secret is stored in clear.

CREATE TABLE organizations (
    id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key                text NOT NULL UNIQUE CHECK (key ~ '^[a-z][a-z0-9_]{0,62}$'),
    name               text NOT NULL UNIQUE CHECK (name <> ''),
    billing_email      text NOT NULL DEFAULT '',
    max_query_rows     integer NOT NULL DEFAULT 1000 CHECK (max_query_rows > 0),
    state              text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'deleted')),
    revision           bigint NOT NULL DEFAULT 1,
    published_revision bigint NOT NULL DEFAULT 0,
    created_at         timestamptz NOT NULL DEFAULT now()
);

-- Filled by the provisioner before it creates anything, so that a crash leaves nothing unknown.
CREATE TABLE organization_databases (
    organization_id       bigint PRIMARY KEY REFERENCES organizations (id),
    host                  text NOT NULL,
    port                  integer NOT NULL,
    name                  text NOT NULL,
    schema_name           text NOT NULL,
    owner                 text NOT NULL,
    owner_password_sealed text NOT NULL,
    reader                text NOT NULL,
    readonly_url_encrypted text NOT NULL,
    epoch                 bigint NOT NULL DEFAULT 1,
    ready_at              timestamptz,
    created_at            timestamptz NOT NULL DEFAULT now(),
    UNIQUE (host, port, name)
);

CREATE TABLE customers (
    id                      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email                   text NOT NULL UNIQUE CHECK (email = lower(email)),
    name                    text NOT NULL DEFAULT '',
    default_organization_id bigint REFERENCES organizations (id),
    created_at              timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE memberships (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL REFERENCES organizations (id),
    customer_id     bigint NOT NULL REFERENCES customers (id),
    role            text NOT NULL CHECK (role IN ('admin', 'member')),
    verified        boolean NOT NULL,
    invitation_code text UNIQUE,
    created_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, customer_id),
    CHECK (verified OR invitation_code IS NOT NULL)
);
CREATE INDEX memberships_customer_idx ON memberships (customer_id);

CREATE TABLE login_codes (
    id                  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email               text NOT NULL,
    code_hash_encrypted text NOT NULL,
    attempts            integer NOT NULL DEFAULT 0,
    created_at          timestamptz NOT NULL DEFAULT now(),
    expires_at          timestamptz NOT NULL,
    used_at             timestamptz
);
CREATE INDEX login_codes_email_idx ON login_codes (email, id DESC);
CREATE INDEX login_codes_expires_idx ON login_codes (expires_at);

CREATE TABLE sessions (
    token_hash  bytea PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers (id),
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL
);
CREATE INDEX sessions_customer_idx ON sessions (customer_id);
CREATE INDEX sessions_expires_idx ON sessions (expires_at);

-- Every definition an integration was ever created with: the text that was hashed.
CREATE TABLE definitions (
    hash         text PRIMARY KEY,
    service_name text NOT NULL,
    definition   text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE integrations (
    id                        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    opaque_id                 text NOT NULL UNIQUE,
    organization_id           bigint NOT NULL REFERENCES organizations (id),
    service_name              text NOT NULL,
    definition_hash           text NOT NULL REFERENCES definitions (hash),
    table_name                text NOT NULL,
    state                     text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'deleted')),
    verification              text NOT NULL DEFAULT 'verify' CHECK (verification IN ('verify', 'skip')),
    webhook_secret_encrypted  text,
    backfill_key_sealed       text,
    backfill_secret_sealed    text,
    api_url                   text,
    api_key_encrypted         text,
    api_key_hash              bytea,
    blank_answers             integer NOT NULL DEFAULT 0,
    revision                  bigint NOT NULL DEFAULT 1,
    published_revision        bigint NOT NULL DEFAULT 0,
    epoch                     bigint NOT NULL DEFAULT 1,
    table_ready_at            timestamptz,
    table_dropped_at          timestamptz,
    created_by                bigint NOT NULL REFERENCES customers (id),
    created_at                timestamptz NOT NULL DEFAULT now(),
    deleted_at                timestamptz
);
-- A table's name is free again only when the table is gone.
CREATE UNIQUE INDEX integrations_table_idx
    ON integrations (organization_id, table_name) WHERE table_dropped_at IS NULL;
CREATE INDEX integrations_service_idx ON integrations (organization_id, service_name);

-- What the provisioner has to look at. Rows are inserted under one advisory transaction lock, so
-- that their ids are in commit order; an entity may be listed more than once.
CREATE TABLE provisioning (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind            text NOT NULL CHECK (kind IN ('organization', 'integration')),
    entity_id       bigint NOT NULL,
    attempts        integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT '-infinity',
    last_failure    text,
    created_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX provisioning_entity_idx ON provisioning (kind, entity_id);
