//! The part of an OpenAPI file that answers are held against: operations, their responses and the named schemas.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "patch", "head", "options"];

/// One operation of an API.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Operation {
    /// Upper case.
    pub(super) method: String,
    /// As the file writes it.
    pub(super) path: String,
    pub(super) id: String,
    /// Status (or `default`) -> media type -> schema as the file writes it; an empty map is an answer without body.
    pub(super) responses: Value,
}

/// An OpenAPI file, reduced.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Document {
    pub(super) operations: Vec<Operation>,
    /// Named schemas as the file writes them.
    pub(super) schemas: BTreeMap<String, Value>,
}

impl Document {
    /// Reads the parsed file.
    ///
    /// # Errors
    /// A sentence about the part that is not OpenAPI as we know it.
    pub(super) fn from_openapi(root: &Value) -> Result<Self, String> {
        let paths = root["paths"].as_object().ok_or("the file has no paths")?;
        let mut operations = Vec::new();
        for (path, methods) in paths {
            for method in METHODS {
                if let Some(operation) = methods.get(method) {
                    operations.push(read_operation(root, method, path, operation)?);
                }
            }
        }
        let schemas = root["components"]["schemas"].as_object().cloned().unwrap_or_default();
        Ok(Self { operations, schemas: schemas.into_iter().collect() })
    }
}

fn read_operation(root: &Value, method: &str, path: &str, operation: &Value) -> Result<Operation, String> {
    let id = operation["operationId"].as_str().ok_or_else(|| format!("{method} {path} has no operationId"))?;
    let mut responses = Map::new();
    for (status, response) in operation["responses"].as_object().into_iter().flatten() {
        responses.insert(status.clone(), Value::Object(bodies(resolve(root, response)?)));
    }
    let responses = Value::Object(responses);
    Ok(Operation { method: method.to_uppercase(), path: path.to_owned(), id: id.to_owned(), responses })
}

fn bodies(response: &Value) -> Map<String, Value> {
    let content = response["content"].as_object().into_iter().flatten();
    content.map(|(media, body)| (media.clone(), body["schema"].clone())).collect()
}

/// Follows a reference to a named response; schemas keep theirs.
fn resolve<'a>(root: &'a Value, node: &'a Value) -> Result<&'a Value, String> {
    let Some(reference) = node["$ref"].as_str() else {
        return Ok(node);
    };
    let target = reference.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
    target.ok_or_else(|| format!("{reference} points nowhere"))
}

/// The named schemas that `schema` refers to directly.
pub(super) fn references(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(fields) => {
            if let Some(name) = fields.get("$ref").and_then(Value::as_str).and_then(schema_name) {
                found.push(name.to_owned());
            }
            fields.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

fn schema_name(reference: &str) -> Option<&str> {
    reference.strip_prefix("#/components/schemas/")
}
