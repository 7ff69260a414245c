-- Services an organization defined itself. Each version stays as it was written; integrations refer
-- to what it was translated to by its hash.
CREATE TABLE service_definitions (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL REFERENCES organizations (id),
    service_name    text NOT NULL,
    version         integer NOT NULL CHECK (version > 0),
    source          text NOT NULL CHECK (source <> ''),
    definition_hash text NOT NULL REFERENCES definitions (hash),
    created_by      bigint NOT NULL REFERENCES customers (id),
    created_at      timestamptz NOT NULL DEFAULT now(),
    deleted_at      timestamptz,
    UNIQUE (organization_id, service_name, version)
);

-- Where the key of a resource is, for services that leave it to the person.
ALTER TABLE integrations ADD COLUMN key_pointer text;
