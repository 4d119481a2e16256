//! Conversion of a value to pairs of keys and values.

use std::collections::HashMap;

use super::Value;
use super::reader::{self, key_end};

/// Keys and values of a map, in order. If a key occurs twice, the last one counts. A null value is
/// `None`.
pub type Pairs = Vec<(String, Option<String>)>;

/// Names of the key field, in lower case, most reliable first.
pub(super) const KEY_NAMES: [&str; 3] = ["key", "tagkey", "name"];
/// Names of the value field.
pub(super) const VALUE_NAMES: [&str; 2] = ["value", "tagvalue"];

/// Largest nesting depth of a document as text within text.
const WITHIN: usize = 2;

/// Placeholders for cells without a map, as exporters and pandas write them.
const NOTHING: [&str; 5] = ["null", "none", "nan", "<na>", "nil"];

/// Returns the pairs of a document in any of the forms in [`super`]. A blank document has none;
/// `None` if it is not a map.
#[must_use]
pub(in crate::focus) fn pairs(text: &str) -> Option<Pairs> {
    within(text, WITHIN)
}

fn within(text: &str, left: usize) -> Option<Pairs> {
    let text = text.trim();
    if text.is_empty() || NOTHING.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return Some(Pairs::new());
    }
    let again = |inner: &str| within(inner, left.checked_sub(1)?);
    if text.trim_start_matches(['{', '[', ' ']).starts_with(['\\']) {
        return again(&reader::unescaped(text)?);
    }
    if text.starts_with(['{', '[']) {
        return of_value(&reader::loose(text)?);
    }
    if let Some(map) = reader::members(text) {
        return of_value(&map);
    }
    match reader::loose(text)? {
        Value::Text(inner) if text.ends_with(['"', '\'']) => again(&inner),
        _ => None,
    }
}

/// Returns the pairs of a value; `None` if it is neither null, nor a map, nor a list of pairs.
pub(super) fn of_value(value: &Value) -> Option<Pairs> {
    let pairs = match value {
        Value::Null => Pairs::new(),
        Value::Object(map) => of_map(map),
        Value::List(all) => all.iter().map(of_element).collect::<Option<Vec<_>>>()?.concat(),
        Value::Bool(_) | Value::Number(_) | Value::Text(_) => return None,
    };
    Some(last_of_each(pairs))
}

fn of_map(map: &[(String, Value)]) -> Pairs {
    map.iter().map(|(key, value)| (key.clone(), value.text())).collect()
}

/// Element of a list: a key and its value in one of several forms, or a map.
fn of_element(one: &Value) -> Option<Pairs> {
    match one {
        Value::Null => Some(Pairs::new()),
        Value::Object(map) => Some(of_pair(map)),
        Value::List(pair) => {
            let [key, value] = pair.as_slice() else { return None };
            Some(key.text().map(|key| (key, value.text())).into_iter().collect())
        }
        Value::Text(text) => {
            let (key, value) = text.split_at(key_end(text)?);
            let (key, value) = (key.trim(), value.get(1..)?.trim());
            (!key.is_empty()).then(|| vec![(key.to_owned(), Some(value.to_owned()))])
        }
        Value::Bool(_) | Value::Number(_) => None,
    }
}

/// Returns the pair of `{"key": k, "value": v}` under any of the known names in any letter case,
/// also with other fields; or else the map's own pairs.
fn of_pair(map: &[(String, Value)]) -> Pairs {
    let of = |names: &[&str]| {
        let named = |name: &&str| {
            map.iter().find(|(k, _)| k.eq_ignore_ascii_case(name)).map(|(_, v)| v.text())
        };
        names.iter().find_map(named)
    };
    match (of(&KEY_NAMES), of(&VALUE_NAMES)) {
        (Some(Some(key)), Some(value)) => vec![(key, value)],
        (Some(None), _) => Pairs::new(),
        _ => of_map(map),
    }
}

