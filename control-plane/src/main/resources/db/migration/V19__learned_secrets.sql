-- Until when a secret that a vendor gives in a handshake is stored: for a while after somebody began the setup.
ALTER TABLE integrations
    ADD COLUMN secret_window_until timestamptz;
