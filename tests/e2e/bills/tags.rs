//! Tags in every format, and other columns without an effect on cost: they do not prevent reading a
//! bill.
//!
//! Sources: FOCUS specification, "Key-Value Format"; Google's FOCUS view written by
//! `TO_JSON_STRING` (arrays of key and value); Azure cost details (pairs without braces); Snowflake
//! and AWS (`Key`, `Value`); pandas and `str(dict)` of Python.

use super::Kind::{Optional, Types};
use polars::prelude::*;

use super::make::{Sheet, cast, daily, parquet};
use super::{Case, Content, Want, case, file, group, hold, total};

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
    (
        "an array of key and value",
        r#"[{"key":"team","value":"crew","x_type":"label"}]"#,
        Some("crew"),
    ),
    ("an array of Key and Value", r#"[{"Key":"team","Value":"crew"}]"#, Some("crew")),
    ("an array of name and value", r#"[{"name":"team","value":"crew"}]"#, Some("crew")),
    ("an array of pairs", r#"[["team","crew"]]"#, Some("crew")),
    ("pairs without braces", r#""team": "crew","env": "prod""#, Some("crew")),
    ("pairs with equals signs", "team=crew;env=prod", Some("crew")),
    ("pairs with bars between", "team:crew|env:prod", Some("crew")),
    ("hstore of PostgreSQL", r#""team"=>"crew", "env"=>NULL"#, Some("crew")),
    ("a dictionary of Python", "{'team': 'crew'}", Some("crew")),
    ("a dictionary of Python 2", "{u'team': u'crew'}", Some("crew")),
    ("an object whose quote signs are escaped", r#"{\"team\":\"crew\"}"#, Some("crew")),
    ("an object as text within text", r#""{\"team\": \"crew\"}""#, Some("crew")),
    ("a key of AWS with a colon", "user:team=x;team=crew", Some("crew")),
    ("nothing in pandas", "NaN", None),
    ("an empty object", "{}", None),
    ("an empty array", "[]", None),
    ("nothing", "", None),
    ("the word NULL", "NULL", None),
    ("the word null", "null", None),
];

/// Forms that may or may not be readable: the bill is read, and unreadable cells are reported.
const UNREADABLE: &[(&str, &str)] = &[("an object cut short", r#"{"team":"cr"#), ("a dash", "-")];

pub(super) fn cases() -> Vec<Case> {
    let bill = |tags: &str| vec![file("may.csv", may().set("Tags", tags).csv())];
    let known = SHAPES.iter().map(|&(name, tags, team)| {
        let right = Want::All(vec![right(), group("tag:team", team, MAY)]);
        case(Optional, format!("tags: {name}"), bill(tags), right)
    });
    let unknown = UNREADABLE.iter().map(|&(name, tags)| {
        let reported = Want::Any(vec![group("tag:team", "crew", MAY), Want::Said(&["Tags"])]);
        case(Optional, format!("tags: {name}"), bill(tags), Want::All(vec![right(), reported]))
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
            "neighbor: a cost that cannot be read is refused",
            vec![file("may.csv", may().set_in(7..=7, "EffectiveCost", "a lot").csv())],
            Want::Refused(&["row 7", "EffectiveCost", "`a lot`"]),
        ),
    ];
    known
        .chain(unknown)
        .chain(others)
        .chain(of_types())
        .chain(of_bytes())
        .chain(without_value())
        .collect()
}

/// Columns of Parquet as they are.
fn with(columns: Vec<Series>) -> Vec<(String, Content)> {
    let mut frame = may().frame();
    for column in columns {
        frame.with_column(column.into_column()).expect("as many rows");
    }
    vec![file("may.parquet", parquet(frame))]
}

/// The same cell in each row.
fn lists(column: &str, one: &Series) -> Series {
    Series::new(column.into(), vec![one.clone(); 31])
}

/// Tags of types that no specification has.
fn of_types() -> Vec<Case> {
    let pairs = |value: Series| {
        let key = Series::new("key".into(), ["team"]).into_column();
        let pair = DataFrame::new(1, vec![key, value.with_name("value".into()).into_column()])
            .expect("a pair");
        lists("Tags", &pair.into_struct("pair".into()).into_series())
    };
    let word = Series::new("v".into(), ["crew"]);
    let within = DataFrame::new(1, vec![word.clone().into_column()])
        .expect("a field")
        .into_struct("v".into())
        .into_series();
    let read = |name, tags, team: &'static str| {
        case(Types, name, with(vec![tags]), Want::All(vec![right(), group("tag:team", team, MAY)]))
    };
    let two = Series::new("".into(), ["team", "crew"]);
    vec![
        read(
            "tags: a list of texts",
            lists("Tags", &Series::new("".into(), ["team=crew"])),
            "crew",
        ),
        read("tags: a list of lists", lists("Tags", &Series::new("".into(), [two])), "crew"),
        read("tags: a map to structures", pairs(within), r#"{"v":"crew"}"#),
        read("tags: a map to lists", pairs(Series::new("v".into(), [word])), r#"["crew"]"#),
        case(
            Types,
            "tags: a list of numbers",
            with(vec![lists("Tags", &Series::new("".into(), [1_i64]))]),
            Want::All(vec![
                right(),
                group("tag:team", None, MAY),
                Want::Said(&["31 cells in column Tags", "`[1]`"]),
            ]),
        ),
        case(
            Types,
            "a region that is a list",
            with(vec![lists("RegionId", &Series::new("".into(), ["north"]))]),
            right(),
        ),
    ]
}

/// Bytes that are no UTF-8: `\xff` is in no text of it.
fn of_bytes() -> Vec<Case> {
    let bytes =
        |column: &str, cell: &'static [u8]| with(vec![Series::new(column.into(), vec![cell; 31])]);
    let csv = |column: &str| {
        let text = may().set(column, "b?d").csv();
        let broken = text.bytes().map(|b| if b == b'?' { 0xff } else { b }).collect::<Vec<u8>>();
        vec![file("may.csv", broken)]
    };
    let untagged = || {
        Want::All(vec![
            right(),
            group("tag:team", None, MAY),
            Want::Said(&["31 cells in column Tags"]),
        ])
    };
    vec![
        case(
            Types,
            "tags as bytes",
            bytes("Tags", br#"{"team":"crew"}"#),
            Want::All(vec![right(), group("tag:team", "crew", MAY)]),
        ),
        case(
            Types,
            "tags as bytes that are no UTF-8",
            bytes("Tags", b"{\"team\":\"\xff\"}"),
            untagged(),
        ),
        case(Types, "tags in CSV that are no UTF-8", csv("Tags"), untagged()),
        case(
            Types,
            "a region as bytes that are no UTF-8",
            bytes("RegionId", b"S\xe3o Paulo"),
            Want::All(vec![right(), Want::Said(&["31 cells in column RegionId", "null"])]),
        ),
        case(
            Types,
            "a service as bytes in Latin-1",
            bytes("ServiceName", b"caf\xe9"),
            Want::Refused(&["row 1", "ServiceName", "not UTF-8", "write the column"]),
        ),
        case(
            Types,
            "a service in CSV in Latin-1",
            csv("ServiceName"),
            Want::Refused(&["row 1", "ServiceName", "not UTF-8; save the file as UTF-8"]),
        ),
    ]
}

/// What pandas, Polars, Spark and Python write for no value.
fn without_value() -> Vec<Case> {
    let floats = |columns: &[&str]| {
        let none = columns.iter().fold(may(), |sheet, column| sheet.set(column, "NaN"));
        vec![file("may.parquet", parquet(cast(none.frame(), columns, &DataType::Float64)))]
    };
    let read = |name: &str, files| {
        case(
            Optional,
            name,
            files,
            Want::All(vec![
                right(),
                Want::Said(&["31 cells in column ListCost", "`NaN`|`None`", "null"]),
            ]),
        )
    };
    vec![
        read("list costs of NaN", floats(&["ListCost", "ContractedCost"])),
        read("list costs of NaN in CSV", vec![file("may.csv", may().set("ListCost", "NaN").csv())]),
        read(
            "list costs of None in CSV",
            vec![file("may.csv", may().set("ListCost", "None").csv())],
        ),
        case(
            Optional,
            "neighbor: a billed cost of NaN is refused",
            floats(&["BilledCost"]),
            Want::Refused(&["row 1", "BilledCost", "`NaN`"]),
        ),
        case(
            Optional,
            "neighbor: a list cost in words is refused",
            vec![file("may.csv", may().set_in(7..=7, "ListCost", "a lot").csv())],
            Want::Refused(&["row 7", "ListCost", "`a lot`"]),
        ),
    ]
}

#[test]
fn columns_that_no_cost_depends_on_do_not_decide_whether_a_bill_is_read() {
    hold(&cases());
}
