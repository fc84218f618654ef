-- Actor tokens: each lets somebody act as a user once.

CREATE TABLE actor_tokens (
    instance_id                     TEXT    NOT NULL,
    id                              TEXT    NOT NULL,
    user_id                         TEXT    NOT NULL,
    actor                           TEXT    NOT NULL,
    status                          TEXT    NOT NULL,
    session_max_duration_in_seconds INTEGER NOT NULL,
    expire_at                       INTEGER NOT NULL,
    created_at                      INTEGER NOT NULL,
    updated_at                      INTEGER NOT NULL,
    PRIMARY KEY (instance_id, id),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX actor_tokens_by_user ON actor_tokens (instance_id, user_id);
