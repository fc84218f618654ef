-- The core nouns. Both engines have the same tables and columns; a unique constraint is named after its table and the columns
-- beside instance_id, because that name reaches the callers. Documents are JSON text and are never queried: JSONB would refuse
-- documents with U+0000, which SQLite takes. Text compares by its bytes (COLLATE "C") as on SQLite, whatever the cluster's locale.

CREATE TABLE applications (
    id         TEXT COLLATE "C" NOT NULL,
    name       TEXT COLLATE "C" NOT NULL,
    created_at BIGINT           NOT NULL,
    CONSTRAINT applications_id PRIMARY KEY (id)
);

CREATE TABLE instances (
    id             TEXT COLLATE "C" NOT NULL,
    application_id TEXT COLLATE "C" NOT NULL REFERENCES applications (id),
    environment    TEXT COLLATE "C" NOT NULL,
    slug           TEXT COLLATE "C" NOT NULL,
    is_root        BOOLEAN          NOT NULL,
    domain         TEXT COLLATE "C",
    settings       TEXT COLLATE "C" NOT NULL,
    version        BIGINT           NOT NULL,
    created_at     BIGINT           NOT NULL,
    CONSTRAINT instances_id PRIMARY KEY (id)
);
CREATE UNIQUE INDEX instances_slug ON instances (slug);
CREATE UNIQUE INDEX instances_domain ON instances (domain);
CREATE UNIQUE INDEX instances_is_root ON instances (is_root) WHERE is_root;

CREATE TABLE signing_keys (
    instance_id TEXT COLLATE "C" NOT NULL REFERENCES instances (id),
    kid         TEXT COLLATE "C" NOT NULL,
    state       TEXT COLLATE "C" NOT NULL,
    not_before  BIGINT           NOT NULL,
    retired_at  BIGINT,
    sealed      BYTEA            NOT NULL,
    CONSTRAINT signing_keys_kid PRIMARY KEY (instance_id, kid)
);

CREATE TABLE data_keys (
    instance_id TEXT COLLATE "C" NOT NULL REFERENCES instances (id),
    id          TEXT COLLATE "C" NOT NULL,
    wrapped     BYTEA            NOT NULL,
    created_at  BIGINT           NOT NULL,
    CONSTRAINT data_keys_id PRIMARY KEY (instance_id, id)
);

CREATE TABLE secret_keys (
    instance_id TEXT COLLATE "C" NOT NULL REFERENCES instances (id),
    id          TEXT COLLATE "C" NOT NULL,
    name        TEXT COLLATE "C" NOT NULL,
    hash        TEXT COLLATE "C" NOT NULL,
    sealed      BYTEA,
    created_at  BIGINT           NOT NULL,
    revoked_at  BIGINT,
    CONSTRAINT secret_keys_id PRIMARY KEY (instance_id, id)
);
-- A key is looked up before its instance is known.
CREATE UNIQUE INDEX secret_keys_hash ON secret_keys (hash);

CREATE TABLE users (
    instance_id                 TEXT COLLATE "C" NOT NULL REFERENCES instances (id),
    id                          TEXT COLLATE "C" NOT NULL,
    external_id                 TEXT COLLATE "C",
    username                    TEXT COLLATE "C",
    username_lower              TEXT COLLATE "C",
    first_name                  TEXT COLLATE "C",
    first_name_lower            TEXT COLLATE "C",
    last_name                   TEXT COLLATE "C",
    last_name_lower             TEXT COLLATE "C",
    locale                      TEXT COLLATE "C",
    primary_email_address_id    TEXT COLLATE "C",
    primary_phone_number_id     TEXT COLLATE "C",
    public_metadata             TEXT COLLATE "C" NOT NULL,
    private_metadata            TEXT COLLATE "C" NOT NULL,
    unsafe_metadata             TEXT COLLATE "C" NOT NULL,
    banned                      BOOLEAN          NOT NULL,
    locked_until                BIGINT,
    failed_attempts             BIGINT           NOT NULL,
    password_last_updated_at    BIGINT,
    delete_self_enabled         BOOLEAN          NOT NULL,
    create_organization_enabled BOOLEAN          NOT NULL,
    create_organizations_limit  BIGINT,
    bypass_client_trust         BOOLEAN          NOT NULL,
    legal_accepted_at           BIGINT,
    last_sign_in_at             BIGINT,
    last_active_at              BIGINT,
    created_at                  BIGINT           NOT NULL,
    updated_at                  BIGINT           NOT NULL,
    version                     BIGINT           NOT NULL,
    CONSTRAINT users_id PRIMARY KEY (instance_id, id)
);
CREATE UNIQUE INDEX users_external_id ON users (instance_id, external_id);
CREATE UNIQUE INDEX users_username_lower ON users (instance_id, username_lower);
CREATE INDEX users_by_created_at ON users (instance_id, created_at, id);

