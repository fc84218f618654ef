-- Second factors: what users set up, and where attempts and sessions stand with them.

ALTER TABLE users ADD COLUMN totp_enabled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN backup_code_enabled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN mfa_enabled_at INTEGER;
ALTER TABLE users ADD COLUMN mfa_disabled_at INTEGER;

ALTER TABLE sign_ins ADD COLUMN second_factor_verification_id TEXT;

-- What the user must still do before a pending session becomes active; words parted by spaces.
ALTER TABLE sessions ADD COLUMN tasks TEXT NOT NULL DEFAULT '';

CREATE TABLE totps (
    instance_id TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    user_id     TEXT    NOT NULL,
    sealed      BLOB    NOT NULL,
    verified    INTEGER NOT NULL,
    last_step   INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    PRIMARY KEY (instance_id, user_id),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE backup_codes (
    instance_id TEXT    NOT NULL,
    user_id     TEXT    NOT NULL,
    digest      TEXT    NOT NULL,
    used_at     INTEGER,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (instance_id, user_id, digest),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id) ON DELETE CASCADE
) STRICT;
