//! The mails that Verger writes, and their way into the outbox: rendered when the thing happens, in the same transaction, sealed
//! until they are sent.

use crate::ctx::Ctx;
use crate::enumeration::DecoyReason;
use crate::error::{Error, Result};
use crate::jobs::{EmailPayload, SEND_EMAIL};
use crate::service::Service;
use minijinja::{Environment, context};
use std::sync::OnceLock;
use verger_model::mail::Email;
use verger_model::{EmailId, Secret, Strategy};
use verger_store::WriteTx;

/// A one-time code to write about.
pub(crate) struct CodeMail<'a> {
    pub(crate) strategy: Strategy,
    pub(crate) to: &'a str,
    pub(crate) code: &'a Secret<String>,
}

/// What a code or a link for an address is good for.
const VERIFY_WHY: &str = "verify this email address";

/// Something that a user should know about the account.
struct Notice {
    slug: &'static str,
    subject: String,
    body: String,
}

/// Everything that a template sees.
struct Rendered {
    subject: String,
    text: String,
    html: String,
}

fn templates() -> &'static Environment<'static> {
    static TEMPLATES: OnceLock<Environment<'static>> = OnceLock::new();
    TEMPLATES.get_or_init(|| {
        let mut env = Environment::new();
        // The file name decides about escaping: `.html` escapes, `.txt` does not.
        for (name, source) in [
            ("code.txt", include_str!("templates/code.txt")),
            ("code.html", include_str!("templates/code.html")),
            ("link.txt", include_str!("templates/link.txt")),
            ("link.html", include_str!("templates/link.html")),
            ("notice.txt", include_str!("templates/notice.txt")),
            ("notice.html", include_str!("templates/notice.html")),
            ("invitation.txt", include_str!("templates/invitation.txt")),
            ("invitation.html", include_str!("templates/invitation.html")),
        ] {
            env.add_template(name, source).expect("the built-in templates are well formed");
        }
        env
    })
}

fn render(name: &str, values: &minijinja::Value) -> Result<String> {
    templates().get_template(name).and_then(|template| template.render(values)).map_err(Error::internal)
}

impl Service {
    /// Puts a code on its way.
    pub(crate) async fn enqueue_code_mail(&self, ctx: &Ctx, tx: &mut WriteTx, mail: &CodeMail<'_>) -> Result<()> {
        let app = ctx.tenant.instance.display_name();
        let code = mail.code.expose();
        let (slug, subject, why) = match mail.strategy {
            Strategy::ResetPasswordEmailCode => {
                ("reset_password_code", format!("{code} is your {app} password reset code"), "reset your password")
            }
            _ => ("verification_code", format!("{code} is your {app} verification code"), VERIFY_WHY),
        };
        let values = context! { app, code, why, subject => &subject };
        let rendered = Rendered { subject, text: render("code.txt", &values)?, html: render("code.html", &values)? };
        self.enqueue_mail(ctx, tx, slug, mail.to, rendered, Some(code.clone())).await
    }

    /// Invites somebody.
    pub(crate) async fn enqueue_invitation_mail(&self, ctx: &Ctx, tx: &mut WriteTx, to: &str, url: &str) -> Result<()> {
        let app = ctx.tenant.instance.display_name();
        let subject = format!("You are invited to {app}");
        let values = context! { app, url, subject => &subject };
        let rendered =
            Rendered { subject, text: render("invitation.txt", &values)?, html: render("invitation.html", &values)? };
        self.enqueue_mail(ctx, tx, "invitation", to, rendered, None).await
    }

    /// Tells somebody that they are on the waitlist.
    pub(crate) async fn enqueue_waitlist_mail(&self, ctx: &Ctx, tx: &mut WriteTx, to: &str) -> Result<()> {
        let notice = Notice {
            slug: "waitlist_confirmation",
            subject: format!("You are on the waitlist of {}", ctx.tenant.instance.display_name()),
            body: "You will get another mail when it is your turn.".to_owned(),
        };
        self.enqueue_notice(ctx, tx, to, notice).await
    }

    /// Puts a link on its way.
    pub(crate) async fn enqueue_link_mail(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        to: &str,
        link: &str,
        signs_in: bool,
    ) -> Result<()> {
        let app = ctx.tenant.instance.display_name();
        let (slug, subject, why, action) = if signs_in {
            ("magic_link_sign_in", format!("Sign in to {app}"), "sign in", "Sign in")
        } else {
            ("magic_link_verification", format!("Verify your email address for {app}"), VERIFY_WHY, "Verify")
        };
        let values = context! { app, link, why, action, subject => &subject };
        let rendered = Rendered { subject, text: render("link.txt", &values)?, html: render("link.html", &values)? };
        self.enqueue_mail(ctx, tx, slug, to, rendered, None).await
    }

