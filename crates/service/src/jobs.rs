//! The outbox and its worker: what a transaction promised to do after it committed. Jobs are leased, so that a worker that dies
//! gives its work back; they are safe to run twice, save that a mail may then arrive twice.

use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::service::Service;
use crate::sms::{SEND_SMS, SmsPayload};
use crate::tenants::{Tenant, place};
use serde::{Deserialize, Serialize};
use verger_crypto::token::random_token;
use verger_model::mail::Email;
use verger_model::sms::SmsMessage;
use verger_model::{EmailId, InstanceId, JobId, Millis};
use verger_store::{Job, NewJob, WriteTx};

/// Deliver one mail.
pub(crate) const SEND_EMAIL: &str = "send_email";
/// Deliver nothing: what stands in the outbox for a message that would tell whether somebody has an account.
pub(crate) const SEND_NOTHING: &str = "send_nothing";

/// How long a worker has for one claim.
const LEASE: Millis = Millis::from_mins(2);
/// How many jobs one claim takes.
const BATCH: i64 = 20;
/// Seconds between tries; after the last one the job is given up.
const BACKOFF_SECS: [i64; 7] = [5, 30, 120, 600, 3600, 7200, 14_400];
/// How long an unsendable production message waits for a sender to be configured.
const NO_SENDER_RETRY: Millis = Millis::from_mins(1);
/// How long mails and messages lie in the development inbox.
const INBOX_KEEPS: Millis = Millis::from_days(7);
/// How many of each the development inbox shows.
const SHOWN: i64 = 100;
/// How many rows one round of housekeeping deletes per table.
const PURGE_LIMIT: i64 = 1000;

/// A mail as it is written into the outbox.
#[derive(Serialize, Deserialize)]
pub(crate) struct EmailPayload {
    id: String,
    slug: String,
    from_name: String,
    from_address: Option<String>,
    to: String,
    subject: String,
    text: String,
    html: String,
    code: Option<String>,
    created_at: i64,
}

impl From<Email> for EmailPayload {
    fn from(mail: Email) -> Self {
        Self {
            id: mail.id.into(),
            slug: mail.slug,
            from_name: mail.from_name,
            from_address: mail.from_address,
            to: mail.to,
            subject: mail.subject,
            text: mail.text,
            html: mail.html,
            code: mail.code,
            created_at: mail.created_at.0,
        }
    }
}

impl TryFrom<EmailPayload> for Email {
    type Error = verger_model::InvalidId;

    fn try_from(mail: EmailPayload) -> std::result::Result<Self, Self::Error> {
        Ok(Self {
            id: mail.id.parse::<EmailId>()?,
            slug: mail.slug,
            from_name: mail.from_name,
            from_address: mail.from_address,
            to: mail.to,
            subject: mail.subject,
            text: mail.text,
            html: mail.html,
            code: mail.code,
            created_at: Millis(mail.created_at),
        })
    }
}

/// What became of a job.
enum Done {
    Yes,
    /// Nothing to send it with yet, and what is missing: wait without counting a failure.
    Later(&'static str),
}

impl Service {
    /// Runs what is due; gives back how many jobs were taken on.
    ///
    /// # Errors
    /// A fault when the database cannot be reached. A job that fails is no error here: it is tried again later.
    pub async fn run_due_jobs(&self) -> Result<usize> {
        let lock = random_token(self.entropy(), 16).expose().clone();
        let mut tx = self.store.write().await?;
        let jobs = tx.jobs().claim(self.now(), LEASE, BATCH, &lock).await?;
        tx.commit().await?;
        let taken = jobs.len();
        for job in jobs {
            let outcome = self.run_job(&job).await;
            self.settle_job(&job, &lock, outcome).await?;
        }
        Ok(taken)
    }

    /// Resolves when something was put into the outbox by this process.
    pub async fn wait_for_jobs(&self) {
        self.jobs_waiting.notified().await;
    }

    async fn run_job(&self, job: &Job) -> Result<Done> {
        let tenant = self.tenant(&job.instance_id).ok_or_else(|| Error::internal("the job's instance is gone"))?;
        let sealed = std::str::from_utf8(&job.payload).map_err(Error::internal)?;
        let at = place(&job.instance_id, "jobs", "payload", job.id.as_str());
        let open = tenant.data_key.open(&at, sealed).map_err(Error::internal)?;
        match job.kind.as_str() {
            SEND_EMAIL => self.deliver_mail(&tenant, open.expose()).await,
            SEND_NOTHING => Ok(Done::Yes),
            SEND_SMS => self.deliver_sms(&tenant, open.expose()).await,
            kind => Err(Error::internal(format!("no worker for jobs of kind {kind}"))),
        }
    }