CREATE TABLE passwords (
    instance_id TEXT COLLATE "C" NOT NULL,
    user_id     TEXT COLLATE "C" NOT NULL,
    hasher      TEXT COLLATE "C" NOT NULL,
    digest      TEXT COLLATE "C" NOT NULL,
    updated_at  BIGINT           NOT NULL,
    CONSTRAINT passwords_user_id PRIMARY KEY (instance_id, user_id),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id) ON DELETE CASCADE
);

CREATE TABLE identifications (
    instance_id     TEXT COLLATE "C" NOT NULL,
    id              TEXT COLLATE "C" NOT NULL,
    user_id         TEXT COLLATE "C" NOT NULL,
    kind            TEXT COLLATE "C" NOT NULL,
    value           TEXT COLLATE "C" NOT NULL,
    status          TEXT COLLATE "C" NOT NULL,
    proof_strategy  TEXT COLLATE "C",
    proof_attempts  BIGINT,
    proof_expire_at BIGINT,
    created_at      BIGINT           NOT NULL,
    updated_at      BIGINT           NOT NULL,
    CONSTRAINT identifications_id PRIMARY KEY (instance_id, id),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX identifications_kind_value ON identifications (instance_id, kind, value)
    WHERE status IN ('verified', 'reserved');
CREATE INDEX identifications_by_value ON identifications (instance_id, kind, value);
CREATE INDEX identifications_by_user ON identifications (instance_id, user_id);

CREATE TABLE clients (
    instance_id                  TEXT COLLATE "C" NOT NULL REFERENCES instances (id),
    id                           TEXT COLLATE "C" NOT NULL,
    rotating_token_hash          TEXT COLLATE "C" NOT NULL,
    previous_token_hash          TEXT COLLATE "C",
    rotated_at                   BIGINT           NOT NULL,
    sign_in_id                   TEXT COLLATE "C",
    sign_up_id                   TEXT COLLATE "C",
    last_active_session_id       TEXT COLLATE "C",
    last_authentication_strategy TEXT COLLATE "C",
    created_at                   BIGINT           NOT NULL,
    updated_at                   BIGINT           NOT NULL,
    version                      BIGINT           NOT NULL,
    CONSTRAINT clients_id PRIMARY KEY (instance_id, id)
);

-- Sessions, attempts and development browsers name their client without a foreign key: they are history that outlives it.
CREATE TABLE sessions (
    instance_id      TEXT COLLATE "C" NOT NULL,
    id               TEXT COLLATE "C" NOT NULL,
    client_id        TEXT COLLATE "C" NOT NULL,
    user_id          TEXT COLLATE "C" NOT NULL,
    status           TEXT COLLATE "C" NOT NULL,
    expire_at        BIGINT           NOT NULL,
    abandon_at       BIGINT           NOT NULL,
    last_active_at   BIGINT           NOT NULL,
    actor            TEXT COLLATE "C",
    origin           TEXT COLLATE "C",
    user_agent       TEXT COLLATE "C",
    ip_address       TEXT COLLATE "C",
    first_factor_at  BIGINT,
    second_factor_at BIGINT,
    created_at       BIGINT           NOT NULL,
    updated_at       BIGINT           NOT NULL,
    CONSTRAINT sessions_id PRIMARY KEY (instance_id, id),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id) ON DELETE CASCADE
);
CREATE INDEX sessions_by_client ON sessions (instance_id, client_id);
CREATE INDEX sessions_by_user ON sessions (instance_id, user_id);
CREATE INDEX sessions_by_created_at ON sessions (instance_id, created_at, id);

