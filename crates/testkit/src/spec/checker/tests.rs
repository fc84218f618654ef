//! The checker over a tiny document of our own, and over the real specifications where they are at hand.

use serde_json::json;
use tempfile::TempDir;

use super::super::document::Document;
use super::*;

pub(in crate::spec) struct Fixture {
    pub(in crate::spec) checker: SpecChecker,
    folder: TempDir,
}

pub(in crate::spec) fn fixture(deviations: &str) -> Fixture {
    let pet = json!({
        "type": "object", "additionalProperties": false, "required": ["id", "owner"],
        "properties": {
            "id": {"type": "string"},
            "owner": {"type": "string", "nullable": true},
            "kind": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]},
        },
    });
    let kind = |name: &str, feature: &str| json!({"type": "object", "required": ["object", feature], "properties": {"object": {"enum": [name]}}});
    let answer = |schema: &str| json!({"content": {"application/json": {"schema": {"$ref": format!("#/components/schemas/{schema}")}}}});
    let document = Document::from_openapi(&json!({
        "paths": {
            "/v1/pets/{pet_id}": {
                "get": {"operationId": "getPet", "responses": {"200": {"$ref": "#/components/responses/Pet"}}},
                "delete": {"operationId": "deletePet", "responses": {"204": {"description": "gone"}}},
            },
            "/v1/pets/count": {"get": {"operationId": "countPets", "responses": {"200": answer("Count")}}},
        },
        "components": {
            "responses": {"Pet": answer("Pet")},
            "schemas": {
                "Pet": pet, "Cat": kind("cat", "lives"), "Dog": kind("dog", "tail"),
                "Count": {"type": "object", "required": ["total"]},
                "ClerkErrors": {"type": "object", "required": ["errors"]},
            },
        },
    }));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let lines = Lines::of_document(&document.expect("the document is read"));
    let deviations = Deviations::from_text(deviations).expect("the deviations are read");
    let report = Report::open(folder.path(), "doors").expect("the report opens");
    Fixture { checker: SpecChecker::new(Api::Fapi, lines, deviations, report), folder }
}

fn get(checker: &SpecChecker, path: &str, status: u16, body: &Value) -> Result<Verdict, Disagreement> {
    send(checker, "GET", path, status, body)
}

fn send(checker: &SpecChecker, method: &str, path: &str, status: u16, body: &Value) -> Result<Verdict, Disagreement> {
    let body = body.to_string();
    let content_type = Some("application/json; charset=utf-8");
    checker.check(&Answer { method, path, status, content_type, body: body.as_bytes() })
}

fn told(outcome: Result<Verdict, Disagreement>) -> String {
    outcome.expect_err("the answer disagrees").to_string()
}

#[test]
fn an_agreeing_answer_passes_with_and_without_prefix_and_slash() {
    let Fixture { checker, .. } = fixture("");
    for path in ["/v1/pets/1", "/pets/1", "/v1/pets/1/", "/pets/1?include=all"] {
        assert_eq!(get(&checker, path, 200, &json!({"id": "1", "owner": null, "extra": true})), Ok(Verdict::Agrees));
    }
}

#[test]
fn a_literal_path_wins_over_a_parameter() {
    let Fixture { checker, .. } = fixture("");
    assert_eq!(get(&checker, "/v1/pets/count", 200, &json!({"total": 1})), Ok(Verdict::Agrees));
    assert!(get(&checker, "/v1/pets/count", 200, &json!({"id": "1", "owner": null})).is_err());
}

#[test]
fn the_method_in_the_query_takes_the_place_of_the_sent_one() {
    let Fixture { checker, .. } = fixture("");
    let answer =
        Answer { method: "POST", path: "/v1/pets/1?_method=DELETE", status: 204, content_type: None, body: b"" };
    assert_eq!(checker.check(&answer), Ok(Verdict::Agrees));
}

#[test]
fn a_path_that_the_specification_lacks_is_not_counted() {
    let Fixture { checker, folder } = fixture("");
    assert_eq!(get(&checker, "/inbox", 200, &json!([])), Ok(Verdict::Unspecified));
    assert_eq!(std::fs::read_to_string(folder.path().join("checked")).expect("the file"), "");
}

