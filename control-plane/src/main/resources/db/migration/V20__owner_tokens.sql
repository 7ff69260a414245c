-- How far credentials of owners, which are in rows of replication databases, are sealed with the
-- key that a rotation brought. A rotation retires nothing before all are.
CREATE TABLE owner_tokens (
    integration_id bigint PRIMARY KEY REFERENCES integrations (id),
    key_id         bigint NOT NULL,
    after_pk       bigint NOT NULL DEFAULT 0,
    rewritten      bigint NOT NULL DEFAULT 0,
    failure        text,
    done_at        timestamptz
);
