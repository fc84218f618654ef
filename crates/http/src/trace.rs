//! The name of a request: in the answer's `X-Clerk-Trace-Id`, in error bodies, and in the log.

use axum::http::HeaderValue;
use verger_model::Entropy;

const HEX: &[u8; 16] = b"0123456789abcdef";

/// 32 hexadecimal digits.
#[derive(Clone, Debug)]
pub(crate) struct TraceId(String);

impl TraceId {
    pub(crate) fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0u8; 16];
        entropy.fill(&mut bytes);
        let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        Self(digits.map(|digit| char::from(HEX[usize::from(digit)])).collect())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).expect("hexadecimal digits are visible ASCII")
    }

    /// 1 to 5: spreads the retries of many clients.
    pub(crate) fn jitter_secs(&self) -> i64 {
        1 + i64::from(self.0.as_bytes()[0] % 5)
    }
}
