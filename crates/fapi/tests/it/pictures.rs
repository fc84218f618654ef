//! Pictures of those who uploaded none.

use verger_testkit::TestServer;

#[tokio::test]
async fn the_picture_of_a_user_is_drawn_from_its_address() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let client = browser.sign_up("jane@example.com").await;
    let url = client.text("/client/sessions/0/user/image_url");
    let path = url.strip_prefix("http://localhost:4000").expect("the picture lies on this server");
    let picture = browser.navigate(path).await;
    assert_eq!((picture.status, picture.header("content-type")), (200, "image/svg+xml"));
    assert!(picture.header("cache-control").contains("immutable"));
    assert!(String::from_utf8_lossy(&picture.body).contains(">J</text>"));
    assert_eq!(browser.navigate(path).await.body, picture.body);
}

#[tokio::test]
async fn markup_in_the_address_does_not_reach_the_picture() {
    let server = TestServer::start().await;
    let path = "/v1/avatars/user_1.svg?initials=%3Cscript%3E";
    let picture = server.browser().navigate(path).await;
    assert!(!String::from_utf8_lossy(&picture.body).contains("<script"));
    assert_eq!(server.browser().navigate("/v1/avatars/user_1.png").await.status, 404);
}
