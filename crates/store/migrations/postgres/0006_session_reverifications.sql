-- The reverification of a session that was started last.

CREATE TABLE session_reverifications (
    instance_id                   TEXT COLLATE "C" NOT NULL,
    session_id                    TEXT COLLATE "C" NOT NULL,
    level                         TEXT COLLATE "C" NOT NULL,
    status                        TEXT COLLATE "C" NOT NULL,
    first_factor_verification_id  TEXT COLLATE "C",
    second_factor_verification_id TEXT COLLATE "C",
    created_at                    BIGINT           NOT NULL,
    CONSTRAINT session_reverifications_session_id PRIMARY KEY (instance_id, session_id),
    FOREIGN KEY (instance_id, session_id) REFERENCES sessions (instance_id, id) ON DELETE CASCADE
);
