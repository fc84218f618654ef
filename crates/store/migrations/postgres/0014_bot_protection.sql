-- Proofs of work that were taken, until they would be out of time anyway; and sign-ups that were begun without one, because a
-- provider elsewhere was to vouch for them.

CREATE TABLE used_challenges (
    instance_id    TEXT COLLATE "C" NOT NULL REFERENCES instances (id),
    challenge_hash TEXT COLLATE "C" NOT NULL,
    expire_at      BIGINT           NOT NULL,
    CONSTRAINT used_challenges_challenge_hash PRIMARY KEY (instance_id, challenge_hash)
);
CREATE INDEX used_challenges_by_expire_at ON used_challenges (expire_at);

CREATE TABLE sign_up_exemptions (
    instance_id TEXT COLLATE "C" NOT NULL REFERENCES instances (id),
    sign_up_id  TEXT COLLATE "C" NOT NULL,
    expire_at   BIGINT           NOT NULL,
    CONSTRAINT sign_up_exemptions_sign_up_id PRIMARY KEY (instance_id, sign_up_id)
);
CREATE INDEX sign_up_exemptions_by_expire_at ON sign_up_exemptions (expire_at);
