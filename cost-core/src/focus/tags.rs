//! Tag documents in every form that exporters and the tools between write.
//!
//! | form | written by |
//! | --- | --- |
//! | `{"team": "web"}` | FOCUS exports |
//! | `"team": "web","env": "prod"` | Azure's own exports |
//! | `[{"key": "team", "value": "web"}]` | `TO_JSON_STRING` of `BigQuery`'s arrays |
//! | `{'team': 'web', 'n': None}` | Python's `str` of a dictionary |
//! | `{team=web, env=prod}` | Hive's and Athena's text of a map |
//!
//! JSON is tried first; what is no JSON is read by one small grammar that has all of these forms.

use super::text::TagValues;

/// The pairs of a tag document; a pair without a value has `None`. `None` if the text is of no known form.
#[must_use]
pub fn pairs(text: &str) -> Option<Vec<(String, Option<String>)>> {
    let text = text.trim();
    if let Ok(document) = serde_json::from_str::<serde_json::Value>(text) {
        return of_json(document);
    }
    let mut reader = Reader { text, at: 0, depth: 0 };
    let braced = text.starts_with(['{', '[']);
    let value = if braced { reader.value()? } else { reader.members(None)? };
    reader.blanks();
    if reader.at < text.len() { None } else { of_value(value) }
}

/// What a document holds of the keys asked for. Of a key written twice the last counts, as in JSON libraries; an empty value counts as
/// none.
#[must_use]
pub fn values(text: &str, keys: &[String]) -> Option<TagValues> {
    let pairs = pairs(text)?;
    let of = |key: &String| pairs.iter().rev().find(|(k, _)| k == key)?.1.clone().filter(|v| !v.is_empty());
    Some(TagValues { tagged: !pairs.is_empty(), values: keys.iter().map(of).collect() })
}

type Pairs = Vec<(String, Option<String>)>;

fn of_json(document: serde_json::Value) -> Option<Pairs> {
    use serde_json::Value::{Array, Null, Object, String as Text};
    let scalar = |value: serde_json::Value| match value {
        Null => None,
        Text(text) => Some(text),
        other => Some(other.to_string()),
    };
    match document {
        Null => Some(Vec::new()),
        Object(map) => Some(map.into_iter().map(|(k, v)| (k, scalar(v))).collect()),
        Array(all) => {
            let mut pairs = Vec::new();
            for one in all {
                let Object(map) = one else { return None };
                pairs.extend(of_pair(map.into_iter().map(|(k, v)| (k, scalar(v))).collect()));
            }
            Some(pairs)
        }
        _ => None,
    }
}

/// An element of a list: `{"key": k, "value": v}` in any letter case, with others beside them; else the pairs themselves.
fn of_pair(map: Pairs) -> Pairs {
    let of = |name: &str| map.iter().find(|(k, _)| k.eq_ignore_ascii_case(name)).map(|(_, v)| v.clone());
    match (of("key"), of("value")) {
        (Some(Some(key)), Some(value)) => vec![(key, value)],
        (Some(None), _) => Vec::new(),
        _ => map,
    }
}

fn of_value(value: Value) -> Option<Pairs> {
    let scalar = |value: Value| match value {
        Value::Text(text) => Some(text),
        Value::None => None,
        nested => Some(nested.to_string()),
    };
    match value {
        Value::None => Some(Vec::new()),
        Value::Map(map) => Some(map.into_iter().map(|(k, v)| (k, scalar(v))).collect()),
        Value::List(all) => {
            let mut pairs = Vec::new();
            for one in all {
                let Value::Map(map) = one else { return None };
                pairs.extend(of_pair(map.into_iter().map(|(k, v)| (k, scalar(v))).collect()));
            }
            Some(pairs)
        }
        Value::Text(_) => None,
    }
}

enum Value {
    None,
    Text(String),
    Map(Vec<(String, Value)>),
    List(Vec<Value>),
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None => f.write_str("null"),
            Self::Text(text) => f.write_str(text),
            Self::Map(map) => {
                let pairs: Vec<String> = map.iter().map(|(k, v)| format!("{k}: {v}")).collect();
                write!(f, "{{{}}}", pairs.join(", "))
            }
            Self::List(all) => {
                let all: Vec<String> = all.iter().map(ToString::to_string).collect();
                write!(f, "[{}]", all.join(", "))
            }
        }
    }
}

