-- The core nouns. Both engines have the same tables and columns; a unique constraint is named after its table and the columns
-- beside instance_id, because that name reaches the callers. Documents are JSON text and are never queried.

CREATE TABLE applications (
    id         TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;

CREATE TABLE instances (
    id             TEXT    NOT NULL,
    application_id TEXT    NOT NULL REFERENCES applications (id),
    environment    TEXT    NOT NULL,
    slug           TEXT    NOT NULL,
    is_root        INTEGER NOT NULL,
    domain         TEXT,
    settings       TEXT    NOT NULL,
    version        INTEGER NOT NULL,
    created_at     INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX instances_slug ON instances (slug);
CREATE UNIQUE INDEX instances_domain ON instances (domain);
CREATE UNIQUE INDEX instances_is_root ON instances (is_root) WHERE is_root;

CREATE TABLE signing_keys (
    instance_id TEXT    NOT NULL REFERENCES instances (id),
    kid         TEXT    NOT NULL,
    state       TEXT    NOT NULL,
    not_before  INTEGER NOT NULL,
    retired_at  INTEGER,
    sealed      BLOB    NOT NULL,
    PRIMARY KEY (instance_id, kid)
) STRICT;

CREATE TABLE data_keys (
    instance_id TEXT    NOT NULL REFERENCES instances (id),
    id          TEXT    NOT NULL,
    wrapped     BLOB    NOT NULL,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (instance_id, id)
) STRICT;

CREATE TABLE secret_keys (
    instance_id TEXT    NOT NULL REFERENCES instances (id),
    id          TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    hash        TEXT    NOT NULL,
    sealed      BLOB,
    created_at  INTEGER NOT NULL,
    revoked_at  INTEGER,
    PRIMARY KEY (instance_id, id)
) STRICT;
-- A key is looked up before its instance is known.
CREATE UNIQUE INDEX secret_keys_hash ON secret_keys (hash);

CREATE TABLE users (
    instance_id                 TEXT    NOT NULL REFERENCES instances (id),
    id                          TEXT    NOT NULL,
    external_id                 TEXT,
    username                    TEXT,
    username_lower              TEXT,
    first_name                  TEXT,
    first_name_lower            TEXT,
    last_name                   TEXT,
    last_name_lower             TEXT,
    locale                      TEXT,
    primary_email_address_id    TEXT,
    primary_phone_number_id     TEXT,
    public_metadata             TEXT    NOT NULL,
    private_metadata            TEXT    NOT NULL,
    unsafe_metadata             TEXT    NOT NULL,
    banned                      INTEGER NOT NULL,
    locked_until                INTEGER,
    failed_attempts             INTEGER NOT NULL,
    password_last_updated_at    INTEGER,
    delete_self_enabled         INTEGER NOT NULL,
    create_organization_enabled INTEGER NOT NULL,
    create_organizations_limit  INTEGER,
    bypass_client_trust         INTEGER NOT NULL,
    legal_accepted_at           INTEGER,
    last_sign_in_at             INTEGER,
    last_active_at              INTEGER,
    created_at                  INTEGER NOT NULL,
    updated_at                  INTEGER NOT NULL,
    version                     INTEGER NOT NULL,
    PRIMARY KEY (instance_id, id)
) STRICT;
CREATE UNIQUE INDEX users_external_id ON users (instance_id, external_id);
CREATE UNIQUE INDEX users_username_lower ON users (instance_id, username_lower);
CREATE INDEX users_by_created_at ON users (instance_id, created_at, id);

CREATE TABLE passwords (
    instance_id TEXT    NOT NULL,
    user_id     TEXT    NOT NULL,
    hasher      TEXT    NOT NULL,
    digest      TEXT    NOT NULL,
    updated_at  INTEGER NOT NULL,
    PRIMARY KEY (instance_id, user_id),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE identifications (
    instance_id     TEXT    NOT NULL,
    id              TEXT    NOT NULL,
    user_id         TEXT    NOT NULL,
    kind            TEXT    NOT NULL,
    value           TEXT    NOT NULL,
    status          TEXT    NOT NULL,
    proof_strategy  TEXT,
    proof_attempts  INTEGER,
    proof_expire_at INTEGER,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    PRIMARY KEY (instance_id, id),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX identifications_kind_value ON identifications (instance_id, kind, value)
    WHERE status IN ('verified', 'reserved');
CREATE INDEX identifications_by_value ON identifications (instance_id, kind, value);
CREATE INDEX identifications_by_user ON identifications (instance_id, user_id);

CREATE TABLE clients (
    instance_id                  TEXT    NOT NULL REFERENCES instances (id),
    id                           TEXT    NOT NULL,
    rotating_token_hash          TEXT    NOT NULL,
    previous_token_hash          TEXT,
    rotated_at                   INTEGER NOT NULL,
    sign_in_id                   TEXT,
    sign_up_id                   TEXT,
    last_active_session_id       TEXT,
    last_authentication_strategy TEXT,
    created_at                   INTEGER NOT NULL,
    updated_at                   INTEGER NOT NULL,
    version                      INTEGER NOT NULL,
    PRIMARY KEY (instance_id, id)
) STRICT;

-- Sessions, attempts and development browsers name their client without a foreign key: they are history that outlives it.
CREATE TABLE sessions (
    instance_id      TEXT    NOT NULL,
    id               TEXT    NOT NULL,
    client_id        TEXT    NOT NULL,
    user_id          TEXT    NOT NULL,
    status           TEXT    NOT NULL,
    expire_at        INTEGER NOT NULL,
    abandon_at       INTEGER NOT NULL,
    last_active_at   INTEGER NOT NULL,
    actor            TEXT,
    origin           TEXT,
    user_agent       TEXT,
    ip_address       TEXT,
    first_factor_at  INTEGER,
    second_factor_at INTEGER,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    PRIMARY KEY (instance_id, id),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX sessions_by_client ON sessions (instance_id, client_id);
CREATE INDEX sessions_by_user ON sessions (instance_id, user_id);
CREATE INDEX sessions_by_created_at ON sessions (instance_id, created_at, id);

CREATE TABLE sign_ins (
    instance_id                  TEXT    NOT NULL,
    id                           TEXT    NOT NULL,
    client_id                    TEXT    NOT NULL,
    status                       TEXT    NOT NULL,
    identifier                   TEXT,
    user_id                      TEXT,
    first_factor_verification_id TEXT,
    created_session_id           TEXT,
    abandon_at                   INTEGER NOT NULL,
    created_at                   INTEGER NOT NULL,
    updated_at                   INTEGER NOT NULL,
    version                      INTEGER NOT NULL,
    PRIMARY KEY (instance_id, id)
) STRICT;
CREATE INDEX sign_ins_by_abandon_at ON sign_ins (abandon_at);

CREATE TABLE sign_ups (
    instance_id           TEXT    NOT NULL,
    id                    TEXT    NOT NULL,
    client_id             TEXT    NOT NULL,
    status                TEXT    NOT NULL,
    email_address         TEXT,
    email_verification_id TEXT,
    email_verified        INTEGER NOT NULL,
    phone_number          TEXT,
    username              TEXT,
    first_name            TEXT,
    last_name             TEXT,
    locale                TEXT,
    password_enabled      INTEGER NOT NULL,
    unsafe_metadata       TEXT    NOT NULL,
    legal_accepted_at     INTEGER,
    created_user_id       TEXT,
    created_session_id    TEXT,
    abandon_at            INTEGER NOT NULL,
    created_at            INTEGER NOT NULL,
    updated_at            INTEGER NOT NULL,
    version               INTEGER NOT NULL,
    PRIMARY KEY (instance_id, id)
) STRICT;
CREATE INDEX sign_ups_by_abandon_at ON sign_ups (abandon_at);

CREATE TABLE sign_up_passwords (
    instance_id TEXT NOT NULL,
    sign_up_id  TEXT NOT NULL,
    hasher      TEXT NOT NULL,
    digest      TEXT NOT NULL,
    PRIMARY KEY (instance_id, sign_up_id),
    FOREIGN KEY (instance_id, sign_up_id) REFERENCES sign_ups (instance_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE verifications (
    instance_id       TEXT    NOT NULL,
    id                TEXT    NOT NULL,
    strategy          TEXT    NOT NULL,
    status            TEXT    NOT NULL,
    attempts          INTEGER NOT NULL,
    target            TEXT,
    identification_id TEXT,
    code_digest       TEXT,
    expire_at         INTEGER,
    created_at        INTEGER NOT NULL,
    PRIMARY KEY (instance_id, id)
) STRICT;
CREATE INDEX verifications_by_target ON verifications (instance_id, target, created_at);
CREATE INDEX verifications_by_created_at ON verifications (created_at);

CREATE TABLE dev_browsers (
    instance_id TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    token_hash  TEXT    NOT NULL,
    client_id   TEXT,
    home_origin TEXT,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    PRIMARY KEY (instance_id, id)
) STRICT;
CREATE UNIQUE INDEX dev_browsers_token_hash ON dev_browsers (instance_id, token_hash);
CREATE INDEX dev_browsers_by_client ON dev_browsers (instance_id, client_id);

CREATE TABLE handshakes (
    instance_id TEXT    NOT NULL,
    nonce_hash  TEXT    NOT NULL,
    origin      TEXT    NOT NULL,
    sealed      BLOB    NOT NULL,
    expire_at   INTEGER NOT NULL,
    PRIMARY KEY (instance_id, nonce_hash)
) STRICT;
CREATE INDEX handshakes_by_expire_at ON handshakes (expire_at);

CREATE TABLE sign_in_tokens (
    instance_id TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    user_id     TEXT    NOT NULL,
    status      TEXT    NOT NULL,
    expire_at   INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    PRIMARY KEY (instance_id, id),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX sign_in_tokens_by_user ON sign_in_tokens (instance_id, user_id);

CREATE TABLE testing_tokens (
    instance_id TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    token_hash  TEXT    NOT NULL,
    expire_at   INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (instance_id, id)
) STRICT;
CREATE UNIQUE INDEX testing_tokens_token_hash ON testing_tokens (instance_id, token_hash);
CREATE INDEX testing_tokens_by_expire_at ON testing_tokens (expire_at);

CREATE TABLE jobs (
    id           TEXT    NOT NULL,
    instance_id  TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    payload      BLOB    NOT NULL,
    run_at       INTEGER NOT NULL,
    attempts     INTEGER NOT NULL,
    locked_until INTEGER,
    lock_token   TEXT,
    last_error   TEXT,
    buried       INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX jobs_by_run_at ON jobs (run_at, id) WHERE NOT buried;

CREATE TABLE emails (
    instance_id  TEXT    NOT NULL,
    id           TEXT    NOT NULL,
    slug         TEXT    NOT NULL,
    from_name    TEXT    NOT NULL,
    from_address TEXT,
    to_address   TEXT    NOT NULL,
    subject      TEXT    NOT NULL,
    body_text    TEXT    NOT NULL,
    body_html    TEXT    NOT NULL,
    code         TEXT,
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (instance_id, id)
) STRICT;
CREATE INDEX emails_by_created_at ON emails (instance_id, created_at, id);
CREATE INDEX emails_by_to_address ON emails (instance_id, to_address, created_at);
