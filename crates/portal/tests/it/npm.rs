//! The bundles, as far as they can be looked at whether they are packed or not.

use crate::door::Portal;
use verger_portal::InboxAccess;
use verger_testkit::TestServer;

#[tokio::test]
async fn the_bundles_are_served_or_said_to_be_missing() {
    let server = TestServer::start().await;
    server.production().await;
    let portal = Portal::of(&server, InboxAccess::Open);
    for (host, path) in [
        ("localhost:4000", "/npm/@clerk/clerk-js@6/dist/clerk.browser.js"),
        ("localhost:4000", "/npm/@clerk/clerk-js@5/dist/clerk.browser.js"),
        ("localhost:4000", "/npm/@clerk/ui@1/dist/ui.browser.js"),
        ("clerk.a.test", "/npm/@clerk/clerk-js@6/dist/LICENSE"),
    ] {
        let page = portal.get_at(host, path).await;
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        if page.status == 200 {
            assert_eq!(page.header("access-control-allow-origin"), "*", "{path}");
            assert_eq!(page.header("cache-control"), "public, max-age=300", "{path}");
            assert!(page.text.len() > 500, "{path}");
        } else {
            assert_eq!(page.status, 404, "{path}");
            assert!(page.json()["errors"][0]["long_message"].as_str().unwrap().contains("not packed"), "{path}");
        }
    }
}

#[tokio::test]
async fn what_is_no_bundle_is_not_found() {
    let server = TestServer::start().await;
    let portal = Portal::of(&server, InboxAccess::Open);
    for path in
        ["/npm/@clerk/elements@1/dist/x.js", "/npm/@clerk/ui@1/dist/..%2f..%2fmanifest.json", "/npm/react@18/dist/x.js"]
    {
        assert_eq!(portal.get(path).await.status, 404, "{path}");
    }
}
