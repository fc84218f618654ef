-- Email addresses that users add themselves, and links by mail.

-- The challenge for an address that was asked last.
ALTER TABLE identifications ADD COLUMN verification_id TEXT;

-- The client on which a link was opened.
ALTER TABLE verifications ADD COLUMN verified_at_client TEXT;
