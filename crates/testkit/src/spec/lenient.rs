//! Turns an OpenAPI 3.0.3 schema into a JSON Schema (draft 7) that judges what we want judged.
//!
//! `nullable` admits null; unknown fields are welcome, because clerk-js reads fields that the files lack; and with
//! unknown fields welcome more than one branch of a `oneOf` may fit, so it becomes `anyOf`. Discriminators are ignored.

use serde_json::{Map, Value, json};

/// The lenient form of `schema`. References keep their text.
pub(super) fn lenient(schema: &Value) -> Value {
    let Value::Object(fields) = schema else {
        return schema.clone();
    };
    let mut out = Map::new();
    for (key, value) in fields {
        insert_keyword(&mut out, key, value);
    }
    bound(&mut out, fields, "minimum", "exclusiveMinimum");
    bound(&mut out, fields, "maximum", "exclusiveMaximum");
    if fields.get("nullable") == Some(&Value::Bool(true)) {
        // An if/else keeps the pointers of errors inside precise, which anyOf would swallow.
        return json!({"if": {"type": "null"}, "then": true, "else": out});
    }
    Value::Object(out)
}

fn insert_keyword(out: &mut Map<String, Value>, key: &str, value: &Value) {
    match key {
        "properties" => {
            out.insert(key.to_owned(), each_field(value));
        }
        "items" | "not" => {
            out.insert(key.to_owned(), lenient(value));
        }
        "additionalProperties" if value.is_object() => {
            out.insert(key.to_owned(), lenient(value));
        }
        "allOf" => {
            out.insert(key.to_owned(), each_item(value));
        }
        "anyOf" | "oneOf" => {
            out.insert("anyOf".to_owned(), each_item(value));
        }
        "$ref" | "type" | "enum" | "required" | "pattern" | "minimum" | "maximum" | "minLength" | "maxLength"
        | "minItems" | "maxItems" | "uniqueItems" | "minProperties" | "maxProperties" | "multipleOf" => {
            out.insert(key.to_owned(), value.clone());
        }
        // Descriptions, examples, discriminators, formats and closed objects judge nothing here.
        _ => {}
    }
}

fn each_field(fields: &Value) -> Value {
    match fields {
        Value::Object(fields) => fields.iter().map(|(name, schema)| (name.clone(), lenient(schema))).collect(),
        other => other.clone(),
    }
}

fn each_item(items: &Value) -> Value {
    match items {
        Value::Array(items) => items.iter().map(lenient).collect(),
        other => other.clone(),
    }
}

/// In 3.0 an exclusive bound is a flag beside the bound; in JSON Schema it is the bound.
fn bound(out: &mut Map<String, Value>, fields: &Map<String, Value>, limit: &str, exclusive: &str) {
    if fields.get(exclusive) != Some(&Value::Bool(true)) {
        return;
    }
    if let Some(value) = out.remove(limit) {
        out.insert(exclusive.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(schema: &Value, instance: &Value) -> bool {
        let schema = lenient(schema);
        jsonschema::draft7::new(&schema).expect("the schema compiles").is_valid(instance)
    }

    #[test]
    fn nullable_admits_null_beside_types_enums_and_references() {
        assert!(accepts(&json!({"type": "string", "nullable": true}), &json!(null)));
        assert!(accepts(&json!({"type": "string", "enum": ["a"], "nullable": true}), &json!(null)));
        assert!(accepts(&json!({"allOf": [{"type": "object"}], "nullable": true}), &json!(null)));
        assert!(!accepts(&json!({"type": "string", "nullable": true}), &json!(1)));
        assert!(!accepts(&json!({"type": "string", "nullable": false}), &json!(null)));
    }

    #[test]
    fn unknown_fields_are_welcome_at_every_depth() {
        let closed = json!({"type": "object", "additionalProperties": false, "properties": {
            "a": {"type": "object", "additionalProperties": false}}});
        assert!(accepts(&closed, &json!({"a": {"b": 1}, "c": 2})));
    }

    #[test]
    fn a_schema_for_the_values_of_a_map_still_judges() {
        let map = json!({"type": "object", "additionalProperties": {"type": "integer"}});
        assert!(!accepts(&map, &json!({"a": "b"})));
    }

    #[test]
    fn several_fitting_branches_are_no_error() {
        let either =
            json!({"oneOf": [{"type": "object"}, {"type": "object"}], "discriminator": {"propertyName": "object"}});
        assert!(accepts(&either, &json!({})));
        assert!(!accepts(&either, &json!([])));
    }

    #[test]
    fn a_property_may_bear_the_name_of_a_keyword() {
        let schema =
            json!({"type": "object", "properties": {"nullable": {"type": "boolean"}, "format": {"type": "string"}}});
        assert!(!accepts(&schema, &json!({"nullable": "yes"})));
        assert!(!accepts(&schema, &json!({"format": 1})));
    }

    #[test]
    fn exclusive_bounds_are_translated() {
        let positive = json!({"type": "number", "minimum": 0, "exclusiveMinimum": true});
        assert!(!accepts(&positive, &json!(0)));
        assert!(accepts(&positive, &json!(1)));
    }
}
