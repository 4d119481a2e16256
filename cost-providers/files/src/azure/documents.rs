//! Two documents of a row, `Tags` and `AdditionalInfo`: JSON objects, with or without the outer
//! braces (`"k": "v","k2": "v2"`).

use std::collections::BTreeMap;

use cost_core::focus::text::is_null_text;
use cost_core::focus::written::{self, Value};

/// Returns the pairs of the object in a cell. Of a repeated key, the last one counts. No pairs if
/// the cell is blank, `None` if it does not contain an object.
fn object(text: &str) -> Option<BTreeMap<String, Value>> {
    let text = text.trim();
    // Some writers quote empty text: `""`.
    if is_null_text(text) || text == "\"\"" {
        return Some(BTreeMap::new());
    }
    let value = if text.starts_with('{') {
        written::literal(text)
    } else {
        written::literal(&format!("{{{text}}}"))
    };
    match value? {
        Value::Object(pairs) => Some(pairs.into_iter().collect()),
        _ => None,
    }
}

/// Returns whether a cell of tags is neither blank nor readable.
pub(super) fn is_unreadable(text: &str) -> bool {
    object(text).is_none()
}

/// Returns tags that have a value, as a JSON object; `None` if there are none.
pub(super) fn tags(text: &str) -> Option<String> {
    let pair = |(key, value): (String, Value)| Some((key, value.text().filter(|v| !v.is_empty())?));
    let tags: BTreeMap<String, String> = object(text)?.into_iter().filter_map(pair).collect();
    if tags.is_empty() { None } else { serde_json::to_string(&tags).ok() }
}

/// Returns one key of a document.
pub(super) fn value(text: &str, key: &str) -> Option<String> {
    object(text)?.get(key).and_then(Value::text).filter(|v| !v.is_empty())
}

/// Returns a document in the form of FOCUS `SkuPriceDetails`: Azure-specific keys begin with `x_`.
/// Source: FOCUS 1.2, column `SkuPriceDetails`.
pub(super) fn details(text: &str) -> Option<String> {
    let pair =
        |(key, value): (String, Value)| (value != Value::Null).then(|| (format!("x_{key}"), value));
    let details: Vec<(String, Value)> = object(text)?.into_iter().filter_map(pair).collect();
    if details.is_empty() { None } else { Some(Value::Object(details).json()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_with_and_without_braces() {
        let expected = Some(r#"{"cost center":"1234","env":"pr\"od","n":"3"}"#.to_owned());
        assert_eq!(
            tags(r#"{"env":"pr\"od","cost center":"1234","org":"","none":null,"n":3}"#),
            expected
        );
        assert_eq!(tags(r#""env": "pr\"od","cost center": "1234","org": "","n": 3"#), expected);
        assert_eq!(["", "{}", "\"\"", "NULL", " "].map(tags), [None, None, None, None, None]);
        assert!(["", "{}", "\"\""].iter().all(|t| !is_unreadable(t)));
        assert!(
            ["env: prod", "[1]", "{\"a\":", "prod"]
                .iter()
                .all(|t| is_unreadable(t) && tags(t).is_none())
        );
    }

    #[test]
    fn details_keep_their_types() {
        let info = r#"{"VCPUs":2,"ImageType":null,"ServiceType":"Standard_B2s","RINormalizationRatio":2.0}"#;
        let expected =
            r#"{"x_RINormalizationRatio":2.0,"x_ServiceType":"Standard_B2s","x_VCPUs":2}"#;
        assert_eq!(details(info).as_deref(), Some(expected));
        assert_eq!(value(info, "RINormalizationRatio").as_deref(), Some("2.0"));
        assert_eq!(
            [value(info, "ImageType"), value(info, "Other"), value("no JSON", "a")],
            [None, None, None]
        );
    }
}
