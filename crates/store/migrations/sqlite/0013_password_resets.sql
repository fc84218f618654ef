-- Passwords that must be set anew, because somebody else may know them.

ALTER TABLE users ADD COLUMN requires_password_reset INTEGER NOT NULL DEFAULT 0;
