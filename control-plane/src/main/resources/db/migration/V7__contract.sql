-- Bodies that members gave to be rows, until the provisioner has put them on the event log. Sealed:
-- they are customers' data, and this process need not read them again.
CREATE TABLE upserts (
    id             uuid PRIMARY KEY,
    integration_id bigint NOT NULL REFERENCES integrations (id),
    received_at    timestamptz NOT NULL,
    headers        jsonb NOT NULL,
    body_sealed    text NOT NULL,
    -- Sealed for a key that is gone. Kept for an operator, and out of the way of the others.
    unreadable     boolean NOT NULL DEFAULT false
);

-- What visitors wrote to the people who run this server. Bounded by the api.
CREATE TABLE contact_messages (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    form_name  text NOT NULL,
    email      text NOT NULL,
    name       text NOT NULL,
    message    text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
