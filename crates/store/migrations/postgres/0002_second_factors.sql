-- Second factors: what users set up, and where attempts and sessions stand with them.

ALTER TABLE users ADD COLUMN totp_enabled BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE users ADD COLUMN backup_code_enabled BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE users ADD COLUMN mfa_enabled_at BIGINT;
ALTER TABLE users ADD COLUMN mfa_disabled_at BIGINT;

ALTER TABLE sign_ins ADD COLUMN second_factor_verification_id TEXT COLLATE "C";

-- What the user must still do before a pending session becomes active; words parted by spaces.
ALTER TABLE sessions ADD COLUMN tasks TEXT COLLATE "C" NOT NULL DEFAULT '';

CREATE TABLE totps (
    instance_id TEXT COLLATE "C" NOT NULL,
    id          TEXT COLLATE "C" NOT NULL,
    user_id     TEXT COLLATE "C" NOT NULL,
    sealed      BYTEA            NOT NULL,
    verified    BOOLEAN         NOT NULL,
    last_step   BIGINT           NOT NULL,
    created_at  BIGINT           NOT NULL,
    updated_at  BIGINT           NOT NULL,
    CONSTRAINT totps_user_id PRIMARY KEY (instance_id, user_id),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id) ON DELETE CASCADE
);

CREATE TABLE backup_codes (
    instance_id TEXT COLLATE "C" NOT NULL,
    user_id     TEXT COLLATE "C" NOT NULL,
    digest      TEXT COLLATE "C" NOT NULL,
    used_at     BIGINT,
    created_at  BIGINT           NOT NULL,
    CONSTRAINT backup_codes_user_id_digest PRIMARY KEY (instance_id, user_id, digest),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id) ON DELETE CASCADE
);
