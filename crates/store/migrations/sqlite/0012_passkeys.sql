-- Passkeys, and what a browser needs to answer a challenge.

ALTER TABLE verifications ADD COLUMN nonce TEXT;
ALTER TABLE users ADD COLUMN has_passkeys INTEGER NOT NULL DEFAULT 0;

-- Without a credential until the challenge of its making is answered. Transports are words parted by spaces.
CREATE TABLE passkeys (
    instance_id     TEXT    NOT NULL,
    id              TEXT    NOT NULL,
    user_id         TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    verification_id TEXT    NOT NULL,
    credential_id   TEXT,
    public_key      BLOB,
    sign_count      INTEGER NOT NULL,
    transports      TEXT    NOT NULL,
    last_used_at    INTEGER,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    PRIMARY KEY (instance_id, id),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX passkeys_by_user ON passkeys (instance_id, user_id, created_at, id);
CREATE UNIQUE INDEX passkeys_credential_id ON passkeys (instance_id, credential_id);
