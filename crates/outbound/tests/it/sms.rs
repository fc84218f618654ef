//! Messages to phones over HTTP.

use crate::http_sink::HttpSink;
use std::time::Duration;
use verger_model::sms::SmsMessage;
use verger_model::{Channel, Millis, Secret};
use verger_outbound::{SmsError, SmsSender, SmsWebhook, SmsWebhookConfig, Twilio, TwilioConfig};

const OK: &str = "HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}";

fn sms(channel: Channel) -> SmsMessage {
    SmsMessage {
        id: "sms_1".parse().expect("an id"),
        slug: "verification_code".into(),
        channel,
        to: "+442079460123".into(),
        message: "123456 is your Shop verification code & more".into(),
        code: Some("123456".into()),
        created_at: Millis(0),
    }
}

fn twilio(sink: &HttpSink, from: &str) -> Twilio {
    Twilio::new(TwilioConfig {
        base_url: sink.url.clone(),
        account_sid: "AC1".into(),
        auth_token: Secret::from("token"),
        from: from.into(),
        whatsapp_from: Some("+442079460000".into()),
        timeout: Duration::from_secs(10),
    })
}

fn webhook(sink: &HttpSink) -> SmsWebhook {
    SmsWebhook::new(SmsWebhookConfig {
        url: sink.url.clone(),
        token: Some(Secret::from("token")),
        timeout: Duration::from_secs(10),
    })
}

#[tokio::test]
async fn twilio_gets_a_form_with_the_login_of_the_account() {
    let sink = HttpSink::start(OK.into()).await;
    twilio(&sink, "+442079460001").send(&sms(Channel::Sms)).await.unwrap();
    let sent = sink.sent().await;
    assert!(sent.head.starts_with("POST /2010-04-01/Accounts/AC1/Messages.json?of=sms HTTP/1.1"), "{}", sent.head);
    // AC1:token
    assert!(sent.head.to_ascii_lowercase().contains("authorization: basic qumxonrva2vu"), "{}", sent.head);
    let body = "To=%2B442079460123&From=%2B442079460001&Body=123456+is+your+Shop+verification+code+%26+more";
    assert_eq!(sent.body, body);
}

#[tokio::test]
async fn a_messaging_service_and_whatsapp_have_names_of_their_own() {
    let sink = HttpSink::start(OK.into()).await;
    twilio(&sink, "MG1").send(&sms(Channel::Sms)).await.unwrap();
    assert!(sink.sent().await.body.contains("&MessagingServiceSid=MG1&"));
    let sink = HttpSink::start(OK.into()).await;
    twilio(&sink, "MG1").send(&sms(Channel::Whatsapp)).await.unwrap();
    let body = sink.sent().await.body;
    assert!(body.starts_with("To=whatsapp%3A%2B442079460123&From=whatsapp%3A%2B442079460000&"), "{body}");
}

#[tokio::test]
async fn a_webhook_gets_one_document_per_message() {
    let sink = HttpSink::start(OK.into()).await;
    webhook(&sink).send(&sms(Channel::Whatsapp)).await.unwrap();
    let sent = sink.sent().await;
    assert!(sent.head.starts_with("POST /hook?of=sms HTTP/1.1"), "{}", sent.head);
    assert!(sent.head.to_ascii_lowercase().contains("authorization: bearer token"), "{}", sent.head);
    let body: serde_json::Value = serde_json::from_str(&sent.body).unwrap();
    let expected = serde_json::json!({
        "id": "sms_1", "channel": "whatsapp", "slug": "verification_code", "to": "+442079460123",
        "message": "123456 is your Shop verification code & more", "code": "123456",
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn what_may_pass_is_told_from_what_will_not() {
    for (status, is_permanent) in
        [("400 Bad Request", true), ("302 Found", true), ("429 Slow", false), ("503 No", false)]
    {
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 7\r\n\r\nbecause");
        let sink = HttpSink::start(answer).await;
        let error = webhook(&sink).send(&sms(Channel::Sms)).await.unwrap_err();
        assert_eq!(matches!(error, SmsError::Permanent(_)), is_permanent, "{status}: {error}");
        assert!(error.to_string().contains("because"), "{error}");
    }
}

#[tokio::test]
async fn an_endless_answer_and_a_closed_door_are_no_delivery() {
    let endless = format!("HTTP/1.1 200 OK\r\ncontent-length: 4000000\r\n\r\n{}", "x".repeat(2_000_000));
    let sink = HttpSink::start(endless).await;
    let error = webhook(&sink).send(&sms(Channel::Sms)).await.unwrap_err();
    assert!(matches!(error, SmsError::Temporary(_)), "{error}");
    let closed = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/", closed.local_addr().unwrap()).parse().unwrap();
    drop(closed);
    let nobody = SmsWebhook::new(SmsWebhookConfig { url, token: None, timeout: Duration::from_secs(10) });
    assert!(matches!(nobody.send(&sms(Channel::Sms)).await.unwrap_err(), SmsError::Temporary(_)));
}

#[tokio::test]
async fn who_does_not_answer_is_not_waited_for() {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let silent = SmsWebhook::new(SmsWebhookConfig { url, token: None, timeout: Duration::from_millis(50) });
    let error = silent.send(&sms(Channel::Sms)).await.unwrap_err();
    assert!(matches!(&error, SmsError::Temporary(why) if why.contains("no answer")), "{error}");
}

#[tokio::test]
async fn a_secure_address_is_not_asked_in_clear() {
    let sink = HttpSink::start("HTTP/1.1 200 OK\r\n\r\n".into()).await;
    let mut url = sink.url.clone();
    url.set_scheme("https").unwrap();
    let secure = SmsWebhook::new(SmsWebhookConfig { url, token: None, timeout: Duration::from_millis(500) });
    assert!(matches!(secure.send(&sms(Channel::Sms)).await.unwrap_err(), SmsError::Temporary(_)));
}
