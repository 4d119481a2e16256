//! Other spellings: closed lists in other letter case, columns with other names.
//!
//! Sources: Google's FOCUS view of 2024 as FairwindsOps/insights-plugins has it (`usage`, `tax`,
//! `correction`); column lists of FOCUS 1.0-preview and of Oracle's reports; FOCUS specification,
//! "Display Name" of each column (`Billed Cost`) and 1.3 and 1.4, column ids; Snowflake and
//! `BigQuery`, which spell columns in one letter case.

use rust_decimal::Decimal;

use super::Kind::{ColumnNames, Words};
use super::make::{Sheet, daily};
use super::{Case, Want, case, file, hold, list, number, read_or_refused, total};

/// 31 days of 3.25.
const MAY: &str = "100.75";

fn may() -> Sheet {
    daily("2026-05", 1..=31, "3.25")
}

fn right() -> Want {
    total("2026-05", MAY, MAY)
}

/// 31 days of usage, of which the second last row is a tax of 2.00 and the last a correction of
/// -0.25: 29 × 3.25 + 2.00 - 0.25 = 96.00.
fn with_tax_and_correction(spell: fn(&str) -> String) -> String {
    let costs = ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost"];
    let mut sheet =
        may().set("ChargeCategory", &spell("Usage")).set("PricingCategory", &spell("Standard"));
    for cost in costs {
        sheet = sheet.set_in(30..=30, cost, "2.00").set_in(31..=31, cost, "-0.25");
    }
    let sheet = sheet.set_in(30..=30, "ChargeCategory", &spell("Tax")).set_in(
        30..=30,
        "PricingCategory",
        "",
    );
    sheet.set_in(31..=31, "ChargeClass", &spell("Correction")).csv()
}

/// Total, and the parts by category.
fn parts_are_right() -> Want {
    Want::All(vec![
        total("2026-05", "96", "96"),
        Want::Holds(&["review", "--month", "2026-05"], "taxes are 2", |v| {
            category(v, "Taxes") == Some("2")
        }),
        Want::Holds(&["review", "--month", "2026-05"], "corrections are -0.25", |v| {
            category(v, "Refunds") == Some("-0.25")
        }),
    ])
}

fn category<'a>(review: &'a serde_json::Value, name: &str) -> Option<&'a str> {
    let one = list(&review["totals"]["categories"])
        .iter()
        .find(|c| c["category"].as_str().is_some_and(|c| c.starts_with(name)))?;
    one["billed"]["this_month"]["amount"].as_str()
}

fn words() -> Vec<Case> {
    [in_other_letter_case(), unknown_words()].into_iter().flatten().collect()
}

fn in_other_letter_case() -> Vec<Case> {
    let bill = |spell: fn(&str) -> String| vec![file("may.csv", with_tax_and_correction(spell))];
    vec![
        case(
            Words,
            "categories as the specification has them",
            bill(str::to_owned),
            parts_are_right(),
        ),
        case(Words, "categories in small letters", bill(str::to_lowercase), parts_are_right()),
        case(Words, "categories in capitals", bill(str::to_uppercase), parts_are_right()),
        case(
            Words,
            "validate stays literal",
            bill(str::to_lowercase),
            Want::Finds(&["ChargeCategory", "usage"]),
        ),
        case(
            Words,
            "a status of commitments in small letters",
            vec![file("may.csv", half_used(&["used", "unused"]).csv())],
            Want::Holds(&["commitments", "--month", "2026-05"], "half is used", |v| {
                number(&v["owned"][0]["utilization_pct"]) == Some(Decimal::from(50))
            }),
        ),
        case(
            Words,
            "neighbor: services in two letter cases are two",
            two_services(),
            Want::Holds(&["review", "--month", "2026-05"], "there are two", |v| {
                let services = list(&v["groups"]).iter().find(|t| t["dimension"] == "service");
                services.is_some_and(|t| list(&t["rows"]).len() == 2)
            }),
        ),
    ]
}

fn unknown_words() -> Vec<Case> {
    let haggled =
        may().set("PricingCategory", "Standard").set_in(9..=9, "PricingCategory", "Haggled");
    vec![
        case(
            Words,
            "blanks around a category",
            vec![file("may.csv", may().set("ChargeCategory", " Usage ").csv())],
            read_or_refused(MAY, &["ChargeCategory"]),
        ),
        case(
            Words,
            "a category that nobody knows",
            vec![file("may.csv", may().set_in(9..=9, "ChargeCategory", "Consumption").csv())],
            Want::Refused(&["row 9", "ChargeCategory", "`Consumption`"]),
        ),
        case(
            Words,
            "a pricing category that nobody knows",
            vec![file("may.csv", haggled.csv())],
            Want::Any(vec![
                Want::Refused(&["PricingCategory", "Haggled"]),
                Want::Said(&["PricingCategory", "Haggled"]),
            ]),
        ),
    ]
}

