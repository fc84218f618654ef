//! `GET /users` and `GET /users/count`.

use crate::{ids, param, refused, start, user_id};
use serde_json::{Value, json};
use std::collections::HashSet;
use verger_model::Millis;
use verger_testkit::{Backend, PASSWORD};

/// Makes users one second apart; their ids, oldest first.
async fn people(backend: &Backend, all: &[Value]) -> Vec<String> {
    let mut made = Vec::new();
    for body in all {
        let mut body = body.clone();
        body["skip_password_requirement"] = json!(true);
        body["skip_user_requirement"] = json!(true);
        made.push(backend.post("/v1/users", body).await.ok().text("/id"));
        backend.server.clock.advance(Millis::from_secs(1));
    }
    made
}

async fn three() -> (Backend, Vec<String>) {
    let backend = start().await;
    let root = backend.server.development();
    backend.server.settings(&root, |settings| settings.attributes.username.enabled = true).await;
    let all = [
        json!({ "first_name": "Ada", "last_name": "Berg", "email_address": ["ada@example.com", "berg@work.example"],
                "username": "ada_b", "external_id": "x-1" }),
        json!({ "first_name": "bo", "last_name": "Cole", "email_address": ["bo@example.com"],
                "phone_number": ["+15555550101"], "external_id": "x-2", "banned": true }),
        json!({ "first_name": "Cy", "username": "cy_100", "phone_number": ["+15555550102"] }),
    ];
    let made = people(&backend, &all).await;
    (backend, made)
}

#[tokio::test]
async fn the_newest_user_comes_first_in_a_bare_array() {
    let (backend, made) = three().await;
    let list = backend.get("/v1/users").await.ok();
    assert_eq!(ids(&list), [made[2].as_str(), made[1].as_str(), made[0].as_str()]);
    let paged = backend.get("/v1/users?limit=1&offset=1").await.ok();
    assert_eq!(ids(&paged), [made[1].as_str()]);
    let count = backend.get("/v1/users/count").await.ok();
    assert_eq!(count.json(), json!({ "object": "total_count", "total_count": 3 }));
}

#[tokio::test]
async fn each_filter_finds_whom_it_names() {
    let (backend, made) = three().await;
    let (ada, bo, cy) = (made[0].as_str(), made[1].as_str(), made[2].as_str());
    for (query, expected) in [
        ("email_address=ada@example.com".to_owned(), vec![ada]),
        ("email_address=BERG@work.example".to_owned(), vec![ada]),
        ("email_address=ada@example.com&email_address=bo@example.com".to_owned(), vec![bo, ada]),
        ("email_address[]=ada@example.com&email_address[]=bo@example.com".to_owned(), vec![bo, ada]),
        ("email_address=ada@example.com&username=cy_100".to_owned(), vec![]),
        ("phone_number=%2B15555550101".to_owned(), vec![bo]),
        ("username=ADA_B".to_owned(), vec![ada]),
        ("external_id=x-1&external_id=x-2".to_owned(), vec![bo, ada]),
        ("external_id=-x-1".to_owned(), vec![cy, bo]),
        (format!("user_id={ada}&user_id={cy}"), vec![cy, ada]),
        (format!("user_id=%2B{ada}"), vec![ada]),
        (format!("user_id=-{ada}&user_id=-{cy}"), vec![bo]),
        ("user_id=nobody".to_owned(), vec![]),
        ("query=ada".to_owned(), vec![ada]),
        ("query=COLE".to_owned(), vec![bo]),
        (format!("query={cy}"), vec![cy]),
        ("query=5555550102".to_owned(), vec![cy]),
        ("email_address_query=example.com".to_owned(), vec![bo, ada]),
        ("phone_number_query=0102".to_owned(), vec![cy]),
        ("username_query=_".to_owned(), vec![cy, ada]),
        ("name_query=ada%20berg".to_owned(), vec![ada]),
        ("banned=true".to_owned(), vec![bo]),
        ("banned=false".to_owned(), vec![cy, ada]),
    ] {
        let list = backend.get(&format!("/v1/users?{query}")).await.ok();
        assert_eq!(ids(&list), expected, "{query}");
        let count = backend.get(&format!("/v1/users/count?{query}")).await.ok();
        assert_eq!(count.at("/total_count"), json!(expected.len()), "{query}");
    }
}

#[tokio::test]
async fn times_bound_a_list() {
    let (backend, made) = three().await;
    let middle = backend.get(&format!("/v1/users/{}", made[1])).await.ok().at("/created_at");
    let before = backend.get(&format!("/v1/users?created_at_before={middle}")).await.ok();
    assert_eq!(ids(&before), [made[0].as_str()]);
    let after = backend.get(&format!("/v1/users?created_at_after={middle}")).await.ok();
    assert_eq!(ids(&after), [made[2].as_str()]);
    for name in ["last_sign_in_at_after", "last_active_at_since", "last_active_at_after"] {
        let nobody = backend.get(&format!("/v1/users?{name}=1")).await.ok();
        assert_eq!(ids(&nobody), Vec::<String>::new(), "{name}");
    }
}

#[tokio::test]
async fn a_pattern_character_stands_for_itself() {
    let (backend, made) = three().await;
    for query in ["%25", "%25%27%20OR%201%3D1%20--", "%5C"] {
        let list = backend.get(&format!("/v1/users?query={query}")).await.ok();
        assert_eq!(ids(&list), Vec::<String>::new(), "{query}");
    }
    assert_eq!(ids(&backend.get("/v1/users?username_query=a_b").await.ok()), [made[0].as_str()]);
    assert_eq!(ids(&backend.get("/v1/users?username_query=a%25b").await.ok()), Vec::<String>::new());
}

