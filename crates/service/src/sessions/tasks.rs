//! Tasks that stand between a sign-in and an active session.

use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use verger_model::client::Client;
use verger_model::session::{Session, SessionTask};
use verger_model::{Millis, UserId};
use verger_store::WriteTx;

/// The live sessions of a user, locked with their clients.
pub(crate) struct LockedSessions(Vec<(Client, Vec<Session>)>);

impl Service {
    /// Locks the live sessions of a user, each after its client. To be called before the user is locked.
    pub(crate) async fn lock_sessions(&self, ctx: &Ctx, tx: &mut WriteTx, user: &UserId) -> Result<LockedSessions> {
        let settings = &ctx.tenant.instance.settings.sessions;
        let mut locked: Vec<(Client, Vec<Session>)> = Vec::new();
        for known in tx.sessions().of_user(ctx.instance(), user).await? {
            if !known.is_live(settings, ctx.now) {
                continue;
            }
            if !locked.iter().any(|(client, _)| client.id == known.client_id) {
                let client = tx.clients().get_for_update(ctx.instance(), &known.client_id).await?;
                locked.extend(client.map(|client| (client, Vec::new())));
            }
            let session = tx.sessions().get_for_update(ctx.instance(), &known.id).await?;
            let place = locked.iter_mut().find(|(client, _)| client.id == known.client_id);
            if let (Some((_, sessions)), Some(session)) = (place, session.filter(|it| it.is_live(settings, ctx.now))) {
                sessions.push(session);
            }
        }
        Ok(LockedSessions(locked))
    }

    /// The user did a task: it falls away from every session. `acting`, if any, has just shown a second factor.
    pub(crate) async fn finish_task(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        locked: LockedSessions,
        task: SessionTask,
        acting: Option<&Session>,
    ) -> Result<()> {
        for (mut client, sessions) in locked.0 {
            let mut has_news = false;
            for mut session in sessions {
                let had = session.tasks.len();
                session.tasks.retain(|it| *it != task);
                let is_changed = session.tasks.len() != had;
                let shown: Option<Millis> = acting.filter(|it| it.id == session.id).map(|_| ctx.now);
                if !is_changed && shown.is_none() {
                    continue;
                }
                session.second_factor_at = shown.or(session.second_factor_at);
                session.updated_at = ctx.now;
                tx.sessions().update(ctx.instance(), &session).await?;
                has_news |= is_changed;
            }
            if has_news {
                client.updated_at = ctx.now;
                tx.clients().update(ctx.instance(), &client).await?;
            }
        }
        Ok(())
    }
}
