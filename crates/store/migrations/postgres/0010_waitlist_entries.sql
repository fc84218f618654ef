-- The waitlist.

CREATE TABLE waitlist_entries (
    instance_id   TEXT COLLATE "C" NOT NULL REFERENCES instances (id),
    id            TEXT COLLATE "C" NOT NULL,
    email_address TEXT COLLATE "C" NOT NULL,
    status        TEXT COLLATE "C" NOT NULL,
    invitation_id TEXT COLLATE "C",
    created_at    BIGINT           NOT NULL,
    updated_at    BIGINT           NOT NULL,
    CONSTRAINT waitlist_entries_id PRIMARY KEY (instance_id, id)
);
CREATE UNIQUE INDEX waitlist_entries_email_address ON waitlist_entries (instance_id, email_address);
CREATE INDEX waitlist_entries_by_created_at ON waitlist_entries (instance_id, created_at, id);
