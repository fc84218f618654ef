//! The names of password hashers, as the Backend API's `password_hasher` has them.

use super::PasswordError;
use std::fmt;
use std::str::FromStr;

macro_rules! hashers {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// A function that made a password digest.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Hasher {
            $($(#[$doc])* $name,)*
        }

        impl Hasher {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name on the wire and in the store.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

hashers! {
    /// Argon2i in a PHC string.
    Argon2i = "argon2i",
    /// Argon2id in a PHC string: what new passwords get.
    Argon2id = "argon2id",
    /// `$2a$`, `$2b$` or `$2y$`.
    Bcrypt = "bcrypt",
    /// bcrypt over password and pepper, the pepper after a further `$`.
    BcryptPeppered = "bcrypt_peppered",
    /// Django: bcrypt over the hex of SHA-256.
    BcryptSha256Django = "bcrypt_sha256_django",
    /// `{SSHA}` of directories: SHA-1 with salt.
    LdapSsha = "ldap_ssha",
    /// 32 hex digits.
    Md5 = "md5",
    /// `salt$hash`.
    Md5Salted = "md5_salted",
    /// phpass over the hex of MD5, or plain phpass.
    Md5Phpass = "md5_phpass",
    /// `$P$` or `$H$` of WordPress and phpBB.
    Phpass = "phpass",
    /// PBKDF2 with SHA-1, hash in hex.
    Pbkdf2Sha1 = "pbkdf2_sha1",
    /// PBKDF2 with SHA-256, salt and hash in base64.
    Pbkdf2Sha256 = "pbkdf2_sha256",
    /// PBKDF2 with SHA-256 as Django writes it: the salt as text.
    Pbkdf2Sha256Django = "pbkdf2_sha256_django",
    /// PBKDF2 with SHA-512, the salt as text, hash in hex.
    Pbkdf2Sha512 = "pbkdf2_sha512",
    /// PBKDF2 with SHA-512, salt and hash in hex.
    Pbkdf2Sha512Hex = "pbkdf2_sha512_hex",
    /// Firebase's scrypt.
    ScryptFirebase = "scrypt_firebase",
    /// Werkzeug's (Flask's) scrypt.
    ScryptWerkzeug = "scrypt_werkzeug",
    /// 64 hex digits.
    Sha256 = "sha256",
    /// `salt$hash`.
    Sha256Salted = "sha256_salted",
    /// Symfony's message digest encoder with SHA-512.
    Sha512Symfony = "sha512_symfony",
}

impl FromStr for Hasher {
    type Err = PasswordError;

    fn from_str(text: &str) -> Result<Self, PasswordError> {
        Self::ALL.iter().copied().find(|hasher| hasher.as_str() == text).ok_or(PasswordError::UnknownHasher)
    }
}

impl fmt::Display for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back_and_no_other() {
        for hasher in Hasher::ALL {
            assert_eq!(hasher.as_str().parse(), Ok(*hasher));
        }
        for other in ["", "ARGON2ID", "argon2", "plaintext", "nosuchhasher"] {
            assert_eq!(other.parse::<Hasher>(), Err(PasswordError::UnknownHasher));
        }
    }
}
