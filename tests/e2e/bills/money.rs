//! Amounts, currencies, total rows, changed names, and quotation marks.
//!
//! Sources: Teevity/ice issue 143 (summary lines were counted again); microsoft/finops-toolkit
//! issues 2093 (two billing currencies) and 1455 (an account that was renamed shows twice); AWS and
//! Oracle exports (`6.123E-7`, 18 places); RFC 4180 and the exports that do not keep to it.

use serde_json::Value;

use super::Kind::{Content, Small};
use super::make::{Sheet, daily};
use super::{Case, Want, case, file, group, hold, read_or_refused, total};

/// 31 days of 3.25.
const MAY: &str = "100.75";

fn may() -> Sheet {
    daily("2026-05", 1..=31, "3.25")
}

/// A refusal that names the row after the 31 charges.
const ROW_32: &[&str] = &["row 32"];

fn sums_among_rows() -> Vec<Case> {
    // The columns of a row of sums: cost, cost, and blanks.
    let sums = |first: &str| {
        let sum = daily("2026-05", 1..=1, MAY);
        let blank = [
            "BillingPeriodStart",
            "BillingPeriodEnd",
            "ChargePeriodStart",
            "ChargePeriodEnd",
            "ChargeCategory",
            "ServiceName",
        ];
        let sum = blank.iter().fold(sum, |sum, column| sum.set(column, ""));
        vec![file("may.csv", may().then(&sum.set("BillingAccountId", first)).csv())]
    };
    let in_words = may().then(&daily("2026-05", 1..=1, MAY).set("BilledCost", "Total"));
    vec![
        case(Small, "a row of sums at the end", sums("Total"), read_or_refused(MAY, ROW_32)),
        case(Small, "a row of sums without a word", sums(""), read_or_refused(MAY, ROW_32)),
        case(
            Small,
            "a row of sums whose first cell is a word",
            vec![file("may.csv", in_words.csv())],
            read_or_refused(MAY, ROW_32),
        ),
        case(
            Small,
            "a last line for people",
            vec![file(
                "may.csv",
                format!("{}\nExported on 2 June 2026 by the harbor office\n", may().csv()),
            )],
            read_or_refused(MAY, &["row 32|row 33|blank|empty"]),
        ),
    ]
}

/// How a number can be written, and what it is at 12 places, half to even.
const NUMBERS: &[(&str, &str)] = &[
    ("3.25", "3.25"),
    ("  3.25 ", "3.25"),
    ("+3.25", "3.25"),
    ("3.250000000000000000", "3.25"),
    ("325E-2", "3.25"),
    ("0.325e1", "3.25"),
    (".5", "0.5"),
    ("5.", "5"),
    ("-0.0", "0"),
    ("0E-18", "0"),
    ("6.123E-7", "0.0000006123"),
    ("0.0833333333333333", "0.083333333333"),
    ("0.0000000000005", "0"),
    ("0.0000000000015", "0.000000000002"),
    ("123456789012.123456789012", "123456789012.123456789012"),
];

/// Spellings that can mean two things: the row, the column and the cell are named.
const AMBIGUOUS: &[(&str, &[&str])] = &[
    ("(3.25)", &["row 5", "BilledCost", "`(3.25)`"]),
    ("3,25", &["row 5", "BilledCost", "`3,25`"]),
    ("1,003.25", &["row 5", "BilledCost", "`1,003.25`"]),
    ("1 003.25", &["row 5", "BilledCost", "`1 003.25`"]),
    ("€3.25", &["row 5", "BilledCost", "`€3.25`"]),
    ("3.25 USD", &["row 5", "BilledCost", "`3.25 USD`"]),
    ("3.25-", &["row 5", "BilledCost", "`3.25-`"]),
    ("\u{2212}3.25", &["row 5", "BilledCost", "`\u{2212}3.25`"]),
    ("#N/A", &["row 5", "BilledCost", "`#N/A`"]),
    ("0x10", &["row 5", "BilledCost", "`0x10`"]),
];

fn numbers() -> Vec<Case> {
    let one = |cost: &str| {
        daily("2026-05", 1..=1, "1").set("BilledCost", cost).set("EffectiveCost", cost)
    };
    let read = NUMBERS.iter().map(|&(cell, amount)| {
        case(
            Small,
            format!("a cost written `{cell}`"),
            vec![file("may.csv", one(cell).csv())],
            total("2026-05", amount, amount),
        )
    });
    let refused = AMBIGUOUS.iter().map(|&(cell, words)| {
        let bill = may().set_in(5..=5, "BilledCost", cell);
        case(
            Small,
            format!("a cost written `{cell}`"),
            vec![file("may.csv", bill.csv())],
            Want::Refused(words),
        )
    });
    read.chain(refused).collect()
}

