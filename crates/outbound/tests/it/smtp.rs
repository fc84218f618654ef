//! What a mail server sees.

use crate::smtp_sink::SmtpSink;
use std::time::Duration;
use verger_model::mail::Email;
use verger_model::{Millis, Secret};
use verger_outbound::{MailError, Mailer, SmtpConfig, SmtpMailer, SmtpTls};

pub(crate) fn config(port: u16) -> SmtpConfig {
    SmtpConfig {
        host: "127.0.0.1".into(),
        port,
        tls: SmtpTls::None,
        authority: None,
        login: None,
        timeout: Duration::from_secs(5),
        from_address: "no-reply@shop.example".into(),
    }
}

pub(crate) fn mail() -> Email {
    Email {
        id: "ema_2abc".parse().expect("an id"),
        slug: "verification_code".into(),
        from_name: "Shop".into(),
        from_address: None,
        to: "jane@example.com".into(),
        subject: "123456 is your code".into(),
        text: "Your code: 123456".into(),
        html: "<p>Your code: <b>123456</b></p>".into(),
        code: Some("123456".into()),
        created_at: Millis(1_795_316_216_473),
    }
}

pub(crate) async fn send(config: SmtpConfig, mail: &Email) -> Result<(), MailError> {
    SmtpMailer::new(config).expect("a good configuration").send(mail).await
}

#[tokio::test]
async fn a_mail_arrives_with_both_bodies() {
    let mut sink = SmtpSink::plain().await;
    send(config(sink.port), &mail()).await.unwrap();
    let seen = sink.delivery().await;
    assert!(seen.commands.iter().any(|line| line.starts_with("MAIL FROM:<no-reply@shop.example>")), "{seen:?}");
    assert!(seen.commands.iter().any(|line| line.starts_with("RCPT TO:<jane@example.com>")), "{seen:?}");
    for part in [
        "From: Shop <no-reply@shop.example>\r\n",
        "Subject: 123456 is your code\r\n",
        "Message-ID: <ema_2abc@shop.example>\r\n",
        "Date: Sun, 22 Nov 2026 02:56:56 +0000\r\n",
        "Auto-Submitted: auto-generated\r\n",
        "Your code: 123456",
        "<b>123456</b>",
    ] {
        assert!(seen.data.contains(part), "{part:?} in {}", seen.data);
    }
}

#[tokio::test]
async fn an_instance_may_send_under_its_own_address() {
    let mut sink = SmtpSink::plain().await;
    let mail = Email { from_address: Some("hello@other.example".into()), ..mail() };
    send(config(sink.port), &mail).await.unwrap();
    assert!(sink.delivery().await.data.contains("From: Shop <hello@other.example>\r\n"));
}

#[tokio::test]
async fn a_login_is_presented() {
    let login = || Some(("shop".to_owned(), Secret::from("hunter2")));
    let mut sink = SmtpSink::plain().await;
    send(SmtpConfig { login: login(), ..config(sink.port) }, &mail()).await.unwrap();
    let commands = sink.delivery().await.commands;
    assert!(commands.contains(&"AUTH PLAIN AHNob3AAaHVudGVyMg==".to_owned()), "{commands:?}");
    // The older way, for servers that know no other.
    let mut sink = SmtpSink::with(&[("EHLO", "250-sink\r\n250 AUTH LOGIN")]).await;
    send(SmtpConfig { login: login(), ..config(sink.port) }, &mail()).await.unwrap();
    let commands = sink.delivery().await.commands;
    let at = commands.iter().position(|line| line == "AUTH LOGIN").unwrap();
    assert_eq!(commands[at + 1..at + 3], ["c2hvcA==", "aHVudGVyMg=="]);
}

#[tokio::test]
async fn a_refused_login_sends_nothing() {
    let mut sink = SmtpSink::with(&[("AUTH", "535 unknown")]).await;
    let login = Some(("shop".to_owned(), Secret::from("hunter3")));
    assert!(send(SmtpConfig { login, ..config(sink.port) }, &mail()).await.unwrap_err().is_permanent());
    let commands = sink.delivery().await.commands;
    assert!(!commands.iter().any(|line| line.starts_with("MAIL")), "{commands:?}");
}

#[tokio::test]
async fn a_name_cannot_smuggle_headers() {
    let mut sink = SmtpSink::plain().await;
    let mail = Email { from_name: "Shop\r\nBcc: eve@evil.example".into(), subject: "a\r\nX-Evil: 1".into(), ..mail() };
    send(config(sink.port), &mail).await.unwrap();
    let seen = sink.delivery().await;
    assert!(!seen.data.contains("\nBcc:") && !seen.data.contains("\nX-Evil:"), "{}", seen.data);
    assert_eq!(seen.commands.iter().filter(|line| line.starts_with("RCPT")).count(), 1);
}

#[tokio::test]
async fn a_5xx_answer_is_final_and_a_4xx_answer_is_not() {
    let sink = SmtpSink::with(&[("RCPT", "550 nobody here")]).await;
    assert!(send(config(sink.port), &mail()).await.unwrap_err().is_permanent());
    let sink = SmtpSink::with(&[("RCPT", "451 later")]).await;
    assert!(!send(config(sink.port), &mail()).await.unwrap_err().is_permanent());
}

#[tokio::test]
async fn an_absent_server_is_worth_another_try() {
    // Bound but not listening: the port stays taken and every connection is refused.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let port = socket.local_addr().expect("an address").port();
    assert!(!send(config(port), &mail()).await.unwrap_err().is_permanent());
}

#[tokio::test]
async fn a_server_without_starttls_gets_no_mail_when_starttls_is_asked_for() {
    let mut sink = SmtpSink::plain().await;
    let login = Some(("shop".to_owned(), Secret::from("hunter2")));
    let config = SmtpConfig { tls: SmtpTls::StartTls, login, ..config(sink.port) };
    send(config, &mail()).await.unwrap_err();
    let commands = sink.delivery().await.commands;
    assert!(!commands.iter().any(|line| line.starts_with("MAIL") || line.starts_with("AUTH")), "{commands:?}");
}

#[test]
fn a_malformed_sender_is_found_at_start() {
    assert!(SmtpMailer::new(SmtpConfig { from_address: "nobody".into(), ..config(25) }).is_err());
}