    async fn deliver_mail(&self, tenant: &Tenant, payload: &[u8]) -> Result<Done> {
        let payload: EmailPayload = serde_json::from_slice(payload).map_err(Error::internal)?;
        let email = Email::try_from(payload).map_err(Error::internal)?;
        if tenant.instance.is_development() {
            let mut tx = self.store.write().await?;
            tx.inbox().insert(&tenant.instance.id, &email).await?;
            tx.commit().await?;
            self.inbox.send_modify(|count| *count += 1);
            return Ok(Done::Yes);
        }
        match &self.mailer {
            Some(mailer) => mailer.send(&email).await.map(|()| Done::Yes).map_err(Error::internal),
            None => Ok(Done::Later("no mailer is configured")),
        }
    }

    async fn deliver_sms(&self, tenant: &Tenant, payload: &[u8]) -> Result<Done> {
        let payload: SmsPayload = serde_json::from_slice(payload).map_err(Error::internal)?;
        let sms = SmsMessage::try_from(payload).map_err(Error::internal)?;
        if tenant.instance.is_development() {
            let mut tx = self.store.write().await?;
            tx.sms_inbox().insert(&tenant.instance.id, &sms).await?;
            tx.commit().await?;
            self.inbox.send_modify(|count| *count += 1);
            return Ok(Done::Yes);
        }
        match &self.sms {
            Some(sender) => sender.send(&sms).await.map(|()| Done::Yes).map_err(Error::internal),
            None => Ok(Done::Later("no sender of messages to phones is configured")),
        }
    }

    /// Puts a job into the outbox, its payload sealed.
    pub(crate) async fn enqueue_sealed(&self, ctx: &Ctx, tx: &mut WriteTx, kind: &str, payload: &[u8]) -> Result<()> {
        let id = JobId::generate(ctx.now, self.entropy());
        let at = place(ctx.instance(), "jobs", "payload", id.as_str());
        let sealed = ctx.tenant.data_key.seal(&at, payload, self.entropy()).into_bytes();
        let job =
            NewJob { instance_id: ctx.instance().clone(), kind: kind.to_owned(), payload: sealed, run_at: ctx.now, id };
        Ok(tx.jobs().enqueue(&job).await?)
    }

    async fn settle_job(&self, job: &Job, lock: &str, outcome: Result<Done>) -> Result<()> {
        let now = self.now();
        let mut tx = self.store.write().await?;
        match outcome {
            Ok(Done::Yes) => {
                tx.jobs().finish(&job.id, lock).await?;
            }
            Ok(Done::Later(why)) => {
                tx.jobs().retry(&job.id, lock, why, now + NO_SENDER_RETRY).await?;
            }
            Err(err) => {
                tracing::warn!(job = %job.id, kind = %job.kind, attempts = job.attempts, error = %err, "a job failed");
                let tries = usize::try_from(job.attempts - 1).unwrap_or_default();
                match BACKOFF_SECS.get(tries) {
                    Some(secs) => {
                        tx.jobs().retry(&job.id, lock, &err.to_string(), now + Millis::from_secs(*secs)).await?;
                    }
                    None => {
                        tx.jobs().bury(&job.id, lock, &err.to_string()).await?;
                    }
                }
            }
        }
        Ok(tx.commit().await?)
    }

    /// The mails of a development instance, newest first.
    ///
    /// # Errors
    /// A fault when the database cannot be read.
    pub async fn list_inbox(&self, instance: &InstanceId, to: Option<&str>) -> Result<Vec<Email>> {
        Ok(self.store.read().await?.inbox().list(instance, to, SHOWN).await?)
    }

    /// The messages of a development instance to phones, newest first.
    ///
    /// # Errors
    /// A fault when the database cannot be read.
    pub async fn list_sms_inbox(&self, instance: &InstanceId, to: Option<&str>) -> Result<Vec<SmsMessage>> {
        Ok(self.store.read().await?.sms_inbox().list(instance, to, SHOWN).await?)
    }

    /// Moves whenever a mail or a message arrives in a development inbox of this process.
    pub fn inbox_changed(&self) -> tokio::sync::watch::Receiver<u64> {
        self.inbox.subscribe()
    }

    /// Deletes what is past its time: attempts, codes, nonces, testing tokens, old mails.
    ///
    /// # Errors
    /// A fault when the database cannot be written.
    pub async fn housekeeping(&self) -> Result<()> {
        let now = self.now();
        let mut tx = self.store.write().await?;
        tx.handshakes().purge(now).await?;
        for tenant in self.tenants() {
            tx.inbox().purge(&tenant.instance.id, now - INBOX_KEEPS).await?;
            tx.sms_inbox().purge(&tenant.instance.id, now - INBOX_KEEPS).await?;
        }
        tx.housekeeping().delete_expired(now, PURGE_LIMIT).await?;
        Ok(tx.commit().await?)
    }
}
