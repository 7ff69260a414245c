-- The log of webhook deliveries. One partition a day, made when its first attempt comes and dropped
-- as a whole when it is old, so that the log costs the same however long it runs. The primary key
-- makes a report that comes twice one row.
CREATE SEQUENCE delivery_attempts_id_seq;
CREATE TABLE delivery_attempts (
    id              bigint NOT NULL DEFAULT nextval('delivery_attempts_id_seq'),
    at              timestamptz NOT NULL,
    organization_id bigint NOT NULL,
    subscription    text NOT NULL,
    integration     text NOT NULL,
    delivery        text NOT NULL,
    attempt         integer NOT NULL,
    outcome         text NOT NULL,
    status          integer NOT NULL,
    millis          bigint NOT NULL,
    next_at         timestamptz,
    changed_at      timestamptz,
    test            boolean NOT NULL,
    answer          text,
    PRIMARY KEY (subscription, at, delivery, attempt)
) PARTITION BY RANGE (at);
CREATE INDEX delivery_attempts_organization_idx ON delivery_attempts (organization_id, at DESC);
CREATE INDEX delivery_attempts_id_idx ON delivery_attempts (id);
CREATE INDEX delivery_attempts_delivery_idx ON delivery_attempts (subscription, delivery);

-- How far each order to deliver changes again got.
CREATE TABLE recoveries (
    recovery        text PRIMARY KEY,
    organization_id bigint NOT NULL,
    subscription    text NOT NULL,
    state           text NOT NULL,
    read            bigint NOT NULL,
    sent            bigint NOT NULL,
    reported_at     timestamptz NOT NULL,
    failure         text
);
CREATE INDEX recoveries_organization_idx ON recoveries (organization_id, reported_at DESC);
