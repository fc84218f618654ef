//! Testing tokens: they let test suites past bot protection.

use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use verger_crypto::token::{random_token, token_hash};
use verger_model::{Millis, TestingTokenId};

/// How long a testing token is good for.
const LIFETIME: Millis = Millis::from_mins(60);
/// Bytes of randomness in it.
const BYTES: usize = 24;

impl Service {
    /// Makes a testing token; gives back the text and until when it is good.
    ///
    /// # Errors
    /// A fault when the database cannot be written.
    pub async fn create_testing_token(&self, ctx: &Ctx) -> Result<(String, Millis)> {
        let token = random_token(self.entropy(), BYTES).expose().clone();
        let id = TestingTokenId::generate(ctx.now, self.entropy());
        let expire_at = ctx.now + LIFETIME;
        let mut tx = self.store.write().await?;
        tx.testing_tokens().insert(ctx.instance(), &id, &token_hash(&token), expire_at, ctx.now).await?;
        tx.commit().await?;
        Ok((token, expire_at))
    }
}
