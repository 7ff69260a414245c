-- What goes onward (subscriptions, sync targets, error handlers) and orders (backfills, replays):
-- entities that need nothing built, so that their control record is their whole state. The record
-- holds secrets only sealed; shown holds what people may see of what is sealed there.
CREATE TABLE control_documents (
    id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key                text NOT NULL UNIQUE,
    kind               text NOT NULL,
    organization_id    bigint NOT NULL REFERENCES organizations (id),
    integration        text REFERENCES integrations (opaque_id),
    state              text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'deleted')),
    record             text NOT NULL,
    shown              text NOT NULL DEFAULT '',
    revision           bigint NOT NULL,
    published_revision bigint NOT NULL DEFAULT 0,
    created_at         timestamptz NOT NULL DEFAULT now(),
    deleted_at         timestamptz,
    CHECK (key LIKE kind || '/%')
);
CREATE INDEX control_documents_organization_idx
    ON control_documents (organization_id, kind) WHERE state = 'active';
CREATE INDEX control_documents_integration_idx
    ON control_documents (integration) WHERE state = 'active';

ALTER TABLE provisioning DROP CONSTRAINT provisioning_kind_check;
ALTER TABLE provisioning ADD CONSTRAINT provisioning_kind_check
    CHECK (kind IN ('organization', 'integration', 'document'));
