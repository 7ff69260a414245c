-- Saved queries and views, rolled readers, and databases that hold several organizations.

CREATE TABLE saved_queries (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    opaque_id       text NOT NULL UNIQUE,
    organization_id bigint NOT NULL REFERENCES organizations (id),
    description     text NOT NULL CHECK (description <> ''),
    sql             text NOT NULL CHECK (sql <> ''),
    is_public       boolean NOT NULL DEFAULT false,
    created_by      bigint NOT NULL REFERENCES customers (id),
    created_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX saved_queries_organization_idx ON saved_queries (organization_id, id);

-- What is wanted; built_* is what the organization's database has.
CREATE TABLE saved_views (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL REFERENCES organizations (id),
    name            text NOT NULL CHECK (name ~ '^[a-z_][a-z0-9_]{0,62}$'),
    sql             text NOT NULL CHECK (sql <> ''),
    state           text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'deleted')),
    revision        bigint NOT NULL DEFAULT 1,
    built_revision  bigint NOT NULL DEFAULT 0,
    built_sql       text,
    failure         text,
    created_by      bigint NOT NULL REFERENCES customers (id),
    created_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, name)
);

-- Replacements of readers. The new role is noted before it is made, the old one until it is gone.
CREATE TABLE reader_rolls (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id   bigint NOT NULL REFERENCES organizations (id),
    grace_seconds     integer NOT NULL CHECK (grace_seconds >= 0),
    requested_by      bigint NOT NULL REFERENCES customers (id),
    requested_at      timestamptz NOT NULL DEFAULT now(),
    reader            text,
    url_encrypted     text,
    old_reader        text,
    old_url_encrypted text,
    made_at           timestamptz,
    ends_at           timestamptz,
    ended_at          timestamptz
);
CREATE INDEX reader_rolls_organization_idx ON reader_rolls (organization_id, id);

-- Organizations may share a database, each with a schema of its own.
ALTER TABLE organization_databases DROP CONSTRAINT organization_databases_host_port_name_key;
ALTER TABLE organization_databases ADD UNIQUE (host, port, name, schema_name);

-- The words are checked where they are written.
ALTER TABLE provisioning DROP CONSTRAINT provisioning_kind_check;
