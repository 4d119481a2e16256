//! Tags in every shape, and other columns on which no cost depends: they do not decide whether a bill is read.
//!
//! Sources: FOCUS specification, "Key-Value Format"; Google's FOCUS view written by `TO_JSON_STRING` (arrays of key and value); Azure cost
//! details (pairs without braces); Snowflake and AWS (`Key`, `Value`); pandas and `str(dict)` of Python.

use super::Kind::Optional;
use super::make::{Sheet, daily};
use super::{Case, Want, case, file, group, hold, total};

/// 31 days of 3.25.
const MAY: &str = "100.75";

fn may() -> Sheet {
    daily("2026-05", 1..=31, "3.25")
}

fn right() -> Want {
    total("2026-05", MAY, MAY)
}

/// What each shape is, and the value of `team` in it.
const SHAPES: &[(&str, &str, Option<&str>)] = &[
    ("an object", r#"{"team":"crew","env":"prod"}"#, Some("crew")),
    ("an object with other types", r#"{"team":"crew","n":7,"ok":true,"none":null}"#, Some("crew")),
    ("an object within", r#"{"team":"crew","more":{"a":"b"}}"#, Some("crew")),
    ("an object with line breaks", "{\n  \"team\": \"crew\"\n}", Some("crew")),
    ("an array of key and value", r#"[{"key":"team","value":"crew","x_type":"label"}]"#, Some("crew")),
    ("an array of Key and Value", r#"[{"Key":"team","Value":"crew"}]"#, Some("crew")),
    ("an empty object", "{}", None),
    ("an empty array", "[]", None),
    ("nothing", "", None),
    ("the word NULL", "NULL", None),
    ("the word null", "null", None),
];

/// Shapes that may be read, or not: the bill is, and what cannot be read is told.
const UNREADABLE: &[(&str, &str)] = &[
    ("pairs without braces", r#""team": "crew","env": "prod""#),
    ("a dictionary of Python", "{'team': 'crew'}"),
    ("pairs with equals signs", "team=crew;env=prod"),
    ("an object as text within text", r#""{\"team\":\"crew\"}""#),
    ("an array of pairs", r#"[["team","crew"]]"#),
    ("an object cut short", r#"{"team":"cr"#),
    ("a dash", "-"),
];

pub(super) fn cases() -> Vec<Case> {
    let bill = |tags: &str| vec![file("may.csv", may().set("Tags", tags).csv())];
    let known = SHAPES.iter().map(|&(name, tags, team)| {
        let right = Want::All(vec![right(), group("tag:team", team, MAY)]);
        case(Optional, format!("tags: {name}"), bill(tags), right)
    });
    let unknown = UNREADABLE.iter().map(|&(name, tags)| {
        let told = Want::Any(vec![group("tag:team", "crew", MAY), Want::Said(&["Tags"])]);
        case(Optional, format!("tags: {name}"), bill(tags), Want::All(vec![right(), told]))
    });
    let one = may().set("Tags", r#"{"team":"crew"}"#).set_in(7..=7, "Tags", "the crew's");
    let others = [
        case(
            Optional,
            "tags: one cell of 31 cannot be read",
            vec![file("may.csv", one.csv())],
            // 30 × 3.25.
            Want::All(vec![
                right(),
                Want::Any(vec![group("tag:team", "crew", "97.5"), group("tag:team", "crew", MAY)]),
                Want::Said(&["Tags"]),
            ]),
        ),
        case(
            Optional,
            "details of a price that are no JSON",
            vec![file("may.csv", may().set("SkuPriceDetails", "on demand").csv())],
            right(),
        ),
        case(
            Optional,
            "a consumed quantity in words",
            vec![file("may.csv", may().set("ConsumedQuantity", "a lot").csv())],
            right(),
        ),
        case(
            Optional,
            "neighbour: a cost that cannot be read is refused",
            vec![file("may.csv", may().set_in(7..=7, "EffectiveCost", "a lot").csv())],
            Want::Refused(&["row 7", "EffectiveCost", "`a lot`"]),
        ),
    ];
    known.chain(unknown).chain(others).collect()
}

#[test]
fn columns_that_no_cost_depends_on_do_not_decide_whether_a_bill_is_read() {
    hold(&cases());
}
