//! Takes the members of a JSON body one by one, by name and type. Everything that is wrong is noted and answered together at
//! the end; a member that nobody took is unknown and refused.

use crate::rfc3339;
use serde_json::Value;
use std::ops::RangeInclusive;
use verger_model::metadata::Metadata;
use verger_model::{Code, Millis, Patch, Refusal, Secret};

/// How deep a metadata document may nest.
const MAX_METADATA_DEPTH: usize = 32;

/// The most values that one list may have.
const MAX_VALUES: usize = 100;

/// The members of one body that are not taken yet, and what was wrong with those that are.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    members: Metadata,
    refusals: Vec<Refusal>,
}

impl Fields {
    pub(crate) fn new(members: Metadata) -> Self {
        Self { members, refusals: Vec::new() }
    }

    /// Notes something wrong.
    pub(crate) fn refuse(&mut self, code: Code, name: &str) {
        self.refusals.push(Refusal::param(code, name));
    }

    /// Notes something wrong, unless this member was found wrong before.
    pub(crate) fn refuse_once(&mut self, code: Code, name: &str) {
        let about = |refusal: &Refusal| refusal.items().any(|item| item.meta.iter().any(|(_, value)| value == name));
        if !self.refusals.iter().any(about) {
            self.refuse(code, name);
        }
    }

    /// Whether the member was sent, `null` included.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// Everything that was wrong, members that nobody took included.
    ///
    /// # Errors
    /// The refusals that were noted, in the order in which they were found.
    pub(crate) fn finish(mut self) -> Result<(), Refusal> {
        let unknown = self.members.keys().map(|name| Refusal::param(Code::FormParamUnknown, name));
        self.refusals.extend(unknown);
        Refusal::all(self.refusals).map_or(Ok(()), Err)
    }

    /// A text; `null` counts as left out.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        let value = self.given(name)?;
        self.typed_text(name, value)
    }

    /// A text that must be there.
    pub(crate) fn required_text(&mut self, name: &str) -> String {
        let code = if self.members.get(name).is_some_and(Value::is_null) {
            Code::FormParamNil
        } else {
            Code::FormParamMissing
        };
        let Some(value) = self.given(name) else {
            self.refuse(code, name);
            return String::new();
        };
        let text = self.typed_text(name, value).unwrap_or_default();
        if text.is_empty() {
            self.refuse_once(Code::FormParamNil, name);
        }
        text
    }

    /// A text that can be cleared by `null` or by an empty text.
    pub(crate) fn text_patch(&mut self, name: &str) -> Patch<String> {
        match self.members.remove(name) {
            None => Patch::Keep,
            Some(Value::Null) => Patch::Clear,
            Some(value) => match self.typed_text(name, value) {
                Some(text) if text.is_empty() => Patch::Clear,
                Some(text) => Patch::Set(text),
                None => Patch::Keep,
            },
        }
    }

    /// A secret text; `null` counts as left out.
    pub(crate) fn secret(&mut self, name: &str) -> Option<Secret<String>> {
        self.text(name).map(Secret::new)
    }

    /// A secret text that must be there.
    pub(crate) fn required_secret(&mut self, name: &str) -> Secret<String> {
        Secret::new(self.required_text(name))
    }

    /// A yes or no; `null` counts as left out.
    pub(crate) fn flag(&mut self, name: &str) -> Option<bool> {
        match self.given(name)? {
            Value::Bool(value) => Some(value),
            _ => self.wrong_type(name),
        }
    }

    /// A whole number within bounds; `null` counts as left out.
    pub(crate) fn integer(&mut self, name: &str, bounds: &RangeInclusive<i64>) -> Option<i64> {
        let value = self.given(name)?;
        self.typed_integer(name, &value, bounds)
    }

    /// A whole number within bounds that can be cleared by `null`.
    pub(crate) fn integer_patch(&mut self, name: &str, bounds: &RangeInclusive<i64>) -> Patch<i64> {
        match self.members.remove(name) {
            None => Patch::Keep,
            Some(Value::Null) => Patch::Clear,
            Some(value) => self.typed_integer(name, &value, bounds).map_or(Patch::Keep, Patch::Set),
        }
    }

    /// A list of at most a hundred texts; left out is empty.
    pub(crate) fn texts(&mut self, name: &str) -> Vec<String> {
        let Some(value) = self.given(name) else { return Vec::new() };
        let Value::Array(values) = value else { return self.wrong_type(name).unwrap_or_default() };
        if values.len() > MAX_VALUES {
            self.refuse(Code::FormParamArraySizeExceeded, name);
            return Vec::new();
        }
        values.into_iter().map_while(|value| self.typed_text(name, value)).collect()
    }

    /// A metadata document; `null` counts as left out.
    pub(crate) fn metadata(&mut self, name: &str) -> Option<Metadata> {
        match self.given(name)? {
            Value::Object(map) if depth(&map) > MAX_METADATA_DEPTH => {
                self.refuse(Code::FormParamExceedsAllowedSize, name);
                None
            }
            Value::Object(map) => Some(map),
            _ => self.wrong_type(name),
        }
    }

    /// A time in RFC 3339; `null` counts as left out.
    pub(crate) fn time(&mut self, name: &str) -> Option<Millis> {
        let text = self.text(name)?;
        let time = rfc3339::parse(&text);
        if time.is_none() {
            self.refuse(Code::FormParamInvalidTime, name);
        }
        time
    }

    /// A time in RFC 3339 that can be cleared by `null`.
    pub(crate) fn time_patch(&mut self, name: &str) -> Patch<Millis> {
        match self.members.get(name) {
            None => Patch::Keep,
            Some(Value::Null) => {
                self.members.remove(name);
                Patch::Clear
            }
            Some(_) => self.time(name).map_or(Patch::Keep, Patch::Set),
        }
    }

    /// Takes a member that says nothing: `null`, an empty text, list or object, or `false`. Anything else stays, and is
    /// refused as unknown.
    pub(crate) fn ignore_if_empty(&mut self, name: &str) {
        let says_nothing = match self.members.get(name) {
            Some(Value::Null | Value::Bool(false)) => true,
            Some(Value::String(text)) => text.is_empty(),
            Some(Value::Array(list)) => list.is_empty(),
            Some(Value::Object(map)) => map.is_empty(),
            _ => false,
        };
        if says_nothing {
            self.members.remove(name);
        }
    }

    fn given(&mut self, name: &str) -> Option<Value> {
        self.members.remove(name).filter(|value| !value.is_null())
    }

    fn typed_text(&mut self, name: &str, value: Value) -> Option<String> {
        match value {
            Value::String(text) if text.contains('\0') => {
                self.refuse(Code::FormParamValueInvalid, name);
                None
            }
            Value::String(text) => Some(text),
            _ => self.wrong_type(name),
        }
    }

    fn typed_integer(&mut self, name: &str, value: &Value, bounds: &RangeInclusive<i64>) -> Option<i64> {
        let Some(number) = value.as_i64() else { return self.wrong_type(name) };
        if bounds.contains(&number) {
            return Some(number);
        }
        let too_large = number > *bounds.end();
        self.refuse(if too_large { Code::FormParamValueTooLarge } else { Code::FormParamValueInvalid }, name);
        None
    }

    fn wrong_type<T>(&mut self, name: &str) -> Option<T> {
        self.refuse(Code::FormParamTypeInvalid, name);
        None
    }
}