#[tokio::test]
async fn an_order_goes_both_ways_and_those_without_the_value_come_last() {
    let (backend, made) = three().await;
    let (ada, bo, cy) = (made[0].as_str(), made[1].as_str(), made[2].as_str());
    for (order, expected) in [
        ("%2Bcreated_at", [ada, bo, cy]),
        ("-created_at", [cy, bo, ada]),
        ("first_name", [ada, bo, cy]),
        ("-first_name", [cy, bo, ada]),
        ("%2Blast_name", [ada, bo, cy]),
        ("-last_name", [bo, ada, cy]),
        ("username", [ada, cy, bo]),
        ("-username", [cy, ada, bo]),
        ("%2Bphone_number", [bo, cy, ada]),
        ("-email_address", [bo, ada, cy]),
        ("-updated_at", [cy, bo, ada]),
    ] {
        let list = backend.get(&format!("/v1/users?order_by={order}")).await.ok();
        assert_eq!(ids(&list), expected, "{order}");
    }
}

#[tokio::test]
async fn pages_neither_repeat_nor_lose_anybody() {
    let backend = start().await;
    // All in the same millisecond: only the ids tell them apart.
    let mut made = HashSet::new();
    for n in 0..7 {
        made.insert(user_id(&backend, &format!("p{n}@example.com")).await);
    }
    for order in ["-created_at", "%2Bcreated_at", "last_name", "-last_sign_in_at"] {
        let mut seen = Vec::new();
        for offset in [0, 3, 6, 9] {
            seen.extend(ids(&backend.get(&format!("/v1/users?limit=3&offset={offset}&order_by={order}")).await.ok()));
        }
        assert_eq!(seen.len(), made.len(), "{order}");
        assert_eq!(seen.into_iter().collect::<HashSet<_>>(), made, "{order}");
    }
}

#[tokio::test]
async fn a_cursor_goes_on_where_the_last_page_ended() {
    let backend = start().await;
    for n in 0..5 {
        user_id(&backend, &format!("p{n}@example.com")).await;
    }
    for order in ["-created_at", "%2Bcreated_at"] {
        let whole = ids(&backend.get(&format!("/v1/users?order_by={order}")).await.ok());
        let mut seen = ids(&backend.get(&format!("/v1/users?limit=2&order_by={order}")).await.ok());
        while seen.len() < whole.len() {
            let last = seen.last().unwrap();
            let path = format!("/v1/users?limit=2&order_by={order}&starting_after={last}");
            seen.extend(ids(&backend.get(&path).await.ok()));
        }
        assert_eq!(seen, whole, "{order}");
    }
}

#[tokio::test]
async fn parameters_out_of_bounds_are_refused_by_name() {
    let backend = start().await;
    let many = vec!["username=x"; 101].join("&");
    for (query, code, name) in [
        ("limit=501", "form_param_value_too_large", "limit"),
        ("limit=0", "form_param_value_invalid", "limit"),
        ("limit=-1", "form_param_value_invalid", "limit"),
        ("limit=ten", "form_param_type_invalid", "limit"),
        ("offset=-1", "form_param_value_invalid", "offset"),
        ("offset=1e99", "form_param_type_invalid", "offset"),
        ("offset=99999999999999999999", "form_param_type_invalid", "offset"),
        ("order_by=password_digest", "form_param_value_invalid", "order_by"),
        ("banned=maybe", "form_param_type_invalid", "banned"),
        ("created_at_before=2024-01-01", "form_param_type_invalid", "created_at_before"),
        ("starting_after=user_1&offset=1", "form_param_value_invalid", "starting_after"),
        ("organization_id=org_1", "form_param_unknown", "organization_id"),
        ("emailaddress=a@example.com", "form_param_unknown", "emailaddress"),
        ("username=a%00b", "form_param_value_invalid", "username"),
        (&many, "form_param_array_size_exceeded", "username"),
    ] {
        let answer = backend.get(&format!("/v1/users?{query}")).await;
        assert_eq!((answer.refusal(), param(&answer)), (refused(422, code), name.into()), "{query}");
    }
    backend.get(&format!("/v1/users?limit=500&offset={}", i64::MAX)).await.ok();
    let hundred = vec!["username=x"; 100].join("&");
    backend.get(&format!("/v1/users?{hundred}")).await.ok();
}

#[tokio::test]
async fn those_who_sign_in_are_found_by_when() {
    let backend = start().await;
    let id = user_id(&backend, "jane@example.com").await;
    user_id(&backend, "eve@example.com").await;
    backend.server.clock.advance(Millis::from_days(3));
    backend.server.browser().open().await.sign_in("jane@example.com", PASSWORD).await.ok();
    let since = backend.server.service.now().0 - 1000;
    for query in [format!("last_sign_in_at_after={since}"), format!("last_active_at_since={since}")] {
        assert_eq!(ids(&backend.get(&format!("/v1/users?{query}")).await.ok()), [id.as_str()], "{query}");
    }
}

#[tokio::test]
async fn one_user_takes_one_read() {
    let backend = start().await;
    let path = format!("/v1/users/{}", user_id(&backend, "jane@example.com").await);
    backend.get(&path).await.ok();
    let before = backend.server.service.store().statements();
    backend.get(&path).await.ok();
    assert_eq!(backend.server.service.store().statements() - before, 1, "a known key is taken without a read");
}
