//! Challenges: what a browser is asked, and what of it is needed to judge the answer. The whole request is kept as it was sent.

use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::service::Service;
use serde::Deserialize;
use serde_json::{Value, json};
use verger_crypto::webauthn::{ALGORITHMS, Ceremony, base64url, user_handle};
use verger_model::passkey::{CHALLENGE_LIFETIME, Passkey};
use verger_model::user::{Profile, User};
use verger_model::verification::{Verification, VerificationStatus};
use verger_model::{Code, Strategy, VerificationId};
use verger_store::WriteTx;

/// Bytes of a challenge.
const CHALLENGE_BYTES: usize = 32;

/// What is read back of the options of a request.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    challenge: String,
    rp_id: Option<String>,
    rp: Option<RelyingParty>,
}

#[derive(Deserialize)]
struct RelyingParty {
    id: String,
}

impl Service {
    /// The options for making a passkey. Those that the user has are left out by the browser.
    pub(super) fn creation_options(&self, ctx: &Ctx, profile: &Profile) -> Result<Value> {
        let algorithms: Vec<_> = ALGORITHMS.iter().map(|alg| json!({ "type": "public-key", "alg": alg })).collect();
        let name = profile.identifier();
        Ok(json!({
            "rp": { "id": self.relying_party(ctx)?, "name": ctx.tenant.instance.display_name() },
            "user": { "id": handle_of(ctx, &profile.user), "name": name, "displayName": name },
            "challenge": self.random_challenge(),
            "pubKeyCredParams": algorithms,
            "timeout": CHALLENGE_LIFETIME.0,
            "excludeCredentials": descriptors(&profile.passkeys),
            "authenticatorSelection": {
                "requireResidentKey": true, "residentKey": "required", "userVerification": "required",
            },
            "attestation": "none",
        }))
    }

    /// The options for using a passkey: one of these, or whichever the browser finds.
    pub(super) fn request_options(&self, ctx: &Ctx, passkeys: &[Passkey]) -> Result<Value> {
        Ok(json!({
            "challenge": self.random_challenge(),
            "rpId": self.relying_party(ctx)?,
            "timeout": CHALLENGE_LIFETIME.0,
            "userVerification": "required",
            "allowCredentials": descriptors(passkeys),
        }))
    }

    /// Writes a challenge with these options.
    pub(super) async fn insert_challenge(&self, ctx: &Ctx, tx: &mut WriteTx, options: &Value) -> Result<Verification> {
        let challenge = Verification {
            id: VerificationId::generate(ctx.now, self.entropy()),
            strategy: Strategy::Passkey,
            status: VerificationStatus::Unverified,
            attempts: 0,
            target: None,
            identification_id: None,
            channel: None,
            code_digest: None,
            verified_at_client: None,
            external_redirect_url: None,
            error: None,
            nonce: Some(options.to_string()),
            expire_at: Some(ctx.now + CHALLENGE_LIFETIME),
            created_at: ctx.now,
        };
        tx.verifications().insert(ctx.instance(), &challenge).await?;
        Ok(challenge)
    }

    fn random_challenge(&self) -> String {
        let mut bytes = [0; CHALLENGE_BYTES];
        self.entropy().fill(&mut bytes);
        base64url(&bytes)
    }

    /// The relying party of the page that asks: its origin, else the portal's.
    fn relying_party(&self, ctx: &Ctx) -> Result<String> {
        let origin = ctx.request.origin.as_deref().unwrap_or(&ctx.tenant.addresses.portal);
        ctx.tenant.instance.relying_party(origin).ok_or_else(|| Code::OriginInvalid.into())
    }
}

/// The opaque bytes by which authenticators know a user, in base64url.
pub(super) fn handle_of(ctx: &Ctx, user: &User) -> String {
    user_handle(ctx.instance().as_str(), user.id.as_str())
}

/// Runs `judge` with what the challenge asked.
///
/// # Errors
/// A fault when the stored options cannot be read.
pub(super) fn with_ceremony<T>(ctx: &Ctx, asked: &Verification, judge: impl FnOnce(&Ceremony<'_>) -> T) -> Result<T> {
    let options: Options = serde_json::from_str(asked.nonce.as_deref().unwrap_or_default()).map_err(Error::internal)?;
    let rp_id = options.rp_id.or(options.rp.map(|rp| rp.id)).unwrap_or_default();
    let (instance, addresses) = (&ctx.tenant.instance, &ctx.tenant.addresses);
    let is_origin_allowed = |origin: &str| {
        instance.origin_trust(origin, addresses).is_served()
            && instance.relying_party(origin).is_some_and(|party| party == rp_id)
    };
    Ok(judge(&Ceremony { challenge: &options.challenge, rp_id: &rp_id, is_origin_allowed: &is_origin_allowed }))
}

fn descriptors(passkeys: &[Passkey]) -> Vec<Value> {
    let credentials = passkeys.iter().filter_map(|it| it.credential.as_ref());
    credentials.map(|it| json!({ "type": "public-key", "id": it.id, "transports": it.transports })).collect()
}
