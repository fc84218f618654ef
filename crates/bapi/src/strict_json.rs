//! Reads a JSON text more strictly than serde_json does by itself: no key twice in one object, and bounds on depth, on the
//! number of keys and on the length of strings. What is read is plain `serde_json` data.

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::cell::{Cell, RefCell};
use std::fmt;

/// How deep arrays and objects may nest.
const MAX_DEPTH: usize = 64;
/// How many keys all objects of a document may have together.
const MAX_KEYS: usize = 10_000;
/// The longest string, in bytes.
const MAX_STRING: usize = 64 * 1024;

/// Why a text was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// Not JSON, too deep, or too many keys.
    Malformed,
    /// One object has this key twice.
    DuplicateKey(String),
    /// The string under this key is too long (the nearest key, when it stands in an array).
    LongString(String),
}

/// Reads one document.
pub(crate) fn parse(text: &[u8]) -> Result<Value, Unreadable> {
    let reading = Reading::default();
    let mut source = serde_json::Deserializer::from_slice(text);
    let value = Node { reading: &reading, depth: 0 }.deserialize(&mut source);
    match value.and_then(|value| source.end().map(|()| value)) {
        Ok(value) => Ok(value),
        Err(_) => Err(reading.found.take().unwrap_or(Unreadable::Malformed)),
    }
}

/// What is known while one document is read.
#[derive(Default)]
struct Reading {
    keys: Cell<usize>,
    key: RefCell<String>,
    found: RefCell<Option<Unreadable>>,
}

impl Reading {
    fn stop<E: serde::de::Error>(&self, why: Unreadable) -> E {
        self.found.borrow_mut().get_or_insert(why);
        E::custom("refused")
    }

    fn string<E: serde::de::Error>(&self, text: &str) -> Result<(), E> {
        if text.len() > MAX_STRING {
            return Err(self.stop(Unreadable::LongString(self.key.borrow().clone())));
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct Node<'a> {
    reading: &'a Reading,
    depth: usize,
}

impl Node<'_> {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            return Err(self.reading.stop(Unreadable::Malformed));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        self.reading.string(value)?;
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut source: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut list = Vec::new();
        while let Some(value) = source.next_element_seed(inner)? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut source: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut map = Map::new();
        while let Some(key) = source.next_key::<String>()? {
            self.reading.keys.set(self.reading.keys.get() + 1);
            if self.reading.keys.get() > MAX_KEYS {
                return Err(A::Error::custom("too many keys"));
            }
            if map.contains_key(&key) {
                return Err(self.reading.stop(Unreadable::DuplicateKey(key)));
            }
            self.reading.key.replace(key.clone());
            let value = source.next_value_seed(inner)?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn plain_json_is_read_as_it_stands() {
        let text = br#"{"a":[1,-2,1.5,"x",true,null],"b":{"__proto__":{}}}"#;
        assert_eq!(parse(text), Ok(json!({"a": [1, -2, 1.5, "x", true, null], "b": {"__proto__": {}}})));
    }

    #[test]
    fn a_key_that_stands_twice_is_refused_at_any_depth() {
        assert_eq!(parse(br#"{"a":1,"a":2}"#), Err(Unreadable::DuplicateKey("a".into())));
        assert_eq!(parse(br#"{"a":{"b":1,"b":1}}"#), Err(Unreadable::DuplicateKey("b".into())));
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in ["", "{", "{}{}", "{\"a\":1,}", "nul", "{\"a\":1e999}"] {
            assert_eq!(parse(text.as_bytes()), Err(Unreadable::Malformed), "{text}");
        }
        assert_eq!(parse(b"\"\xff\""), Err(Unreadable::Malformed));
    }

    #[test]
    fn depth_keys_and_strings_have_bounds() {
        let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert!(parse(nested(MAX_DEPTH).as_bytes()).is_ok());
        assert_eq!(parse(nested(MAX_DEPTH + 1).as_bytes()), Err(Unreadable::Malformed));
        let keys: Vec<String> = (0..=MAX_KEYS).map(|n| format!("\"k{n}\":0")).collect();
        assert_eq!(parse(format!("{{{}}}", keys.join(",")).as_bytes()), Err(Unreadable::Malformed));
        let long = format!("{{\"name\":[\"{}\"]}}", "x".repeat(MAX_STRING + 1));
        assert_eq!(parse(long.as_bytes()), Err(Unreadable::LongString("name".into())));
    }
}
