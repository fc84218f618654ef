-- Proofs of work that were taken, until they would be out of time anyway; and sign-ups that were begun without one, because a
-- provider elsewhere was to vouch for them.

CREATE TABLE used_challenges (
    instance_id    TEXT    NOT NULL REFERENCES instances (id),
    challenge_hash TEXT    NOT NULL,
    expire_at      INTEGER NOT NULL,
    PRIMARY KEY (instance_id, challenge_hash)
) STRICT;
CREATE INDEX used_challenges_by_expire_at ON used_challenges (expire_at);

CREATE TABLE sign_up_exemptions (
    instance_id TEXT    NOT NULL REFERENCES instances (id),
    sign_up_id  TEXT    NOT NULL,
    expire_at   INTEGER NOT NULL,
    PRIMARY KEY (instance_id, sign_up_id)
) STRICT;
CREATE INDEX sign_up_exemptions_by_expire_at ON sign_up_exemptions (expire_at);
