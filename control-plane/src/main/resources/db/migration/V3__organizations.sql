-- Closing is done by people: asking for it is noted, nothing is deleted.
ALTER TABLE organizations
    ADD COLUMN closing_requested_at timestamptz,
    ADD COLUMN closing_requested_by bigint REFERENCES customers (id);

-- The name an integration's table has; table_name is the name it is to have. They differ while a
-- rename is on its way.
ALTER TABLE integrations ADD COLUMN built_table text;
UPDATE integrations SET built_table = table_name WHERE table_ready_at IS NOT NULL;

-- What came in, by minute. received counts the requests that were acknowledged and kept, rejected
-- those that were refused; a request is one or the other. The other counts are of received ones:
-- what became of their rows.
CREATE TABLE integration_minutes (
    integration text NOT NULL,
    minute      timestamptz NOT NULL,
    received    bigint NOT NULL DEFAULT 0,
    rejected    bigint NOT NULL DEFAULT 0,
    duplicate   bigint NOT NULL DEFAULT 0,
    stale       bigint NOT NULL DEFAULT 0,
    applied     bigint NOT NULL DEFAULT 0,
    dead        bigint NOT NULL DEFAULT 0,
    bytes       bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (integration, minute)
);