fn last_of_each(pairs: Pairs) -> Pairs {
    let last: HashMap<&str, usize> =
        pairs.iter().enumerate().map(|(at, (key, _))| (key.as_str(), at)).collect();
    if last.len() == pairs.len() {
        return pairs;
    }
    let mut places: Vec<usize> = last.into_values().collect();
    places.sort_unstable();
    places.into_iter().filter_map(|at| pairs.get(at).cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> Option<Vec<(String, String)>> {
        pairs(text)
            .map(|p| p.into_iter().map(|(k, v)| (k, v.unwrap_or_else(|| "-".to_owned()))).collect())
    }

    fn sorted(text: &str) -> Option<Vec<(String, String)>> {
        of(text).map(|mut pairs| {
            pairs.sort();
            pairs
        })
    }

    fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn every_form_is_read() {
        for text in [
            r#"{"team": "web", "env": "prod"}"#,
            r#""team": "web","env": "prod""#,
            r#"[{"key": "team", "value": "web", "x_type": "label"}, {"Key": "env", "Value": "prod"}]"#,
            r#"[{"name": "team", "value": "web"}, {"TagKey": "env", "TagValue": "prod"}]"#,
            r#"[{"team": "web"}, {"env": "prod"}]"#,
            r#"[["team", "web"], ["env", "prod"]]"#,
            r#"["team=web", "env:prod"]"#,
            "{'team': 'web', 'env': 'prod'}",
            "{u'team': u'web', b'env': b'prod'}",
            "[{'key': 'team', 'value': 'web'}, {'key': 'env', 'value': 'prod'}]",
            "[('team', 'web'), ('env', 'prod')]",
            "{team=web, env=prod}",
            "team:web;env:prod",
            "team:web|env:prod",
            "team: web\nenv: prod\n",
            r#""team"=>"web", "env"=>"prod""#,
            r#"{"team" => "web", "env" => "prod"}"#,
            r#"{""team"": ""web"", ""env"": ""prod""}"#,
            r#"{\"team\":\"web\",\"env\":\"prod\"}"#,
            r#"[{\"key\":\"team\",\"value\":\"web\"},{\"key\":\"env\",\"value\":\"prod\"}]"#,
            r#"\"team\": \"web\",\"env\": \"prod\""#,
            r#""{\"team\": \"web\", \"env\": \"prod\"}""#,
            r#""{""team"": ""web"", ""env"": ""prod""}""#,
            r#"{"team": "web", "env": "prod",}"#,
            r#"{"team": "app", "team": "web", "env": "prod"}"#,
        ] {
            assert_eq!(sorted(text), Some(owned(&[("env", "prod"), ("team", "web")])), "{text}");
        }
        assert_eq!(
            of("{'n': None, 'b': True, 'i': 3}"),
            Some(owned(&[("n", "-"), ("b", "True"), ("i", "3")]))
        );
        assert_eq!(
            of("{'it': \"it's\", 'too': 'it''s'}"),
            Some(owned(&[("it", "it's"), ("too", "it's")]))
        );
        assert_eq!(of("{}"), Some(Vec::new()));
        assert_eq!(of("[]"), Some(Vec::new()));
        assert_eq!(of("null"), Some(Vec::new()));
        assert_eq!(
            of(r#"{"a": {"b": 1}, "c": ["d"]}"#),
            Some(owned(&[("a", r#"{"b":1}"#), ("c", r#"["d"]"#)]))
        );
    }

    #[test]
    fn every_form_of_a_map_is_the_same_map() {
        for text in [
            r#"{"a":"1","b c":"x, y"}"#,
            r#" {"b c": "x, y", "a": 1} "#,
            r#""a":"1","b c":"x, y""#,
            r#"[{"key":"a","value":"1"},{"key":"b c","value":"x, y"}]"#,
            r#"[{"Key":"a","Value":"1"},{"TagKey":"b c","TagValue":"x, y"}]"#,
            r#"[["a","1"],["b c","x, y"]]"#,
            "{'a': '1', 'b c': 'x, y'}",
            "{a=1, 'b c'='x, y'}",
        ] {
            assert_eq!(sorted(text), Some(owned(&[("a", "1"), ("b c", "x, y")])), "{text}");
        }
        assert_eq!(of("{'it\\'s': \"a\"}"), Some(owned(&[("it's", "a")])));
        assert_eq!(of("{k=v, empty=}"), Some(owned(&[("k", "v"), ("empty", "")])));
        assert_eq!(of("{url=https://a.b/c:d}"), Some(owned(&[("url", "https://a.b/c:d")])));
        assert_eq!(of("{aws:createdBy=me}"), Some(owned(&[("aws:createdBy", "me")])));
        assert_eq!(of("{a=b|c, d=(e)}"), Some(owned(&[("a", "b|c"), ("d", "(e)")])));
        assert_eq!(
            of(r#"{"at": "caf\u00e9", "zip": 007}"#),
            Some(owned(&[("at", "café"), ("zip", "007")]))
        );
    }

    #[test]
    fn blank_is_nothing_and_the_rest_is_no_map() {
        for text in ["", "  ", "{}", "[]", "null", "NULL", "None", "NaN", "<NA>", "\"\""] {
            assert_eq!(of(text), Some(Vec::new()), "{text}");
        }
        for text in [
            "no map",
            "hello",
            "7",
            "3",
            "\"a\"",
            "[1]",
            "{a}",
            "{=1}",
            "{'a'}",
            "{'a': 'b",
            "{\"a\":",
            "{'a' 'b'}",
            "{a='b'c}",
            "[{'a': 1}, 2]",
            "[\"team\", \"web\"]",
            "\\",
            "{\\",
            &"[".repeat(100),
            &"{\\".repeat(100),
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
            let _ = pairs(&text);
        }

        #[test]
        fn nearly_right_text_is_read_or_refused(text in "[\\[\\](){}'\":=>,;|\\\\ abuN1\n]{0,40}") {
            let _ = pairs(&text);
        }
    }
}
