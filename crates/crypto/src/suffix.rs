//! The suffix by which Clerk keeps the cookies of several applications on one domain apart.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The suffix of cookie names for a publishable key: `__session_<suffix>`. Eight characters of the base64url of its SHA-1;
/// a name, not a protection.
pub fn cookie_suffix(publishable_key: &str) -> String {
    let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, publishable_key.as_bytes());
    // Six bytes are exactly eight characters.
    URL_SAFE_NO_PAD.encode(&hash.as_ref()[..6])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suffix_is_what_the_sdks_compute() {
        // Values of Node's `createHash("sha1").update(key).digest("base64").slice(0, 8)`, with `-` for `+` and `_` for `/`.
        for (key, suffix) in SAMPLES {
            assert_eq!(cookie_suffix(key), suffix, "{key}");
        }
    }

    const SAMPLES: [(&str, &str); 4] = [
        ("pk_test_YXBwLTAuY2xlcmsuYWNjb3VudHMuZGV2JA", "T2aS3oWZ"),
        ("pk_test_YXBwLTYuY2xlcmsuYWNjb3VudHMuZGV2JA", "_JyIjApG"),
        ("pk_test_YXBwLTEwLmNsZXJrLmFjY291bnRzLmRldiQ", "TH7Ozl-M"),
        ("pk_test_YXBwLTMyLmNsZXJrLmFjY291bnRzLmRldiQ", "dqsQXel_"),
    ];
}
