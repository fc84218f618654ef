-- Phone numbers: proved at sign-up, codes that travel to them, and numbers that are second factors.

ALTER TABLE users ADD COLUMN phone_second_factor INTEGER NOT NULL DEFAULT 0;

ALTER TABLE identifications ADD COLUMN reserved_for_second_factor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE identifications ADD COLUMN default_second_factor INTEGER NOT NULL DEFAULT 0;

ALTER TABLE sign_ups ADD COLUMN phone_verification_id TEXT;
ALTER TABLE sign_ups ADD COLUMN phone_verified INTEGER NOT NULL DEFAULT 0;

ALTER TABLE verifications ADD COLUMN channel TEXT;

CREATE TABLE sms_messages (
    instance_id TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    slug        TEXT    NOT NULL,
    channel     TEXT    NOT NULL,
    to_number   TEXT    NOT NULL,
    message     TEXT    NOT NULL,
    code        TEXT,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (instance_id, id)
) STRICT;
CREATE INDEX sms_messages_by_created_at ON sms_messages (instance_id, created_at, id);
CREATE INDEX sms_messages_by_to_number ON sms_messages (instance_id, to_number, created_at);