#[test]
fn a_wrong_type_and_a_missing_field_are_told_by_pointer() {
    let Fixture { checker, .. } = fixture("");
    let text = told(get(&checker, "/v1/pets/1", 200, &json!({"id": 1})));
    assert!(text.contains("/id: 1 is not of type \"string\""), "{text}");
    assert!(text.contains("/owner: is required and missing"), "{text}");
}

#[test]
fn of_alternatives_the_closest_is_told() {
    let Fixture { checker, .. } = fixture("");
    let text = told(get(&checker, "/v1/pets/1", 200, &json!({"id": "1", "owner": null, "kind": {"object": "dog"}})));
    assert!(text.contains("/kind/tail: is required"), "{text}");
    assert!(!text.contains("lives"), "{text}");
}

#[test]
fn an_unlisted_success_is_a_difference_and_an_unlisted_error_has_the_envelope() {
    let Fixture { checker, .. } = fixture("");
    assert!(told(get(&checker, "/v1/pets/1", 201, &json!({}))).contains("status: 201 is not among 200"));
    assert_eq!(get(&checker, "/v1/pets/1", 404, &json!({"errors": []})), Ok(Verdict::Agrees));
    assert!(told(get(&checker, "/v1/pets/1", 404, &json!({}))).contains("/errors: is required"));
}

#[test]
fn another_content_type_and_a_body_that_is_not_json_are_differences() {
    let Fixture { checker, .. } = fixture("");
    let answer = Answer { method: "GET", path: "/pets/1", status: 200, content_type: Some("text/html"), body: b"<p>" };
    assert!(told(checker.check(&answer)).contains("content-type: \"text/html\" is not among application/json"));
    let answer = Answer { content_type: Some("application/json"), ..answer };
    assert!(told(checker.check(&answer)).contains("the body is not JSON"));
}

#[test]
fn a_listed_difference_is_subtracted_and_noted_as_used() {
    let entry = r#"{ api = "fapi", operation = "getPet", status = "200", pointer = "/id", evidence = "seen" }"#;
    let Fixture { checker, folder } = fixture(&format!("deviation = [{entry}]"));
    let body = json!({"id": 1, "owner": null});
    assert_eq!(get(&checker, "/v1/pets/1", 200, &body), Ok(Verdict::Agrees));
    assert_eq!(get(&checker, "/v1/pets/2", 200, &body), Ok(Verdict::Agrees));
    assert!(get(&checker, "/v1/pets/1", 200, &json!({"id": 1, "owner": 2})).is_err());
    let read = |name| std::fs::read_to_string(folder.path().join(name)).expect("the file");
    assert_eq!(read("used"), "fapi\tgetPet\t200\t/id\n");
    assert_eq!(read("checked"), "doors\tfapi\tgetPet\t200\n".repeat(3));
}

#[test]
fn every_response_of_the_real_specifications_compiles() {
    for api in [Api::Fapi, Api::Bapi] {
        let Some(spec) = places::newest_spec(api) else {
            continue;
        };
        let folder = tempfile::tempdir().expect("a temporary folder");
        let report = Report::open(folder.path(), "doors").expect("the report opens");
        let lines = Lines::of_file(&spec).expect("the specification is read");
        let checker = SpecChecker::new(api, lines, Deviations::default(), report);
        for operation in checker.lines.operations() {
            for (status, bodies) in operation.responses().as_object().expect("responses are a map") {
                if let Some(schema) = bodies.get("application/json") {
                    checker.validator(operation, status, schema);
                }
            }
        }
    }
}

#[test]
fn the_real_frontend_specification_judges_an_empty_client() {
    let Some(spec) = places::newest_spec(Api::Fapi) else {
        return;
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let report = Report::open(folder.path(), "doors").expect("the report opens");
    let lines = Lines::of_file(&spec).expect("the specification is read");
    let checker = SpecChecker::new(Api::Fapi, lines, Deviations::default(), report);
    assert_eq!(get(&checker, "/v1/client", 200, &json!({"response": null, "client": null})), Ok(Verdict::Agrees));
    let wrong = json!({"response": {"object": "client", "id": 7}, "client": null});
    assert!(told(get(&checker, "/v1/client", 200, &wrong)).contains("/response/id"));
    let refused = json!({"errors": [{"code": "x", "message": "x", "long_message": "x", "meta": {}}]});
    assert_eq!(get(&checker, "/v1/client", 403, &refused), Ok(Verdict::Agrees));
}