    /// Tells an address why it got no challenge that somebody asked for.
    pub(crate) async fn enqueue_decoy_mail(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        to: &str,
        reason: DecoyReason,
    ) -> Result<()> {
        let app = ctx.tenant.instance.display_name();
        let (slug, subject, what) = match reason {
            DecoyReason::Taken => (
                "sign_up_attempted",
                format!("You have a {app} account already"),
                "Somebody tried to sign up with this address, which has an account already. Sign in instead.",
            ),
            DecoyReason::NotThisWay => (
                "sign_in_refused",
                format!("You could not sign in to {app} in this way"),
                "Somebody asked to sign in with this address. Its account cannot be signed in to in this way, or not now.",
            ),
            DecoyReason::NoAccount | DecoyReason::Unasked => (
                "sign_in_without_account",
                format!("There is no {app} account with this address"),
                "Somebody asked to sign in with this address, which has no account. Sign up instead.",
            ),
        };
        let body = format!("{what} If it was not you, there is nothing to do.");
        self.enqueue_notice(ctx, tx, to, Notice { slug, subject, body }).await
    }

    /// Tells a user that the password was changed.
    pub(crate) async fn enqueue_password_changed_mail(&self, ctx: &Ctx, tx: &mut WriteTx, to: &str) -> Result<()> {
        let app = ctx.tenant.instance.display_name();
        let notice = Notice {
            slug: "password_changed",
            subject: format!("Your {app} password was changed"),
            body: "If this was you, there is nothing to do. If it was not, reset your password now.".to_owned(),
        };
        self.enqueue_notice(ctx, tx, to, notice).await
    }

    /// Tells a user that the password was taken away.
    pub(crate) async fn enqueue_password_removed_mail(&self, ctx: &Ctx, tx: &mut WriteTx, to: &str) -> Result<()> {
        let app = ctx.tenant.instance.display_name();
        let notice = Notice {
            slug: "password_removed",
            subject: format!("Your {app} password was removed"),
            body: "If this was you, there is nothing to do. If it was not, sign in and set a password now.".to_owned(),
        };
        self.enqueue_notice(ctx, tx, to, notice).await
    }

    /// Tells a user that another address was proved.
    pub(crate) async fn enqueue_address_added_mail(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        to: &str,
        added: &str,
    ) -> Result<()> {
        let app = ctx.tenant.instance.display_name();
        let notice = Notice {
            slug: "email_address_added",
            subject: format!("An email address was added to your {app} account"),
            body: format!(
                "{added} can be used to sign in from now on. If this was not you, change your password and remove it."
            ),
        };
        self.enqueue_notice(ctx, tx, to, notice).await
    }

    /// Tells a user, at the address that stood for them so far, that another one does now.
    pub(crate) async fn enqueue_primary_changed_mail(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        to: &str,
        new: &str,
    ) -> Result<()> {
        let app = ctx.tenant.instance.display_name();
        let notice = Notice {
            slug: "primary_email_address_changed",
            subject: format!("The primary email address of your {app} account was changed"),
            body: format!("Mails go to {new} from now on. If this was not you, change your password now."),
        };
        self.enqueue_notice(ctx, tx, to, notice).await
    }

    async fn enqueue_notice(&self, ctx: &Ctx, tx: &mut WriteTx, to: &str, notice: Notice) -> Result<()> {
        let Notice { slug, subject, body } = notice;
        let values = context! { app => ctx.tenant.instance.display_name(), body, subject => &subject };
        let rendered =
            Rendered { subject, text: render("notice.txt", &values)?, html: render("notice.html", &values)? };
        self.enqueue_mail(ctx, tx, slug, to, rendered, None).await
    }

    async fn enqueue_mail(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        slug: &str,
        to: &str,
        rendered: Rendered,
        code: Option<String>,
    ) -> Result<()> {
        let settings = &ctx.tenant.instance.settings.mail;
        let email = Email {
            id: EmailId::generate(ctx.now, self.entropy()),
            slug: slug.to_owned(),
            from_name: settings.from_name.clone().unwrap_or_else(|| ctx.tenant.instance.display_name().to_owned()),
            from_address: settings.from_address.clone(),
            to: to.to_owned(),
            subject: rendered.subject,
            text: rendered.text,
            html: rendered.html,
            code,
            created_at: ctx.now,
        };
        let payload = serde_json::to_vec(&EmailPayload::from(email)).map_err(Error::internal)?;
        self.enqueue_sealed(ctx, tx, SEND_EMAIL, &payload).await
    }
}
