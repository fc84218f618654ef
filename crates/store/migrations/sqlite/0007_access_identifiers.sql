-- Allowlist and blocklist.

CREATE TABLE access_identifiers (
    instance_id TEXT    NOT NULL REFERENCES instances (id),
    id          TEXT    NOT NULL,
    list        TEXT    NOT NULL,
    identifier  TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (instance_id, id)
) STRICT;
CREATE UNIQUE INDEX access_identifiers_list_identifier ON access_identifiers (instance_id, list, identifier);