/// Nested no deeper than this: tags are flat. Chosen.
const DEEPEST: usize = 16;

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn take(&mut self, wanted: char) -> bool {
        self.blanks();
        let is_there = self.rest().starts_with(wanted);
        self.at += if is_there { wanted.len_utf8() } else { 0 };
        is_there
    }

    fn value(&mut self) -> Option<Value> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let value = if self.take('{') {
            self.members(Some('}'))
        } else if self.take('[') {
            let mut all = Vec::new();
            while !self.take(']') {
                all.push(self.value()?);
                if !self.take(',') && !self.rest().trim_start().starts_with(']') {
                    return None;
                }
            }
            Some(Value::List(all))
        } else {
            let (text, quoted) = self.text(&[',', ';', '}', ']'])?;
            let is_nothing = !quoted && ["None", "null", "NULL", "nil"].contains(&text.as_str());
            Some(if is_nothing { Value::None } else { Value::Text(text) })
        };
        self.depth -= 1;
        value
    }

    /// Pairs up to `end`, or to the end of the text.
    fn members(&mut self, end: Option<char>) -> Option<Value> {
        let mut map = Vec::new();
        loop {
            let is_over = match end {
                Some(end) => self.take(end),
                None => self.rest().trim().is_empty(),
            };
            if is_over {
                return Some(Value::Map(map));
            }
            let (key, _) = self.text(&[':', '='])?;
            if !self.take(':') && !self.take('=') {
                return None;
            }
            let value = self.value()?;
            map.push((key, value));
            let goes_on = self.take(',') || self.take(';');
            let ends = end.map_or(self.rest().trim().is_empty(), |end| self.rest().trim_start().starts_with(end));
            if !goes_on && !ends {
                return None;
            }
        }
    }

    /// Text in quote signs, or up to one of `ends`; and whether it is quoted.
    fn text(&mut self, ends: &[char]) -> Option<(String, bool)> {
        self.blanks();
        let rest = self.rest();
        let quote = rest.chars().next()?;
        if quote != '"' && quote != '\'' {
            let end = rest.find(ends).unwrap_or(rest.len());
            let text = rest[..end].trim().to_owned();
            self.at += end;
            // Keys have no blank form without quotes.
            return (!text.is_empty() || ends.contains(&',')).then_some((text, false));
        }
        // Quote signs that were doubled on the way: ""team"".
        let mark = if rest.starts_with("\"\"")
            && rest.len() > 2
            && !rest[2..].trim_start().starts_with([',', ':', '}', ']'])
        {
            "\"\""
        } else {
            &rest[..1]
        };
        let mut out = String::new();
        let mut chars = rest[mark.len()..].char_indices();
        while let Some((at, c)) = chars.next() {
            if rest[mark.len() + at..].starts_with(mark) {
                self.at += mark.len() + at + mark.len();
                return Some((out, true));
            }
            if c == '\\' {
                let (_, escaped) = chars.next()?;
                out.push(match escaped {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    other => other,
                });
            } else {
                out.push(c);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> Option<Vec<(String, String)>> {
        pairs(text).map(|p| p.into_iter().map(|(k, v)| (k, v.unwrap_or_else(|| "-".to_owned()))).collect())
    }

    #[test]
    fn every_form_is_read() {
        let expected = Some(vec![("team".to_owned(), "web".to_owned()), ("env".to_owned(), "prod".to_owned())]);
        let sorted = |text: &str| {
            of(text).map(|mut p| {
                p.sort_by(|a, b| b.cmp(a));
                p
            })
        };
        for text in [
            r#"{"team": "web", "env": "prod"}"#,
            r#""team": "web","env": "prod""#,
            r#"[{"key": "team", "value": "web", "x_type": "label"}, {"Key": "env", "Value": "prod"}]"#,
            r#"[{"team": "web"}, {"env": "prod"}]"#,
            "{'team': 'web', 'env': 'prod'}",
            "[{'key': 'team', 'value': 'web'}, {'key': 'env', 'value': 'prod'}]",
            "{team=web, env=prod}",
            "team:web;env:prod",
            r#"{""team"": ""web"", ""env"": ""prod""}"#,
            r#"{"team": "web", "env": "prod",}"#,
        ] {
            assert_eq!(sorted(text), expected, "{text}");
        }
        assert_eq!(
            of("{'n': None, 'b': True, 'i': 3}"),
            Some([("n", "-"), ("b", "True"), ("i", "3")].map(|(k, v)| (k.into(), v.into())).to_vec())
        );
        assert_eq!(of("{'it': \"it's\"}"), Some(vec![("it".into(), "it's".into())]));
        assert_eq!(of("{}"), Some(Vec::new()));
        assert_eq!(of("[]"), Some(Vec::new()));
        assert_eq!(of("null"), Some(Vec::new()));
        assert_eq!(of(r#"{"a": {"b": 1}}"#), Some(vec![("a".into(), r#"{"b":1}"#.into())]));
    }

    #[test]
    fn values_are_those_of_the_keys_asked_for() {
        let keys = ["env".to_owned(), "n".to_owned(), "none".to_owned()];
        let got = values(r#"{"env":"a","env":"b","n":3,"x":null}"#, &keys).expect("a document");
        assert_eq!(got.values, [Some("b".to_owned()), Some("3".to_owned()), None]);
        assert!(got.tagged);
        assert!(!values("{}", &keys).expect("a document").tagged);
    }

    #[test]
    fn what_is_no_document_of_tags_is_refused() {
        for text in ["[1]", "{\"a\":", "hello", "3", "{'a'}", "{'a': 'b", "[{'a': 1}, 2]", &"[".repeat(100)] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
            let _ = pairs(&text);
        }

        #[test]
        fn nearly_right_text_is_read_or_refused(text in "[\\[\\]{}'\":=,;\\\\ abN1]{0,40}") {
            let _ = pairs(&text);
        }
    }
}
