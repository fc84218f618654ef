-- Accounts of users at other providers, and the detours to them.

ALTER TABLE verifications ADD COLUMN external_redirect_url TEXT COLLATE "C";
ALTER TABLE verifications ADD COLUMN error TEXT COLLATE "C";

ALTER TABLE sign_ins ADD COLUMN link_verification_id TEXT COLLATE "C";

ALTER TABLE sign_ups ADD COLUMN external_verification_id TEXT COLLATE "C";
ALTER TABLE sign_ups ADD COLUMN external_verified BOOLEAN NOT NULL DEFAULT FALSE;

-- The subject is null until somebody was there.
CREATE TABLE external_accounts (
    instance_id     TEXT COLLATE "C" NOT NULL,
    id              TEXT COLLATE "C" NOT NULL,
    user_id         TEXT COLLATE "C" NOT NULL,
    provider        TEXT COLLATE "C" NOT NULL,
    issuer          TEXT COLLATE "C",
    subject         TEXT COLLATE "C",
    identity        TEXT COLLATE "C" NOT NULL,
    approved_scopes TEXT COLLATE "C" NOT NULL,
    verified        BOOLEAN          NOT NULL,
    error           TEXT COLLATE "C",
    expire_at       BIGINT           NOT NULL,
    sealed_tokens   BYTEA,
    created_at      BIGINT           NOT NULL,
    updated_at      BIGINT           NOT NULL,
    CONSTRAINT external_accounts_id PRIMARY KEY (instance_id, id),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX external_accounts_provider_issuer_subject
    ON external_accounts (instance_id, provider, issuer, subject);
CREATE INDEX external_accounts_by_user ON external_accounts (instance_id, user_id);

CREATE TABLE oauth_flows (
    instance_id     TEXT COLLATE "C" NOT NULL REFERENCES instances (id),
    verification_id TEXT COLLATE "C" NOT NULL,
    state_hash      TEXT COLLATE "C" NOT NULL,
    client_id       TEXT COLLATE "C" NOT NULL,
    dev_browser     BOOLEAN          NOT NULL,
    provider        TEXT COLLATE "C" NOT NULL,
    aim             TEXT COLLATE "C" NOT NULL,
    target_id       TEXT COLLATE "C" NOT NULL,
    redirect_url    TEXT COLLATE "C" NOT NULL,
    complete_url    TEXT COLLATE "C" NOT NULL,
    sealed          BYTEA            NOT NULL,
    expire_at       BIGINT           NOT NULL,
    returned_at     BIGINT,
    created_at      BIGINT           NOT NULL,
    CONSTRAINT oauth_flows_verification_id PRIMARY KEY (instance_id, verification_id)
);
CREATE UNIQUE INDEX oauth_flows_state_hash ON oauth_flows (instance_id, state_hash);
CREATE INDEX oauth_flows_by_created_at ON oauth_flows (created_at);