CREATE TABLE sign_ins (
    instance_id                  TEXT COLLATE "C" NOT NULL,
    id                           TEXT COLLATE "C" NOT NULL,
    client_id                    TEXT COLLATE "C" NOT NULL,
    status                       TEXT COLLATE "C" NOT NULL,
    identifier                   TEXT COLLATE "C",
    user_id                      TEXT COLLATE "C",
    first_factor_verification_id TEXT COLLATE "C",
    created_session_id           TEXT COLLATE "C",
    abandon_at                   BIGINT           NOT NULL,
    created_at                   BIGINT           NOT NULL,
    updated_at                   BIGINT           NOT NULL,
    version                      BIGINT           NOT NULL,
    CONSTRAINT sign_ins_id PRIMARY KEY (instance_id, id)
);
CREATE INDEX sign_ins_by_abandon_at ON sign_ins (abandon_at);

CREATE TABLE sign_ups (
    instance_id           TEXT COLLATE "C" NOT NULL,
    id                    TEXT COLLATE "C" NOT NULL,
    client_id             TEXT COLLATE "C" NOT NULL,
    status                TEXT COLLATE "C" NOT NULL,
    email_address         TEXT COLLATE "C",
    email_verification_id TEXT COLLATE "C",
    email_verified        BOOLEAN          NOT NULL,
    phone_number          TEXT COLLATE "C",
    username              TEXT COLLATE "C",
    first_name            TEXT COLLATE "C",
    last_name             TEXT COLLATE "C",
    locale                TEXT COLLATE "C",
    password_enabled      BOOLEAN          NOT NULL,
    unsafe_metadata       TEXT COLLATE "C" NOT NULL,
    legal_accepted_at     BIGINT,
    created_user_id       TEXT COLLATE "C",
    created_session_id    TEXT COLLATE "C",
    abandon_at            BIGINT           NOT NULL,
    created_at            BIGINT           NOT NULL,
    updated_at            BIGINT           NOT NULL,
    version               BIGINT           NOT NULL,
    CONSTRAINT sign_ups_id PRIMARY KEY (instance_id, id)
);
CREATE INDEX sign_ups_by_abandon_at ON sign_ups (abandon_at);

CREATE TABLE sign_up_passwords (
    instance_id TEXT COLLATE "C" NOT NULL,
    sign_up_id  TEXT COLLATE "C" NOT NULL,
    hasher      TEXT COLLATE "C" NOT NULL,
    digest      TEXT COLLATE "C" NOT NULL,
    CONSTRAINT sign_up_passwords_sign_up_id PRIMARY KEY (instance_id, sign_up_id),
    FOREIGN KEY (instance_id, sign_up_id) REFERENCES sign_ups (instance_id, id) ON DELETE CASCADE
);

CREATE TABLE verifications (
    instance_id       TEXT COLLATE "C" NOT NULL,
    id                TEXT COLLATE "C" NOT NULL,
    strategy          TEXT COLLATE "C" NOT NULL,
    status            TEXT COLLATE "C" NOT NULL,
    attempts          BIGINT           NOT NULL,
    target            TEXT COLLATE "C",
    identification_id TEXT COLLATE "C",
    code_digest       TEXT COLLATE "C",
    expire_at         BIGINT,
    created_at        BIGINT           NOT NULL,
    CONSTRAINT verifications_id PRIMARY KEY (instance_id, id)
);
CREATE INDEX verifications_by_target ON verifications (instance_id, target, created_at);
CREATE INDEX verifications_by_created_at ON verifications (created_at);

