//! Who asked how often, in the memory of this process. Every limit has its own table, so that a flood at one door does not make
//! another forget; a table holds a bounded number of callers, whatever their number outside. What locks an account for good is
//! counted in the database, not here.

use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::visitors::Visitor;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use verger_model::rate_limit::{RateLimit, Window};
use verger_model::{Code, Millis, Refusal, SignInId, UserId, email, phone};

/// How many callers one generation of a table holds. When more come within a window, the older half is forgotten.
const CALLERS: usize = 20_000;

/// Callers by a keyed hash of who they are: what they typed is not kept.
#[derive(Debug, Default)]
struct Table {
    young: HashMap<u64, Window>,
    old: HashMap<u64, Window>,
    turned_at: Millis,
}

impl Table {
    /// The window of a caller. Whoever was not seen for a whole window is forgotten with their generation.
    fn window(&mut self, caller: u64, span: Millis, now: Millis) -> &mut Window {
        if self.young.len() >= CALLERS || self.turned_at + span <= now {
            self.old = std::mem::take(&mut self.young);
            self.turned_at = now;
        }
        let known = self.old.remove(&caller);
        self.young.entry(caller).or_insert_with(|| known.unwrap_or_default())
    }
}

/// All tables.
#[derive(Debug, Default)]
pub(crate) struct RateLimits {
    hasher: RandomState,
    tables: Mutex<HashMap<RateLimit, Table>>,
}

impl RateLimits {
    /// How long the caller has to wait; counts this request if it need not and `counts`.
    fn ask(&self, limit: RateLimit, caller: (&str, &str), now: Millis, counts: bool) -> Option<Millis> {
        let quota = limit.quota();
        let caller = self.hasher.hash_one(caller);
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        let window = tables.entry(limit).or_default().window(caller, quota.window, now);
        let wait = window.wait(quota, now);
        if wait.is_none() && counts {
            window.count(quota, now);
        }
        wait
    }
}

fn refused(wait: Millis) -> Refusal {
    Refusal::new(Code::TooManyRequests).retry_after((wait.0 + 999) / 1000)
}

impl Service {
    /// Counts a request of the caller's address and refuses one too many. A caller without an address is not counted.
    ///
    /// # Errors
    /// `too_many_requests`.
    pub(crate) fn admit_address(&self, ctx: &Ctx, limit: RateLimit) -> Result<()> {
        address_of(ctx).map_or(Ok(()), |address| self.admit(ctx, limit, &address))
    }

    /// Counts a request about a subject, whoever asks, and refuses one too many.
    ///
    /// # Errors
    /// `too_many_requests`.
    pub(crate) fn admit(&self, ctx: &Ctx, limit: RateLimit, subject: &str) -> Result<()> {
        match self.ask_limit(ctx, limit, subject, true) {
            Some(wait) => Err(refused(wait).into()),
            None => Ok(()),
        }
    }

    fn ask_limit(&self, ctx: &Ctx, limit: RateLimit, subject: &str, counts: bool) -> Option<Millis> {
        if !ctx.tenant.instance.rate_limits() {
            return None;
        }
        self.rate_limits.ask(limit, (ctx.instance().as_str(), subject), ctx.now, counts)
    }

    /// Counts a question of the caller's address, whether or not requests are limited, and says if there were too many.
    pub(crate) fn has_asked_too_much(&self, ctx: &Ctx, limit: RateLimit) -> bool {
        let subject = (ctx.instance().as_str(), address_of(ctx));
        let ask = |address: &str| self.rate_limits.ask(limit, (subject.0, address), ctx.now, true);
        subject.1.as_deref().and_then(ask).is_some()
    }

    /// Counts the start of an attempt: for the caller's address, and for what it names.
    ///
    /// # Errors
    /// `too_many_requests`.
    pub(crate) fn admit_start(&self, ctx: &Ctx, limit: RateLimit, identifiers: &[Option<&String>]) -> Result<()> {
        self.admit_address(ctx, limit)?;
        let mut named = identifiers.iter().flatten().filter(|text| !text.trim().is_empty());
        named.try_for_each(|text| self.admit(ctx, limit, &spelled(text)))
    }

    /// Counts an answer to a factor: for the caller's address, and for the account that it is about.
    ///
    /// # Errors
    /// `too_many_requests`, also after too many wrong answers about the account.
    pub(crate) async fn admit_answer(&self, ctx: &Ctx, visitor: &Visitor, sign_in: &str) -> Result<()> {
        let limit = RateLimit::SignInAttempt;
        self.admit_address(ctx, limit)?;
        let id = sign_in.parse::<SignInId>().ok().filter(|_| ctx.tenant.instance.rate_limits());
        let (Some(id), Some(client)) = (id, &visitor.client) else { return Ok(()) };
        let found = self.store.read().await?.sign_ins().get(ctx.instance(), &id).await?;
        let Some(attempt) = found.filter(|it| it.client_id == client.id) else { return Ok(()) };
        match (&attempt.user_id, &attempt.identifier) {
            (Some(user), _) => self.admit_answer_about(ctx, user.as_str()),
            (None, Some(identifier)) => self.admit_answer_about(ctx, identifier),
            (None, None) => Ok(()),
        }
    }

