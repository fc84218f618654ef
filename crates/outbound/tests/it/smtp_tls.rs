//! What leaves over TLS, and that it leaves to nobody else.

use crate::smtp::{config, mail, send};
use crate::smtp_sink::{Offer, SmtpSink};
use verger_model::Secret;
use verger_outbound::{SmtpConfig, SmtpMailer, SmtpTls};
use verger_testkit::tls::Authority;

/// A configuration with a login that trusts this authority.
fn trusting(authority: &Authority, tls: SmtpTls, port: u16) -> SmtpConfig {
    let login = Some(("shop".to_owned(), Secret::from("hunter2")));
    SmtpConfig { tls, login, authority: Some(authority.pem().to_owned()), ..config(port) }
}

#[tokio::test]
async fn a_mail_and_its_login_travel_inside_tls() {
    let authority = Authority::new();
    for (offer, tls) in [(Offer::Tls, SmtpTls::Tls), (Offer::StartTls, SmtpTls::StartTls)] {
        let mut sink = SmtpSink::secured(&authority.issue("127.0.0.1"), offer).await;
        send(trusting(&authority, tls, sink.port), &mail()).await.unwrap();
        let seen = sink.delivery().await;
        assert!(seen.commands.contains(&"AUTH PLAIN AHNob3AAaHVudGVyMg==".to_owned()), "{seen:?}");
        assert!(seen.commands.contains(&"RCPT TO:<jane@example.com>".to_owned()), "{seen:?}");
        assert!(seen.data.contains("Your code: 123456"), "{seen:?}");
        let readable: Vec<_> = seen.clear.iter().map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(readable, if tls == SmtpTls::StartTls { vec!["EHLO", "STARTTLS"] } else { vec![] });
    }
}

#[tokio::test]
async fn a_server_that_cannot_prove_its_name_gets_nothing() {
    let authority = Authority::new();
    for (offer, tls) in [(Offer::Tls, SmtpTls::Tls), (Offer::StartTls, SmtpTls::StartTls)] {
        // Vouched for by a stranger, by nobody in public, and for another name.
        let stranger =
            SmtpConfig { authority: Some(Authority::new().pem().to_owned()), ..trusting(&authority, tls, 0) };
        let public = SmtpConfig { authority: None, ..trusting(&authority, tls, 0) };
        let known = trusting(&authority, tls, 0);
        for (config, name) in [(stranger, "127.0.0.1"), (public, "127.0.0.1"), (known, "mail.example.com")] {
            let mut sink = SmtpSink::secured(&authority.issue(name), offer).await;
            let refused = send(SmtpConfig { port: sink.port, ..config }, &mail()).await.unwrap_err();
            // Whoever runs the mail server may put it right.
            assert!(!refused.is_permanent() && refused.to_string().contains("certificate"), "{refused}");
            let seen = sink.delivery().await;
            assert!(seen.commands.is_empty() && seen.data.is_empty(), "{seen:?}");
            assert!(!seen.clear.iter().any(|line| line.starts_with("MAIL") || line.starts_with("AUTH")), "{seen:?}");
        }
    }
}

#[test]
fn an_authority_that_is_no_certificate_is_found_at_start() {
    for text in ["", "no PEM", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"] {
        let config = SmtpConfig { tls: SmtpTls::Tls, authority: Some(text.into()), ..config(465) };
        assert!(SmtpMailer::new(config).is_err(), "{text}");
    }
}
