//! Literals, and where keys end.

use super::*;
use proptest::prelude::*;

#[test]
fn both_spellings_are_one_value() {
    let json = r#" [{"type": "PROMOTION", "amount": -0.10, "name": "It\u0027s \ud83d\ude00", "id": null, "paid": true}] "#;
    let python =
        r#"[{'type': 'PROMOTION', 'amount': -0.10, 'name': "It's 😀", 'id': None, 'paid': True}]"#;
    let value = literal(json).expect("JSON");
    assert_eq!(literal(python).expect("Python"), value);
    let Value::List(values) = &value else { panic!("a list: {value:?}") };
    let at = |key: &str| values[0].at(&[key.to_owned()]).and_then(Value::text);
    assert_eq!(at("amount").expect("there"), "-0.10");
    assert_eq!(at("name").expect("there"), "It's 😀");
    assert_eq!((at("id"), at("paid")), (None, Some("true".to_owned())));
    assert_eq!(values[0].text().and_then(|t| literal(&t)).expect("JSON again"), values[0]);
}

#[test]
fn what_is_no_literal_is_refused() {
    for bad in [
        "",
        "[",
        "[1,]",
        "{'a' 1}",
        "{a: 1}",
        "'a",
        "[1] 2",
        "nan",
        "1x",
        "Decimal('1')",
        r"'\q'",
        r"'\ud800x'",
    ] {
        assert_eq!(literal(bad), None, "{bad}");
    }
    for bad in ["{'a': 1,}", "{'a'=1}", "{'a': 1; 'b': 2}", "[('a', 1)]", "{''a'': 1}"] {
        assert_eq!(literal(bad), None, "{bad}");
    }
    assert_eq!(literal(&"[".repeat(100_000)), None, "nested too deep");
    assert!(literal("[]").is_some() && literal("{}").is_some() && literal("-1.5e-7").is_some());
}

#[test]
fn keys_end_where_values_begin() {
    for (text, key) in [
        ("team=web", "team"),
        ("team:web", "team"),
        ("aws:createdBy=me", "aws:createdBy"),
        ("url: https://a.b/?c=d", "url"),
        ("url:https://a.b/?c=d", "url"),
        ("url=https://a.b/c:d", "url"),
        ("a:b,c=d", "a"),
    ] {
        assert_eq!(key_end(text).map(|end| &text[..end]), Some(key), "{text}");
    }
    assert_eq!(key_end("web,a=b"), None);
}

proptest! {
    #[test]
    fn what_is_json_is_read_as_it_is(text in "[\\[\\]{}\":,\\\\ ab1u0]{0,30}") {
        if let Ok(json) = serde_json::from_str::<serde_json::Value>(&text) {
            for value in [literal(&text), loose(&text)] {
                let again = value.map(|v| v.json()).and_then(|t| serde_json::from_str::<serde_json::Value>(&t).ok());
                prop_assert_eq!(again.as_ref(), Some(&json));
            }
        }
    }
}
