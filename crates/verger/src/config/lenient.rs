//! Values that come as text from the environment and in their own type from the file.

use serde::de::{Deserialize, Deserializer, Error};
use std::fmt::Display;
use std::str::FromStr;
use verger_model::Secret;

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Given<T> {
    Value(T),
    Text(String),
}

/// A number or a switch.
pub(super) fn option<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + FromStr<Err: Display>,
{
    match Given::<T>::deserialize(deserializer)? {
        Given::Value(value) => Ok(Some(value)),
        Given::Text(text) => text.parse().map(Some).map_err(|err| D::Error::custom(format!("{text:?}: {err}"))),
    }
}

/// A list, or one text with commas.
pub(super) fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(match Given::<Vec<String>>::deserialize(deserializer)? {
        Given::Value(list) => list,
        Given::Text(text) => {
            text.split(',').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
        }
    })
}

/// A secret.
pub(super) fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret<String>>, D::Error> {
    String::deserialize(deserializer).map(|text| Some(Secret::new(text)))
}
