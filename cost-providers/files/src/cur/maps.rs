//! Maps of keys and values, as reports and what is made of them write them.
//!
//! Parquet has a map (which arrives as a list of key and value) or a struct with a field a key; CSV has JSON: an
//! object, an object without its braces, a list of objects with key and value, or of pairs. Query engines write maps as
//! text of their own: `{key=value, other=value}`, `{'key': 'value'}`.

use polars::prelude::*;
use serde_json::Value;

/// Keys and values of a map, in the order of the report. A value that is null is left out.
pub(super) type Pairs = Vec<(String, String)>;

/// The names that the fields of a pair go by, in lower case.
const KEY_NAMES: &[&str] = &["key", "tagkey", "name"];
/// The names of its other field.
const VALUE_NAMES: &[&str] = &["value", "tagvalue"];

/// A text as a map: `None` if it is none. A blank text is a map of nothing.
pub(super) fn pairs_of_text(text: &str) -> Option<Pairs> {
    let text = text.trim();
    if text.is_empty() || text.eq_ignore_ascii_case("null") {
        return Some(Pairs::new());
    }
    let json = || serde_json::from_str(text).or_else(|_| serde_json::from_str(&format!("{{{text}}}"))).ok();
    json().and_then(pairs_of_json).or_else(|| pairs_as_written(text))
}

fn pairs_of_json(document: Value) -> Option<Pairs> {
    match document {
        Value::Object(map) => Some(map.into_iter().filter_map(|(k, v)| Some((k, text_of(v)?))).collect()),
        Value::Array(items) => {
            let pairs = items.into_iter().map(pair_of_json).collect::<Option<Vec<_>>>()?;
            Some(pairs.into_iter().filter_map(|(k, v)| Some((k, v?))).collect())
        }
        _ => None,
    }
}

/// `{"key": …, "value": …}` or `[key, value]`.
fn pair_of_json(item: Value) -> Option<(String, Option<String>)> {
    let (key, value) = match item {
        Value::Object(map) => {
            let (mut key, mut value) = (None, Value::Null);
            for (name, of) in map {
                let name = name.to_ascii_lowercase();
                if KEY_NAMES.contains(&name.as_str()) {
                    key = Some(of);
                } else if VALUE_NAMES.contains(&name.as_str()) {
                    value = of;
                }
            }
            (key?, value)
        }
        Value::Array(pair) => {
            let [key, value]: [Value; 2] = pair.try_into().ok()?;
            (key, value)
        }
        _ => return None,
    };
    let Value::String(key) = key else { return None };
    Some((key, text_of(value)))
}

fn text_of(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

/// Maps that are written in none of JSON's forms: keys and values in single quotes or none, with `:` or `=` between.
fn pairs_as_written(text: &str) -> Option<Pairs> {
    let inner = text.strip_prefix('{').and_then(|t| t.strip_suffix('}'))?;
    let mut pairs = Pairs::new();
    let mut rest = inner.trim_start();
    while !rest.is_empty() {
        // Keys such as `aws:createdBy` hold a colon of their own.
        let pair = rest.split(',').next().unwrap_or(rest);
        let (key, after) = word(rest, if pair.contains('=') { '=' } else { ':' })?;
        let after = after.strip_prefix([':', '='])?.trim_start();
        let (value, after) = word(after, ',')?;
        if matches!(&key, Word::Bare(key) if key.is_empty()) {
            return None;
        }
        match value {
            Word::Bare(value) if ["None", "null", "NULL"].contains(&value.as_str()) => {}
            Word::Quoted(value) | Word::Bare(value) => pairs.push((key.into_text(), value)),
        }
        rest = match after.strip_prefix(',') {
            Some(next) => next.trim_start(),
            None if after.is_empty() => after,
            None => return None,
        };
    }
    Some(pairs)
}

enum Word {
    Quoted(String),
    Bare(String),
}

impl Word {
    fn into_text(self) -> String {
        match self {
            Self::Quoted(text) | Self::Bare(text) => text,
        }
    }
}

/// The word a text starts with, and what follows it, without blanks between. A word without quotes ends before `end`.
fn word(text: &str, end: char) -> Option<(Word, &str)> {
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let mut out = String::new();
        let mut chars = text.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => out.push(chars.next()?.1),
                c if c == quote => return Some((Word::Quoted(out), text[at + 1..].trim_start())),
                c => out.push(c),
            }
        }
        return None;
    }
    let (bare, after) = text.split_at(text.find(end).unwrap_or(text.len()));
    Some((Word::Bare(bare.trim_end().to_owned()), after))
}

