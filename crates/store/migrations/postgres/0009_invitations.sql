-- Invitations to the application, and the sign-ups that came with one.

CREATE TABLE invitations (
    instance_id     TEXT COLLATE "C" NOT NULL REFERENCES instances (id),
    id              TEXT COLLATE "C" NOT NULL,
    email_address   TEXT COLLATE "C" NOT NULL,
    public_metadata TEXT COLLATE "C" NOT NULL,
    status          TEXT COLLATE "C" NOT NULL,
    redirect_url    TEXT COLLATE "C",
    expire_at       BIGINT           NOT NULL,
    created_at      BIGINT           NOT NULL,
    updated_at      BIGINT           NOT NULL,
    CONSTRAINT invitations_id PRIMARY KEY (instance_id, id)
);
CREATE INDEX invitations_by_email_address ON invitations (instance_id, email_address);
CREATE INDEX invitations_by_created_at ON invitations (instance_id, created_at, id);

CREATE TABLE sign_up_invitations (
    instance_id   TEXT COLLATE "C" NOT NULL,
    sign_up_id    TEXT COLLATE "C" NOT NULL,
    invitation_id TEXT COLLATE "C" NOT NULL,
    CONSTRAINT sign_up_invitations_sign_up_id PRIMARY KEY (instance_id, sign_up_id),
    FOREIGN KEY (instance_id, sign_up_id) REFERENCES sign_ups (instance_id, id) ON DELETE CASCADE
);
