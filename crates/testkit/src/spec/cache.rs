//! The parsed specification as lines of JSON, because the YAML takes seconds and every test is its own process.
//!
//! One line per operation and per named schema. A reader splits the lines and parses only those that it needs.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::document::{Document, Operation};
use super::places;

/// Raised when the lines change their form.
const FORM: u32 = 1;

/// The lines of one specification.
#[derive(Debug)]
pub(super) struct Lines {
    operations: Vec<OperationLine>,
    /// Name -> JSON text.
    schemas: BTreeMap<String, String>,
}

/// One operation, its responses still text.
#[derive(Debug)]
pub(super) struct OperationLine {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) id: String,
    responses: String,
}

impl OperationLine {
    pub(super) fn responses(&self) -> Value {
        parse(&self.responses)
    }
}

impl Lines {
    /// The lines of the specification at `spec`, from the cache where it is fresh.
    ///
    /// # Errors
    /// A sentence naming the file that could not be read or is not OpenAPI.
    pub(super) fn of_file(spec: &Path) -> Result<Self, String> {
        let cached = cache_path(spec)?;
        if let Ok(text) = fs::read_to_string(&cached) {
            return Self::from_text(&text);
        }
        let text = fs::read_to_string(spec).map_err(|e| format!("{}: {e}", spec.display()))?;
        let root: Value = serde_yaml_ng::from_str(&text).map_err(|e| format!("{}: {e}", spec.display()))?;
        let document = Document::from_openapi(&root).map_err(|e| format!("{}: {e}", spec.display()))?;
        let text = to_text(&document);
        keep(&cached, &text).map_err(|e| format!("{}: {e}", cached.display()))?;
        Self::from_text(&text)
    }

    /// The lines of a document in memory.
    #[cfg(test)]
    pub(super) fn of_document(document: &Document) -> Self {
        Self::from_text(&to_text(document)).expect("what to_text writes can be read")
    }

    pub(super) fn operations(&self) -> &[OperationLine] {
        &self.operations
    }

    /// The named schema as the file writes it.
    pub(super) fn schema(&self, name: &str) -> Option<Value> {
        self.schemas.get(name).map(|text| parse(text))
    }

    fn from_text(text: &str) -> Result<Self, String> {
        let mut lines = Self { operations: Vec::new(), schemas: BTreeMap::new() };
        for line in text.lines() {
            let mut fields = line.split('\t');
            let mut next = || fields.next().map(str::to_owned).ok_or_else(|| format!("a broken cache line: {line}"));
            if next()? == "schema" {
                lines.schemas.insert(next()?, next()?);
            } else {
                let (method, path, id, responses) = (next()?, next()?, next()?, next()?);
                lines.operations.push(OperationLine { method, path, id, responses });
            }
        }
        Ok(lines)
    }
}

fn to_text(document: &Document) -> String {
    // JSON escapes tabs and line ends, so they can part the fields.
    let mut text = String::new();
    for Operation { method, path, id, responses } in &document.operations {
        text.push_str(&format!("operation\t{method}\t{path}\t{id}\t{responses}\n"));
    }
    for (name, schema) in &document.schemas {
        text.push_str(&format!("schema\t{name}\t{schema}\n"));
    }
    text
}

/// `FromStr` rather than `from_str::<Value>`: it is compiled inside serde_json, with that crate's optimisation.
fn parse(text: &str) -> Value {
    text.parse().expect("the cache holds JSON that serde_json wrote")
}

/// Named by what identifies the file's content cheaply: place, length, time of change.
fn cache_path(spec: &Path) -> Result<PathBuf, String> {
    let meta = fs::metadata(spec).map_err(|e| format!("{}: {e}", spec.display()))?;
    let mut hasher = DefaultHasher::new();
    (FORM, spec, meta.len(), meta.modified().ok()).hash(&mut hasher);
    Ok(places::report_dir().join(format!("cache/{:016x}.lines", hasher.finish())))
}

/// Written aside and renamed, so that another process never reads half a file.
fn keep(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let aside = path.with_extension(std::process::id().to_string());
    fs::write(&aside, text)?;
    fs::rename(&aside, path)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lines_give_back_what_the_document_holds() {
        let root = json!({
            "paths": {"/v1/a/{id}": {"get": {"operationId": "getA", "responses": {
                "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}},
                "204": {"description": "no body"}}}}},
            "components": {"schemas": {"A": {"type": "object", "description": "tab\there\nline"}}}
        });
        let document = Document::from_openapi(&root).expect("the document is read");
        let lines = Lines::of_document(&document);
        let operation = &lines.operations()[0];
        assert_eq!(
            (operation.method.as_str(), operation.path.as_str(), operation.id.as_str()),
            ("GET", "/v1/a/{id}", "getA")
        );
        assert_eq!(operation.responses()["204"], json!({}));
        assert_eq!(operation.responses()["200"]["application/json"]["$ref"], "#/components/schemas/A");
        assert_eq!(lines.schema("A"), Some(json!({"type": "object", "description": "tab\there\nline"})));
        assert_eq!(lines.schema("B"), None);
    }

    #[test]
    fn an_operation_without_a_name_is_refused() {
        let root = json!({"paths": {"/a": {"get": {"responses": {}}}}});
        assert_eq!(Document::from_openapi(&root), Err("get /a has no operationId".to_owned()));
    }
}