/// How many objects and lists stand inside one another.
fn depth(map: &Metadata) -> usize {
    1 + map.values().map(value_depth).max().unwrap_or_default()
}

fn value_depth(value: &Value) -> usize {
    match value {
        Value::Object(map) => depth(map),
        Value::Array(list) => 1 + list.iter().map(value_depth).max().unwrap_or_default(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fields(value: Value) -> Fields {
        match value {
            Value::Object(map) => Fields::new(map),
            _ => Fields::default(),
        }
    }

    fn codes(fields: Fields) -> Vec<Code> {
        fields.finish().err().map(|refusal| refusal.items().map(|item| item.code).collect()).unwrap_or_default()
    }

    #[test]
    fn a_patch_has_three_states() {
        let mut f = fields(json!({"set": "x", "null": null, "empty": ""}));
        assert_eq!(f.text_patch("set"), Patch::Set("x".into()));
        assert_eq!(f.text_patch("null"), Patch::Clear);
        assert_eq!(f.text_patch("empty"), Patch::Clear);
        assert_eq!(f.text_patch("absent"), Patch::Keep);
        assert!(codes(f).is_empty());
    }

    #[test]
    fn what_nobody_takes_is_unknown() {
        let mut f = fields(json!({"first_name": "Jane", "admin": true}));
        f.text("first_name");
        assert_eq!(codes(f), [Code::FormParamUnknown]);
    }

    #[test]
    fn wrong_types_are_answered_together() {
        let mut f = fields(json!({"a": 1, "b": "true", "c": [1], "d": "x", "e": [], "f": 1.5}));
        f.text("a");
        f.flag("b");
        f.texts("c");
        f.texts("d");
        f.metadata("e");
        f.integer("f", &(0..=9));
        assert_eq!(codes(f), vec![Code::FormParamTypeInvalid; 6]);
    }

    #[test]
    fn what_must_be_there_is_missed() {
        let mut f = fields(json!({"b": null}));
        f.required_text("a");
        f.required_text("b");
        assert_eq!(codes(f), [Code::FormParamMissing, Code::FormParamNil]);
        let mut f = fields(json!({"a": ""}));
        f.required_text("a");
        assert_eq!(codes(f), [Code::FormParamNil]);
    }

    #[test]
    fn numbers_have_bounds_and_times_are_rfc_3339() {
        let mut f = fields(json!({"low": 0, "high": 10, "time": 5, "text": "soon", "ok": 3}));
        f.integer("low", &(1..=9));
        f.integer("high", &(1..=9));
        assert_eq!(f.integer("ok", &(1..=9)), Some(3));
        f.time("time");
        f.time("text");
        let expected = [
            Code::FormParamValueInvalid,
            Code::FormParamValueTooLarge,
            Code::FormParamTypeInvalid,
            Code::FormParamInvalidTime,
        ];
        assert_eq!(codes(f), expected);
    }

    #[test]
    fn metadata_does_not_nest_without_end() {
        let nested = (0..MAX_METADATA_DEPTH).fold(json!(1), |value, _| json!({"k": value}));
        let mut f = fields(json!({"ok": nested, "deep": {"k": nested}}));
        assert!(f.metadata("ok").is_some());
        assert!(f.metadata("deep").is_none());
        assert_eq!(codes(f), [Code::FormParamExceedsAllowedSize]);
    }
}
