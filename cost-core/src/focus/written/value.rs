//! [`Value`]: a nested value.

/// Nested value. Numbers stay text, so that no digit is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `null`, `None`.
    Null,
    /// `true`, `True`.
    Bool(bool),
    /// A number as it is written.
    Number(String),
    /// Text, without its escapes.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// Keys and values in their order.
    Object(Vec<(String, Value)>),
}

impl Value {
    /// Returns a value by its path of keys. If a key occurs twice, the last one counts, as in JSON
    /// libraries.
    #[must_use]
    pub fn at(&self, path: &[String]) -> Option<&Self> {
        let Some((key, rest)) = path.split_first() else { return Some(self) };
        match self {
            Self::Object(pairs) => pairs.iter().rev().find(|(k, _)| k == key)?.1.at(rest),
            _ => None,
        }
    }

    /// Returns a plain value as text, a nested one as JSON; `None` for null.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Null => None,
            Self::Text(text) => Some(text.clone()),
            other => Some(other.json()),
        }
    }

    /// Returns the value as JSON, without blanks.
    #[must_use]
    pub fn json(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Number(digits) => digits.clone(),
            Self::Text(text) => quoted(text),
            Self::List(values) => {
                let values: Vec<String> = values.iter().map(Self::json).collect();
                format!("[{}]", values.join(","))
            }
            Self::Object(pairs) => {
                let pairs: Vec<String> =
                    pairs.iter().map(|(k, v)| format!("{}:{}", quoted(k), v.json())).collect();
                format!("{{{}}}", pairs.join(","))
            }
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
