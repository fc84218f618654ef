//! Asking a list of leaked passwords.

use verger_crypto::password::LeakKey;
use verger_outbound::LeakList;
use verger_outbound::http::{HttpClient, HttpError, Reach};
use verger_testkit::{Broken, LeakServer};

/// SHA-1 of `password`.
const KEY: &str = "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8";

async fn ask(list: &LeakServer, password: &str, reach: Reach) -> Result<bool, HttpError> {
    let http = HttpClient::default();
    LeakList { range_url: &list.range_url, http: &http, reach }.names(&LeakKey::of(password)).await
}

#[tokio::test]
async fn a_list_names_what_is_leaked_and_nothing_else() {
    let list = LeakServer::start(&[KEY]).await;
    assert!(ask(&list, "password", Reach::Anywhere).await.unwrap());
    assert!(!ask(&list, "passwort", Reach::Anywhere).await.unwrap());
    assert_eq!(list.asked()[0], ("5BAA6".to_owned(), Some("true".to_owned())));
}

#[tokio::test(start_paused = true)]
async fn a_list_that_says_nothing_is_not_waited_for() {
    let list = LeakServer::start(&[KEY]).await;
    list.break_down(Broken::Silent);
    let err = ask(&list, "password", Reach::Anywhere).await.unwrap_err();
    assert!(err.to_string().contains("out of time"), "{err}");
}

#[tokio::test]
async fn a_list_that_fails_says_nothing() {
    for how in [Broken::Unavailable, Broken::Endless] {
        let list = LeakServer::start(&[KEY]).await;
        list.break_down(how);
        assert!(ask(&list, "password", Reach::Anywhere).await.is_err(), "{how:?}");
    }
    let list = LeakServer::start(&[KEY]).await;
    assert!(ask(&list, "password", Reach::Public).await.is_err(), "loopback is not the public internet");
    assert_eq!(list.asked(), []);
}