CREATE TABLE dev_browsers (
    instance_id TEXT COLLATE "C" NOT NULL,
    id          TEXT COLLATE "C" NOT NULL,
    token_hash  TEXT COLLATE "C" NOT NULL,
    client_id   TEXT COLLATE "C",
    home_origin TEXT COLLATE "C",
    created_at  BIGINT           NOT NULL,
    updated_at  BIGINT           NOT NULL,
    CONSTRAINT dev_browsers_id PRIMARY KEY (instance_id, id)
);
CREATE UNIQUE INDEX dev_browsers_token_hash ON dev_browsers (instance_id, token_hash);
CREATE INDEX dev_browsers_by_client ON dev_browsers (instance_id, client_id);

CREATE TABLE handshakes (
    instance_id TEXT COLLATE "C" NOT NULL,
    nonce_hash  TEXT COLLATE "C" NOT NULL,
    origin      TEXT COLLATE "C" NOT NULL,
    sealed      BYTEA            NOT NULL,
    expire_at   BIGINT           NOT NULL,
    CONSTRAINT handshakes_nonce_hash PRIMARY KEY (instance_id, nonce_hash)
);
CREATE INDEX handshakes_by_expire_at ON handshakes (expire_at);

CREATE TABLE sign_in_tokens (
    instance_id TEXT COLLATE "C" NOT NULL,
    id          TEXT COLLATE "C" NOT NULL,
    user_id     TEXT COLLATE "C" NOT NULL,
    status      TEXT COLLATE "C" NOT NULL,
    expire_at   BIGINT           NOT NULL,
    created_at  BIGINT           NOT NULL,
    updated_at  BIGINT           NOT NULL,
    CONSTRAINT sign_in_tokens_id PRIMARY KEY (instance_id, id),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id) ON DELETE CASCADE
);
CREATE INDEX sign_in_tokens_by_user ON sign_in_tokens (instance_id, user_id);

CREATE TABLE testing_tokens (
    instance_id TEXT COLLATE "C" NOT NULL,
    id          TEXT COLLATE "C" NOT NULL,
    token_hash  TEXT COLLATE "C" NOT NULL,
    expire_at   BIGINT           NOT NULL,
    created_at  BIGINT           NOT NULL,
    CONSTRAINT testing_tokens_id PRIMARY KEY (instance_id, id)
);
CREATE UNIQUE INDEX testing_tokens_token_hash ON testing_tokens (instance_id, token_hash);
CREATE INDEX testing_tokens_by_expire_at ON testing_tokens (expire_at);

CREATE TABLE jobs (
    id           TEXT COLLATE "C" NOT NULL,
    instance_id  TEXT COLLATE "C" NOT NULL,
    kind         TEXT COLLATE "C" NOT NULL,
    payload      BYTEA            NOT NULL,
    run_at       BIGINT           NOT NULL,
    attempts     BIGINT           NOT NULL,
    locked_until BIGINT,
    lock_token   TEXT COLLATE "C",
    last_error   TEXT COLLATE "C",
    buried       BOOLEAN          NOT NULL,
    CONSTRAINT jobs_id PRIMARY KEY (id)
);
CREATE INDEX jobs_by_run_at ON jobs (run_at, id) WHERE NOT buried;

CREATE TABLE emails (
    instance_id  TEXT COLLATE "C" NOT NULL,
    id           TEXT COLLATE "C" NOT NULL,
    slug         TEXT COLLATE "C" NOT NULL,
    from_name    TEXT COLLATE "C" NOT NULL,
    from_address TEXT COLLATE "C",
    to_address   TEXT COLLATE "C" NOT NULL,
    subject      TEXT COLLATE "C" NOT NULL,
    body_text    TEXT COLLATE "C" NOT NULL,
    body_html    TEXT COLLATE "C" NOT NULL,
    code         TEXT COLLATE "C",
    created_at   BIGINT           NOT NULL,
    CONSTRAINT emails_id PRIMARY KEY (instance_id, id)
);
CREATE INDEX emails_by_created_at ON emails (instance_id, created_at, id);
CREATE INDEX emails_by_to_address ON emails (instance_id, to_address, created_at);