fn currencies() -> Vec<Case> {
    // 31 × 3.25 USD, 31 × 2.50 EUR = 77.50 EUR.
    let both = || {
        let euros = daily("2026-05", 1..=31, "2.50")
            .set("BillingCurrency", "EUR")
            .set("BillingAccountId", "quay-2");
        vec![file("harbor.csv", may().csv()), file("quay.csv", euros.csv())]
    };
    let in_currency = |args, amount| Want::Total(args, amount, amount);
    let yen = may().set("BillingCurrency", "JPY");
    vec![
        case(
            Small,
            "two currencies: never added, each can be looked at",
            both(),
            Want::All(vec![
                in_currency(&["review", "--month", "2026-05", "--currency", "USD"], MAY),
                in_currency(&["review", "--month", "2026-05", "--currency", "EUR"], "77.5"),
            ]),
        ),
        case(
            Small,
            "two currencies: without a choice both are shown",
            both(),
            Want::Holds(
                &["review", "--month", "2026-05"],
                "31 × 2.50 EUR and 31 × 3.25 USD",
                |review| {
                    let billed =
                        |at: usize| &review["currencies"][at]["totals"]["billed"]["this_month"];
                    let is = |at, amount, currency| {
                        billed(at)["amount"] == amount && billed(at)["currency"] == currency
                    };
                    is(0, "77.5", "EUR") && is(1, MAY, "USD")
                },
            ),
        ),
        case(
            Small,
            "a currency without a minor unit",
            vec![file("may.csv", yen.csv())],
            total("2026-05", MAY, MAY),
        ),
        case(
            Small,
            "a word for a currency",
            vec![file("may.csv", may().set_in(5..=5, "BillingCurrency", "Dollar").csv())],
            Want::Refused(&["row 5", "BillingCurrency", "Dollar"]),
        ),
    ]
}

/// An account that was renamed on the 16th shows once, under its newest name, wherever that comes
/// in the alphabet.
fn renamed() -> Vec<Case> {
    let bill = |old: &str, new: &str| {
        let sheet = may().set("SubAccountName", old).set_in(16..=31, "SubAccountName", new);
        vec![file("may.csv", sheet.csv())]
    };
    let named = |holds: fn(&Value) -> bool| {
        let review = &["review", "--month", "2026-05", "--group-by", "account"];
        Want::All(vec![
            group("account", "ferry", MAY),
            Want::Holds(review, "the newest name is shown", holds),
        ])
    };
    vec![
        case(
            Small,
            "renamed to a later name",
            bill("anchor", "zenith"),
            named(|v| v["groups"][0]["rows"][0]["name"] == "zenith"),
        ),
        case(
            Small,
            "renamed to an earlier name",
            bill("zenith", "anchor"),
            named(|v| v["groups"][0]["rows"][0]["name"] == "anchor"),
        ),
    ]
}

/// 1,000 charges of 0.25: 250.00. The last cell of these rows holds a quote sign that nothing
/// quotes, an inch.
fn with_quotes(rows: &[usize]) -> String {
    let header = "BilledCost,EffectiveCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ChargeCategory,BillingAccountId,\
                  ProviderName,ServiceName,ChargeDescription";
    let row = |at: usize| {
        let text = if rows.contains(&at) { "a disk of 3.5\" width" } else { "a disk" };
        format!(
            "0.25,0.25,USD,2026-05-01,2026-05-{:02},Usage,harbor-1,Harbor Cloud,Storage,{text}\n",
            at % 31 + 1
        )
    };
    format!("{header}\n{}", (1..=1000).map(row).collect::<String>())
}

fn quotes() -> Vec<Case> {
    let complete = |words: &'static [&'static str]| read_or_refused("250", words);
    let bill = |rows: &[usize]| vec![file("may.csv", with_quotes(rows))];
    let lines = may().set("ChargeDescription", "two lines,\r\nof \"which\" one\nis empty\n\n");
    vec![
        case(Content, "neighbor: no quote sign", bill(&[]), total("2026-05", "250", "250")),
        case(
            Content,
            "a quote sign in rows 10 and 990 of 1,000",
            bill(&[10, 990]),
            complete(&["row 10"]),
        ),
        case(Content, "a quote sign in rows 10 and 11", bill(&[10, 11]), complete(&["row 10"])),
        case(Content, "a quote sign in one row", bill(&[500]), complete(&["row 500"])),
        case(
            Content,
            "a quote sign in the last row",
            bill(&[1000]),
            complete(&["row 1000|row 1,000"]),
        ),
        case(
            Content,
            "a quote sign in every row",
            bill(&(1..=1000).collect::<Vec<_>>()),
            complete(&["row 1"]),
        ),
        case(
            Content,
            "neighbor: lines and quotes in quoted cells",
            vec![file("may.csv", lines.csv())],
            total("2026-05", MAY, MAY),
        ),
        case(
            Content,
            "neighbor: the row is the right one after cells of several lines",
            vec![file("may.csv", lines.set_in(20..=20, "BilledCost", "much").csv())],
            Want::Refused(&["row 20", "BilledCost", "`much`"]),
        ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [sums_among_rows(), numbers(), currencies(), renamed(), quotes()]
        .into_iter()
        .flatten()
        .collect()
}

#[test]
fn sums_among_the_rows_are_not_counted() {
    hold(&sums_among_rows());
}

#[test]
fn numbers_are_exact_or_refused_by_their_cell() {
    hold(&numbers());
}

#[test]
fn currencies_are_never_added() {
    hold(&currencies());
}

#[test]
fn the_newest_name_counts() {
    hold(&renamed());
}

#[test]
fn quote_signs_lose_no_rows() {
    hold(&quotes());
}
