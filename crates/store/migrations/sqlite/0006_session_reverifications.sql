-- The reverification of a session that was started last.

CREATE TABLE session_reverifications (
    instance_id                   TEXT    NOT NULL,
    session_id                    TEXT    NOT NULL,
    level                         TEXT    NOT NULL,
    status                        TEXT    NOT NULL,
    first_factor_verification_id  TEXT,
    second_factor_verification_id TEXT,
    created_at                    INTEGER NOT NULL,
    PRIMARY KEY (instance_id, session_id),
    FOREIGN KEY (instance_id, session_id) REFERENCES sessions (instance_id, id) ON DELETE CASCADE
) STRICT;