/// A column whose type is that of a map.
pub(super) enum Nested<'a> {
    /// Lists of key and value: a Parquet map arrives like that.
    Lists(&'a ListChunked),
    /// A field a key: names and texts.
    Fields(Vec<(String, Series)>),
    /// A nested type that is no map.
    Other(&'a Series),
}

impl<'a> Nested<'a> {
    /// `None` for a column that is text, or can be cast to it.
    ///
    /// # Errors
    /// The engine's.
    pub(super) fn of(series: &'a Series) -> PolarsResult<Option<Self>> {
        Ok(match series.dtype() {
            DataType::List(inner) if matches!(**inner, DataType::Struct(_)) => Some(Self::Lists(series.list()?)),
            DataType::Struct(_) => {
                // A field of another nested type has no text.
                let text = |f: &Series| Some((f.name().to_string(), f.cast(&DataType::String).ok()?));
                Some(Self::Fields(series.struct_()?.fields_as_series().iter().filter_map(text).collect()))
            }
            dtype if dtype.is_nested() => Some(Self::Other(series)),
            _ => None,
        })
    }

    /// The pairs of a row; `None` if it is no map.
    ///
    /// # Errors
    /// The engine's.
    pub(super) fn pairs(&self, row: usize) -> PolarsResult<Option<Pairs>> {
        match self {
            Self::Lists(lists) => lists.get_as_series(row).map_or(Ok(Some(Pairs::new())), |list| pairs_of_list(&list)),
            Self::Fields(fields) => {
                let pair = |(key, values): &(String, Series)| {
                    let value = values.str().ok().and_then(|v| v.get(row))?;
                    Some((key.clone(), value.to_owned()))
                };
                Ok(Some(fields.iter().filter_map(pair).collect()))
            }
            Self::Other(series) => Ok((series.get(row)? == AnyValue::Null).then(Pairs::new)),
        }
    }
}

/// Two fields: those named as key and value, else the first and the second.
fn pairs_of_list(list: &Series) -> PolarsResult<Option<Pairs>> {
    let fields = list.struct_()?.fields_as_series();
    let named = |names: &[&str]| fields.iter().find(|f| names.contains(&f.name().to_ascii_lowercase().as_str()));
    let (Some(key), Some(value)) = (named(KEY_NAMES).or(fields.first()), named(VALUE_NAMES).or(fields.get(1))) else {
        return Ok(None);
    };
    let (Ok(key), Ok(value)) = (key.cast(&DataType::String), value.cast(&DataType::String)) else { return Ok(None) };
    let both = |(k, v): (Option<&str>, Option<&str>)| Some((k?.to_owned(), v?.to_owned()));
    Ok(Some(key.str()?.iter().zip(value.str()?.iter()).filter_map(both).collect()))
}

/// A cell as text, for a message.
pub(super) fn shown(series: &Series, row: usize) -> String {
    series.get(row).map(|value| value.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Vec<(String, String)>> {
        pairs_of_text(text).map(|mut pairs| {
            pairs.sort();
            pairs
        })
    }

    fn two() -> Vec<(String, String)> {
        [("a", "1"), ("b c", "x, y")].map(|(k, v)| (k.to_owned(), v.to_owned())).into()
    }

    #[test]
    fn every_form_of_a_map_is_the_same_map() {
        for text in [
            r#"{"a":"1","b c":"x, y"}"#,
            r#" {"b c": "x, y", "a": 1, "none": null} "#,
            r#""a":"1","b c":"x, y""#,
            r#"[{"key":"a","value":"1"},{"key":"b c","value":"x, y"},{"key":"none","value":null}]"#,
            r#"[{"Key":"a","Value":"1"},{"TagKey":"b c","TagValue":"x, y"}]"#,
            r#"[["a","1"],["b c","x, y"]]"#,
            "{'a': '1', 'b c': 'x, y', 'none': None}",
            "{a=1, 'b c'='x, y'}",
        ] {
            assert_eq!(read(text), Some(two()), "{text}");
        }
        assert_eq!(read("{'it\\'s': \"a\"}"), Some(vec![("it's".into(), "a".into())]));
        assert_eq!(read("{k=v, empty=}"), Some(vec![("empty".into(), String::new()), ("k".into(), "v".into())]));
        assert_eq!(read("{url=https://a.b/c:d}"), Some(vec![("url".into(), "https://a.b/c:d".into())]));
        assert_eq!(read("{aws:createdBy=me}"), Some(vec![("aws:createdBy".into(), "me".into())]));
    }

    #[test]
    fn blank_is_nothing_and_the_rest_is_no_map() {
        for text in ["", "  ", "{}", "[]", "null", "NULL"] {
            assert_eq!(read(text), Some(Vec::new()), "{text}");
        }
        for text in [
            "no map",
            "7",
            "\"a\"",
            "[1]",
            "[{\"a\":\"1\"}]",
            "{a}",
            "{=1}",
            "{'a': 'b",
            "{\"a\":",
            "{'a' 'b'}",
            "{a='b'c}",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
