-- Invitations to the application, and the sign-ups that came with one.

CREATE TABLE invitations (
    instance_id     TEXT    NOT NULL REFERENCES instances (id),
    id              TEXT    NOT NULL,
    email_address   TEXT    NOT NULL,
    public_metadata TEXT    NOT NULL,
    status          TEXT    NOT NULL,
    redirect_url    TEXT,
    expire_at       INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    PRIMARY KEY (instance_id, id)
) STRICT;
CREATE INDEX invitations_by_email_address ON invitations (instance_id, email_address);
CREATE INDEX invitations_by_created_at ON invitations (instance_id, created_at, id);

CREATE TABLE sign_up_invitations (
    instance_id   TEXT    NOT NULL,
    sign_up_id    TEXT    NOT NULL,
    invitation_id TEXT    NOT NULL,
    PRIMARY KEY (instance_id, sign_up_id),
    FOREIGN KEY (instance_id, sign_up_id) REFERENCES sign_ups (instance_id, id) ON DELETE CASCADE
) STRICT;
