-- Actor tokens: each lets somebody act as a user once.

CREATE TABLE actor_tokens (
    instance_id                     TEXT COLLATE "C" NOT NULL,
    id                              TEXT COLLATE "C" NOT NULL,
    user_id                         TEXT COLLATE "C" NOT NULL,
    actor                           TEXT COLLATE "C" NOT NULL,
    status                          TEXT COLLATE "C" NOT NULL,
    session_max_duration_in_seconds BIGINT           NOT NULL,
    expire_at                       BIGINT           NOT NULL,
    created_at                      BIGINT           NOT NULL,
    updated_at                      BIGINT           NOT NULL,
    CONSTRAINT actor_tokens_id PRIMARY KEY (instance_id, id),
    FOREIGN KEY (instance_id, user_id) REFERENCES users (instance_id, id) ON DELETE CASCADE
);
CREATE INDEX actor_tokens_by_user ON actor_tokens (instance_id, user_id);
