//! The test server itself.

use verger_testkit::TestServer;

#[tokio::test]
async fn two_servers_hand_out_the_same_ids() {
    let mut ids = Vec::new();
    for _ in 0..2 {
        let server = TestServer::start().await;
        let answer = server.browser().sign_up("jane@example.com").await;
        ids.push(answer.text("/response/created_user_id"));
    }
    assert_eq!(ids[0], ids[1]);
}
