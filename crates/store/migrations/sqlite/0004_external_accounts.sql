-- Accounts of users at other providers, and the detours to them.

ALTER TABLE verifications ADD COLUMN external_redirect_url TEXT;
ALTER TABLE verifications ADD COLUMN error TEXT;

ALTER TABLE sign_ins ADD COLUMN link_verification_id TEXT;

ALTER TABLE sign_ups ADD COLUMN external_verification_id TEXT;
ALTER TABLE sign_ups ADD COLUMN external_verified INTEGER NOT NULL DEFAULT 0;

-- The subject is null until somebody was there.
CREATE TABLE external_accounts (
    instance_id     TEXT    NOT NULL,
    id              TEXT    NOT NULL,
    user_id         TEXT    NOT NULL,
    provider        TEXT    NOT NULL,
    issuer          TEXT,
    subject         TEXT,
    identity        TEXT    NOT NULL,
    approved_scopes TEXT    NOT NULL,
    verified        INTEGER NOT NULL,
    error           TEXT,
    expire_at       INTEGER NOT NULL,
    sealed_tokens   BLOB,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    PRIMARY KEY (instance_id, id),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX external_accounts_provider_issuer_subject
    ON external_accounts (instance_id, provider, issuer, subject);
CREATE INDEX external_accounts_by_user ON external_accounts (instance_id, user_id);

CREATE TABLE oauth_flows (
    instance_id     TEXT    NOT NULL REFERENCES instances (id),
    verification_id TEXT    NOT NULL,
    state_hash      TEXT    NOT NULL,
    client_id       TEXT    NOT NULL,
    dev_browser     INTEGER NOT NULL,
    provider        TEXT    NOT NULL,
    aim             TEXT    NOT NULL,
    target_id       TEXT    NOT NULL,
    redirect_url    TEXT    NOT NULL,
    complete_url    TEXT    NOT NULL,
    sealed          BLOB    NOT NULL,
    expire_at       INTEGER NOT NULL,
    returned_at     INTEGER,
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (instance_id, verification_id)
) STRICT;
CREATE UNIQUE INDEX oauth_flows_state_hash ON oauth_flows (instance_id, state_hash);
CREATE INDEX oauth_flows_by_created_at ON oauth_flows (created_at);
