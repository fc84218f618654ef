-- Allowlist and blocklist.

CREATE TABLE access_identifiers (
    instance_id TEXT COLLATE "C" NOT NULL REFERENCES instances (id),
    id          TEXT COLLATE "C" NOT NULL,
    list        TEXT COLLATE "C" NOT NULL,
    identifier  TEXT COLLATE "C" NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL,
    created_at  BIGINT           NOT NULL,
    CONSTRAINT access_identifiers_id PRIMARY KEY (instance_id, id)
);
CREATE UNIQUE INDEX access_identifiers_list_identifier ON access_identifiers (instance_id, list, identifier);
