//! Fields of a manifest. Errors about invalid values name the path in the document.

use cost_core::focus::quote_cell;
use serde_json::{Map, Value};

/// Object of the document.
pub(super) struct Fields<'a> {
    path: String,
    of: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    /// Returns the document itself, if it is an object.
    pub(super) fn of_document(value: &'a Value) -> Option<Self> {
        value.as_object().map(|of| Self { path: String::new(), of })
    }

    /// Whether it has a field.
    pub(super) fn has(&self, name: &str) -> bool {
        self.of.get(name).is_some_and(|v| !v.is_null())
    }

    fn found(&self, name: &str) -> Option<&'a Value> {
        self.of.get(name).filter(|v| !v.is_null())
    }

    /// # Errors
    /// If it is not text.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, String> {
        let text = |v: &Value| {
            v.as_str().map(ToOwned::to_owned).ok_or_else(|| odd(&self.at(name), v, "a text"))
        };
        self.found(name).map(text).transpose()
    }

    /// Returns a count, which may be written as text.
    ///
    /// # Errors
    /// If it is not a count.
    pub(super) fn count(&self, name: &str) -> Result<Option<u64>, String> {
        let count = |v: &Value| {
            let read = v.as_u64().or_else(|| v.as_str()?.trim().parse().ok());
            read.ok_or_else(|| odd(&self.at(name), v, "a count"))
        };
        self.found(name).map(count).transpose()
    }

    /// # Errors
    /// If it is missing or not an object.
    pub(super) fn object(&self, name: &str) -> Result<Self, String> {
        let path = self.at(name);
        let value = self.found(name).ok_or_else(|| format!("it has no field {path}"))?;
        let of = value.as_object().ok_or_else(|| odd(&path, value, "an object"))?;
        Ok(Self { path, of })
    }

    /// Returns the objects of a list; empty if it is missing.
    ///
    /// # Errors
    /// If it is not a list of objects.
    pub(super) fn objects(&self, name: &str) -> Result<Vec<Self>, String> {
        let object = |(path, value): (String, &'a Value)| {
            let of = value.as_object().ok_or_else(|| odd(&path, value, "an object"))?;
            Ok(Self { path, of })
        };
        self.list(name)?.unwrap_or_default().into_iter().map(object).collect()
    }

    /// Returns the texts of a list.
    ///
    /// # Errors
    /// If it is not a list of texts.
    pub(super) fn texts(&self, name: &str) -> Result<Option<Vec<String>>, String> {
        let text = |(path, value): (String, &Value)| {
            value.as_str().map(ToOwned::to_owned).ok_or_else(|| odd(&path, value, "a text"))
        };
        self.list(name)?.map(|all| all.into_iter().map(text).collect()).transpose()
    }

    fn list(&self, name: &str) -> Result<Option<Vec<(String, &'a Value)>>, String> {
        let path = self.at(name);
        let Some(value) = self.found(name) else { return Ok(None) };
        let all = value.as_array().ok_or_else(|| odd(&path, value, "a list"))?;
        Ok(Some(all.iter().enumerate().map(|(n, v)| (format!("{path}[{n}]"), v)).collect()))
    }

    fn at(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }
}

fn odd(path: &str, value: &Value, wanted: &str) -> String {
    format!("its field {path} is {}, not {wanted}", quote_cell(&value.to_string()))
}