fn two_services() -> Vec<(String, super::Content)> {
    vec![file("may.csv", may().set_in(1..=9, "ServiceName", "compute").csv())]
}

/// A commitment of 3.25 a day, used on 15 days and unused on 15; the 31st day is usage on demand.
fn half_used(status: &[&str; 2]) -> Sheet {
    let sheet =
        may().set("CommitmentDiscountId", "").set_in(1..=30, "CommitmentDiscountId", "commit-7");
    let sheet = sheet.set_in(1..=30, "CommitmentDiscountCategory", "usage").set_in(
        1..=30,
        "CommitmentDiscountType",
        "Reservation",
    );
    let sheet =
        sheet.set("PricingCategory", "standard").set_in(1..=30, "PricingCategory", "committed");
    sheet.set_in(1..=15, "CommitmentDiscountStatus", status[0]).set_in(
        16..=30,
        "CommitmentDiscountStatus",
        status[1],
    )
}

/// `BilledCost` as `billed_cost`.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for (at, c) in name.char_indices() {
        if at > 0 && c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// `BillingAccountId` as `Billing Account ID`.
fn displayed(name: &str) -> String {
    snake(name)
        .split('_')
        .map(|word| {
            let (first, rest) = word.split_at(1);
            if word == "id" { "ID".to_owned() } else { first.to_uppercase() + rest }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

fn names() -> Vec<Case> {
    [spelled_otherwise(), of_other_versions(), more_and_fewer()].into_iter().flatten().collect()
}

fn spelled_otherwise() -> Vec<Case> {
    let spelled = |name, spell: fn(&str) -> String| {
        case(ColumnNames, name, vec![file("may.csv", may().spelled(spell).csv())], right())
    };
    vec![
        spelled("columns in snake case", snake),
        spelled("columns in snake case and capitals, as Snowflake has them", |name| {
            snake(name).to_uppercase()
        }),
        spelled("columns in small letters, as Hive has them", str::to_lowercase),
        spelled("columns that begin with a small letter", |name| {
            name[..1].to_lowercase() + &name[1..]
        }),
        spelled("columns by their display names", displayed),
        spelled("columns with blanks around their names", |name| format!(" {name} ")),
    ]
}

/// As FOCUS 1.0-preview has it.
fn preview() -> Sheet {
    may()
        .rename(&[("ProviderName", "Provider"), ("RegionId", "Region")])
        .without(&["ContractedCost"])
        .set("Publisher", "Harbor Cloud")
        .set("InvoiceIssuer", "Harbor Cloud Ltd.")
        .set("UsageQuantity", "24")
        .set("UsageUnit", "Hours")
        .set("ChargeSubcategory", "On-Demand")
}

/// Columns that FOCUS 1.3 has more.
const NEWEST: [&str; 5] = [
    "AllocatedMethodId",
    "AllocatedMethodDetails",
    "AllocatedResourceId",
    "AllocatedResourceName",
    "AllocatedTags",
];

fn of_other_versions() -> Vec<Case> {
    let renamed = may().rename(&[("ProviderName", "ServiceProviderName")]);
    let newest = NEWEST
        .iter()
        .fold(renamed.clone().set("HostProviderName", "Harbor Cloud"), |sheet, name| {
            sheet.set(name, "")
        });
    vec![
        case(
            ColumnNames,
            "the names of FOCUS 1.0-preview, and no ContractedCost",
            vec![file("may.csv", preview().csv())],
            read_or_refused(MAY, &["preview"]),
        ),
        case(
            ColumnNames,
            "the provider's name of FOCUS 1.3",
            vec![file("may.csv", renamed.csv())],
            right(),
        ),
        case(
            ColumnNames,
            "columns of FOCUS 1.3 are no columns of a vendor",
            vec![file("may.csv", newest.csv())],
            Want::Holds(&["validate"], "AllocatedMethodId is known", |v| {
                !v["headers"].to_string().contains("AllocatedMethodId")
            }),
        ),
    ]
}

fn more_and_fewer() -> Vec<Case> {
    vec![
        case(
            ColumnNames,
            "one column under two spellings",
            vec![file("may.csv", may().set("billed_cost", "9").csv())],
            Want::Refused(&["BilledCost", "billed_cost"]),
        ),
        case(
            ColumnNames,
            "without list prices it is said what rests on them",
            vec![file("may.csv", may().without(&["ListCost"]).csv())],
            Want::All(vec![right(), Want::Said(&["ListCost"])]),
        ),
        case(
            ColumnNames,
            "neighbor: columns of a vendor's own",
            vec![file("may.csv", may().set("x_BilledCost", "9").set("x_cost", "n/a").csv())],
            right(),
        ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [words(), names()].into_iter().flatten().collect()
}

#[test]
fn words_of_closed_lists_mean_the_same_in_every_letter_case() {
    hold(&words());
}

#[test]
fn columns_are_known_by_every_name_that_can_mean_them_only() {
    hold(&names());
}
