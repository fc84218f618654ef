-- The waitlist.

CREATE TABLE waitlist_entries (
    instance_id   TEXT    NOT NULL REFERENCES instances (id),
    id            TEXT    NOT NULL,
    email_address TEXT    NOT NULL,
    status        TEXT    NOT NULL,
    invitation_id TEXT,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    PRIMARY KEY (instance_id, id)
) STRICT;
CREATE UNIQUE INDEX waitlist_entries_email_address ON waitlist_entries (instance_id, email_address);
CREATE INDEX waitlist_entries_by_created_at ON waitlist_entries (instance_id, created_at, id);