    /// Counts an answer about an account.
    ///
    /// # Errors
    /// `too_many_requests`.
    pub(crate) fn admit_answer_about(&self, ctx: &Ctx, subject: &str) -> Result<()> {
        self.admit(ctx, RateLimit::SignInAttempt, subject)?;
        match self.ask_limit(ctx, RateLimit::FailedAnswer, subject, false) {
            Some(wait) => Err(refused(wait).into()),
            None => Ok(()),
        }
    }

    /// Notes a wrong answer about an account.
    pub(crate) fn note_failure(&self, ctx: &Ctx, subject: &str) {
        self.ask_limit(ctx, RateLimit::FailedAnswer, subject, true);
    }

    /// Counts a challenge that is sent for the caller.
    ///
    /// # Errors
    /// `verification_code_rate_limit_exceeded`.
    pub(crate) fn admit_send(&self, ctx: &Ctx) -> Result<()> {
        let wait = address_of(ctx).and_then(|address| self.ask_limit(ctx, RateLimit::Send, &address, true));
        wait.map_or(Ok(()), |wait| Err(too_many_sends(wait).into()))
    }

    /// Counts a change to a user by the application's backend.
    ///
    /// # Errors
    /// `too_many_requests`.
    pub(crate) fn admit_update(&self, ctx: &Ctx, user: &UserId) -> Result<()> {
        self.admit(ctx, RateLimit::UserUpdate, user.as_str())
    }

    /// Counts a request of the application's backend.
    ///
    /// # Errors
    /// `too_many_requests`.
    pub fn admit_backend(&self, ctx: &Ctx) -> Result<()> {
        self.admit(ctx, RateLimit::Backend(ctx.tenant.instance.environment), "")
    }
}

/// The refusal when too many challenges were sent.
pub(crate) fn too_many_sends(wait: Millis) -> Refusal {
    Refusal::new(Code::VerificationCodeRateLimitExceeded).retry_after((wait.0 + 999) / 1000)
}

/// One spelling per identifier, as it would be stored.
fn spelled(identifier: &str) -> String {
    let stored = email::normalize(identifier).or_else(|| phone::normalize(identifier));
    stored.unwrap_or_else(|| identifier.trim().to_lowercase())
}

/// The caller's address as it is counted: of IPv6 the network, because a household has one of those and not one address.
fn address_of(ctx: &Ctx) -> Option<String> {
    let address = ctx.request.ip.as_deref()?;
    match address.parse() {
        Ok(IpAddr::V6(it)) => Some(format!("{:x}", u128::from(it) >> 64)),
        _ => Some(address.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: RateLimit = RateLimit::SignInCreate;

    fn ask(limits: &RateLimits, caller: &str, at: i64) -> bool {
        limits.ask(LIMIT, ("ins", caller), Millis(at), true).is_none()
    }

    #[test]
    fn a_flood_of_callers_does_not_grow_without_end() {
        let limits = RateLimits::default();
        for caller in 0..3 * CALLERS {
            assert!(ask(&limits, &caller.to_string(), 0));
        }
        let tables = limits.tables.lock().unwrap();
        let table = &tables[&LIMIT];
        assert!(table.young.len() + table.old.len() <= 2 * CALLERS);
    }

    #[test]
    fn a_caller_is_remembered_when_the_generation_turns() {
        let limits = RateLimits::default();
        assert!(ask(&limits, "other", 0));
        (0..5).for_each(|_| assert!(ask(&limits, "jane", 9000)));
        assert!(!ask(&limits, "jane", 12_000));
        assert!(!ask(&limits, "jane", 18_999));
        assert!(ask(&limits, "jane", 19_000));
    }

    #[test]
    fn who_is_not_seen_for_a_window_is_forgotten() {
        let limits = RateLimits::default();
        for at in [0, 20_000, 40_000] {
            assert!(ask(&limits, &at.to_string(), at));
        }
        let tables = limits.tables.lock().unwrap();
        assert_eq!(tables[&LIMIT].young.len() + tables[&LIMIT].old.len(), 2);
    }

    #[test]
    fn one_spelling_counts() {
        assert_eq!(spelled(" Jane@Example.com "), spelled("jane@example.com"));
        assert_eq!(spelled("+1 (555) 555-0100"), spelled("+15555550100"));
        assert_eq!(spelled("Jane"), spelled("jane"));
    }
}
