-- Phone numbers: proved at sign-up, codes that travel to them, and numbers that are second factors.

ALTER TABLE users ADD COLUMN phone_second_factor BOOLEAN NOT NULL DEFAULT FALSE;

ALTER TABLE identifications ADD COLUMN reserved_for_second_factor BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE identifications ADD COLUMN default_second_factor BOOLEAN NOT NULL DEFAULT FALSE;

ALTER TABLE sign_ups ADD COLUMN phone_verification_id TEXT COLLATE "C";
ALTER TABLE sign_ups ADD COLUMN phone_verified BOOLEAN NOT NULL DEFAULT FALSE;

ALTER TABLE verifications ADD COLUMN channel TEXT COLLATE "C";

CREATE TABLE sms_messages (
    instance_id TEXT COLLATE "C" NOT NULL,
    id          TEXT COLLATE "C" NOT NULL,
    slug        TEXT COLLATE "C" NOT NULL,
    channel     TEXT COLLATE "C" NOT NULL,
    to_number   TEXT COLLATE "C" NOT NULL,
    message     TEXT COLLATE "C" NOT NULL,
    code        TEXT COLLATE "C",
    created_at  BIGINT           NOT NULL,
    CONSTRAINT sms_messages_id PRIMARY KEY (instance_id, id)
);
CREATE INDEX sms_messages_by_created_at ON sms_messages (instance_id, created_at, id);
CREATE INDEX sms_messages_by_to_number ON sms_messages (instance_id, to_number, created_at);
