-- Passkeys, and what a browser needs to answer a challenge.

ALTER TABLE verifications ADD COLUMN nonce TEXT COLLATE "C";
ALTER TABLE users ADD COLUMN has_passkeys BOOLEAN NOT NULL DEFAULT FALSE;

-- Without a credential until the challenge of its making is answered. Transports are words parted by spaces.
CREATE TABLE passkeys (
    instance_id     TEXT COLLATE "C" NOT NULL,
    id              TEXT COLLATE "C" NOT NULL,
    user_id         TEXT COLLATE "C" NOT NULL,
    name            TEXT COLLATE "C" NOT NULL,
    verification_id TEXT COLLATE "C" NOT NULL,
    credential_id   TEXT COLLATE "C",
    public_key      BYTEA,
    sign_count      BIGINT           NOT NULL,
    transports      TEXT COLLATE "C" NOT NULL,
    last_used_at    BIGINT,
    created_at      BIGINT           NOT NULL,
    updated_at      BIGINT           NOT NULL,
    PRIMARY KEY (instance_id, id),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id) ON DELETE CASCADE
);
CREATE INDEX passkeys_by_user ON passkeys (instance_id, user_id, created_at, id);
CREATE UNIQUE INDEX passkeys_credential_id ON passkeys (instance_id, credential_id);
