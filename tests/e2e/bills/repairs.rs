//! Repairs by the content of the bill, for any exporter: purchases next to their usage, refunds of
//! plans, ids that were numbers, regions and words in other spellings.
//!
//! Sources: FOCUS 1.2, `EffectiveCost` (0 for purchases that cover future usage) and
//! `PricingCategory`; microsoft/finops-toolkit, issues 836 and 1092, `Costs_transform_v1_2`;
//! pandas, "Nullable integer data type" (whole numbers with nulls become floats).

use polars::prelude::DataType;
use serde_json::Value;

use super::Kind::{Identifiers, LineTypes, ProviderGap, Small, Types, Words};
use super::make::{Sheet, cast, daily, parquet};
use super::{Case, Want, case, file, group, hold, list, total};

const PLAN: &str = "arn:plan/1";
const MAY: &[&str] = &["review", "--month", "2026-05"];
const AS_IT_IS: &[&str] = &["review", "--month", "2026-05", "--no-repair"];
const BY_REGION: &[&str] =
    &["review", "--month", "2026-05", "--top", "1000", "--group-by", "region"];

fn bill(sheet: &Sheet) -> Vec<(String, super::Content)> {
    vec![file("may.csv", sheet.csv())]
}

/// A plan of 3,650 and 31 days of usage that it pays for, 10.00 a day.
fn plan(provider: &str) -> Sheet {
    let usage = daily("2026-05", 1..=31, "10")
        .set("BilledCost", "0")
        .set("CommitmentDiscountStatus", "Used");
    let usage = usage.set("PricingCategory", "Committed");
    let purchase = daily("2026-05", 1..=1, "3650").set("ChargeCategory", "Purchase");
    let purchase = purchase.set("PricingCategory", "Standard");
    let all = purchase.then(&usage).set("ProviderName", provider).set("CommitmentDiscountId", PLAN);
    all.set("CommitmentDiscountCategory", "Usage").set("CommitmentDiscountType", "Reservation")
}

fn repaired(report: &Value, rule: &str, line_items: u64) -> bool {
    list(&report["data_quality"]["repairs"])
        .iter()
        .any(|r| r["rule"] == rule && r["line_items"] == line_items)
}

fn purchases() -> Vec<Case> {
    let mut cases = amortized();
    cases.extend(incomplete());
    cases.extend(neighbors_of_purchases());
    cases.extend(["None", "null", "nan", "-", "N/A"].map(no_commitment));
    cases.push(case(
        LineTypes,
        "neighbor: what moves a discount to its usage has no quantity, so that its ListCost of 0 is known",
        bill(&moved_discount()),
        Want::All(vec![
            total("2026-05", "46.5", "46.5"),
            Want::Holds(MAY, "nothing is repaired", |v| list(&v["data_quality"]["repairs"]).is_empty()),
        ]),
    ));
    cases
}

/// Purchases with an effective cost next to their usage, of every provider.
fn amortized() -> Vec<Case> {
    let providers = [
        "Microsoft Azure",
        "Azure",
        "microsoft",
        "AWS",
        "Google Cloud",
        "Oracle Cloud Infrastructure",
        "Harbor Cloud",
    ];
    providers
        .into_iter()
        .map(|provider| {
            let right =
                vec![total("2026-05", "3650", "310"), Want::Total(AS_IT_IS, "3650", "3960")];
            let name = format!("a plan of {provider} with an effective cost beside its usage");
            case(ProviderGap, name, bill(&plan(provider)), Want::All(right))
        })
        .collect()
}

/// Plans without a name, or without their usage.
fn incomplete() -> Vec<Case> {
    let nameless = plan("Microsoft").set_in(1..=1, "CommitmentDiscountId", "");
    let usage_alone = daily("2026-05", 1..=31, "1.5").set("ProviderName", "Microsoft");
    let bought_alone = plan("Microsoft").set_in(2..=32, "EffectiveCost", "0").then(&usage_alone);
    vec![
        case(
            ProviderGap,
            "a plan of Azure's that is not named",
            bill(&nameless),
            Want::All(vec![
                total("2026-05", "3650", "310"),
                Want::Said(&["purchase", "EffectiveCost", "3,650"]),
            ]),
        ),
        case(
            ProviderGap,
            "a plan of Azure's without its usage",
            bill(&bought_alone),
            Want::All(vec![
                total("2026-05", "3696.5", "46.5"),
                Want::NotSaid(&["in addition to the usage"]),
            ]),
        ),
    ]
}

fn neighbors_of_purchases() -> Vec<Case> {
    // The bill of someone who pays with the purchase: nothing is amortized, and nothing is there
    // twice.
    let cash = plan("AWS").set_in(2..=32, "EffectiveCost", "0");
    let other = plan("AWS").set_in(2..=32, "CommitmentDiscountId", "arn:plan/2");
    let cash_by_day = plan("Google Cloud").set_in(2..=32, "BilledCost", "10");
    vec![
        case(
            ProviderGap,
            "neighbor: a plan that is not amortized stays, and is said",
            bill(&cash),
            Want::All(vec![
                total("2026-05", "3650", "3650"),
                Want::Said(&["purchase", "not changed", "3,650"]),
            ]),
        ),
        case(
            ProviderGap,
            "neighbor: the usage is of another plan",
            bill(&other),
            Want::All(vec![
                total("2026-05", "3650", "3960"),
                Want::Said(&["purchase", "not changed", "3,650"]),
            ]),
        ),
        case(
            ProviderGap,
            "neighbor: usage that is billed by the day was not paid before",
            bill(&cash_by_day),
            total("2026-05", "3960", "3960"),
        ),
    ]
}

/// An Azure Marketplace license next to 31 days of usage; its commitment columns contain a
/// placeholder for no value.
fn no_commitment(word: &'static str) -> Case {
    let license = daily("2026-05", 2..=2, "100").set("ChargeCategory", "Purchase");
    let columns = ["CommitmentDiscountId", "CommitmentDiscountCategory", "CommitmentDiscountType"];
    let all = license.then(&daily("2026-05", 1..=31, "1.5")).set("ProviderName", "Microsoft");
    let all = columns.into_iter().fold(all, |sheet, column| sheet.set(column, word));
    let right =
        vec![total("2026-05", "146.5", "146.5"), Want::NotSaid(&["commitment", "purchase"])];
    case(
        ProviderGap,
        format!("a purchase whose commitment is `{word}` is of none"),
        bill(&all),
        Want::All(right),
    )
}

/// A discount of -1.25 that names no resource, moved to the usage by a row that takes it away and
/// one that puts it there.
fn moved_discount() -> Sheet {
    let row = |cost: &str| {
        let zero = ["BilledCost", "ListCost", "PricingQuantity"];
        let row =
            daily("2026-05", 3..=3, cost).set("ContractedCost", cost).set("PricingQuantity", "0");
        zero.into_iter().fold(row, |sheet, column| sheet.set(column, "0"))
    };
    let usage = daily("2026-05", 1..=31, "1.5").set("PricingQuantity", "24");
    usage.then(&row("1.25")).then(&row("-1.25")).set("PricingUnit", "Hours")
}

fn refunds() -> Vec<Case> {
    let paid = |sheet: Sheet| sheet.set_in(1..=1, "EffectiveCost", "0");
    let refund = daily("2026-05", 2..=2, "-3650")
        .set("ChargeCategory", "Purchase")
        .set("ChargeClass", "Correction");
    let refund = refund.set("ProviderName", "AWS");
    let returned = paid(plan("AWS")).then(&refund.clone().set("CommitmentDiscountId", PLAN));
    let discount = paid(plan("AWS")).then(&refund);
    vec![
        case(
            LineTypes,
            "a plan that is returned has no effective cost",
            bill(&returned),
            total("2026-05", "0", "310"),
        ),
        // 310 - 3,650: a negotiated discount is money back.
        case(
            LineTypes,
            "neighbor: a refund of no plan stays",
            bill(&discount),
            total("2026-05", "0", "-3340"),
        ),
    ]
}

fn words() -> Vec<Case> {
    let standard = plan("Google Cloud").set_in(1..=1, "EffectiveCost", "0").set_in(
        2..=32,
        "PricingCategory",
        "Standard",
    );
    let odd = ["None", "nan", "N/A", "-", "null", "<NA>"];
    let no_class = (1..).zip(odd).fold(daily("2026-05", 1..=31, "1.5"), |sheet, (row, word)| {
        sheet.set_in(row..=row, "ChargeClass", word)
    });
    vec![
        case(
            Words,
            "usage that a commitment paid for is committed, whoever says that it is not",
            bill(&standard),
            Want::Holds(MAY, "31 line items are repaired", |v| {
                repaired(v, "committed-pricing-category", 31)
            }),
        ),
        case(
            Words,
            "words for null in a closed list are null",
            bill(&no_class),
            // The word `null` is null without a rule.
            Want::All(vec![
                total("2026-05", "46.5", "46.5"),
                Want::Holds(MAY, "5 line items are repaired", |v| repaired(v, "null-words", 5)),
            ]),
        ),
        case(
            Words,
            "neighbor: a word that is not in the list is refused",
            bill(&daily("2026-05", 1..=31, "1.5").set_in(7..=7, "ChargeClass", "Nothing")),
            Want::Refused(&["row 7", "ChargeClass", "Nothing"]),
        ),
    ]
}

fn accounts() -> Vec<Case> {
    let number = "111122223333";
    let month = || daily("2026-05", 1..=31, "1.5");
    let as_float = |sheet: &Sheet| {
        parquet(cast(sheet.frame(), &["BillingAccountId", "SubAccountId"], &DataType::Float64))
    };
    let numbers = month().set("BillingAccountId", number).set("SubAccountId", number);
    let guid = "0A1B2C3D-1111-4222-8333-44445555AAAA";
    let in_both_cases =
        month().set("SubAccountId", guid).set_in(16..=31, "SubAccountId", &guid.to_lowercase());
    let placeholders = month().set("ProviderName", "Microsoft").set("SubAccountId", " -2");
    let placeholders = placeholders.set_in(1..=9, "SubAccountId", "UNASSIGNED");
    vec![
        case(
            Types,
            "accounts that were floats are whole numbers again",
            vec![file("may.parquet", as_float(&numbers))],
            group("account", number, "46.5"),
        ),
        case(
            Types,
            "accounts with a decimal point are whole numbers again",
            bill(&numbers.clone().set("SubAccountId", "111122223333.0")),
            group("account", number, "46.5"),
        ),
        case(
            Types,
            "accounts that lost their digits are refused",
            bill(&numbers.clone().set_in(3..=3, "SubAccountId", "1.11122E+11")),
            Want::Refused(&["row 3", "SubAccountId", "digits"]),
        ),
        case(
            Types,
            "neighbor: an account may look like a version",
            bill(&numbers.set("SubAccountId", "fleet-1.0")),
            group("account", "fleet-1.0", "46.5"),
        ),
        case(
            Identifiers,
            "a GUID in two letter cases is one account",
            bill(&in_both_cases),
            group("account", "0a1b2c3d-1111-4222-8333-44445555aaaa", "46.5"),
        ),
        case(
            Identifiers,
            "Azure's placeholders for no account, in any letter case",
            bill(&placeholders),
            group("account", None, "46.5"),
        ),
        case(
            Identifiers,
            "neighbor: an account of another provider may be called so",
            bill(&month().set("SubAccountId", "UNASSIGNED")),
            group("account", "UNASSIGNED", "46.5"),
        ),
    ]
}

fn places_and_periods() -> Vec<Case> {
    let regions = |provider: &str, spellings: &[&str]| {
        let month = daily("2026-05", 1..=31, "1.5")
            .set("ProviderName", provider)
            .set("RegionId", spellings[0]);
        (1..)
            .zip(spellings)
            .fold(month, |sheet, (row, spelling)| sheet.set_in(row..=row, "RegionId", spelling))
    };
    let one = |key: &'static str| Want::Group(BY_REGION, "region", Some(key), "46.5");
    let aws = ["us-east-1", "US-EAST-1", "us-east-1 ", "US East (N. Virginia)"];
    let from_the_fifth =
        daily("2026-05", 1..=31, "1.5").set("BillingPeriodStart", "2026-05-05T00:00:00Z");
    let of = |provider: &str| from_the_fifth.clone().set("ProviderName", provider);
    vec![
        case(
            Small,
            "a region of AWS in several spellings",
            bill(&regions("AWS", &aws)),
            one("us-east-1"),
        ),
        case(
            Small,
            "a region of Azure in several spellings",
            bill(&regions("Microsoft", &["eastus", "East US", "EastUS"])),
            one("eastus"),
        ),
        case(
            Small,
            "a region of Google's in capitals",
            bill(&regions("Google Cloud", &["us-central1", "US-CENTRAL1"])),
            one("us-central1"),
        ),
        // One of 31 days: letter case may be meaning where nothing is known.
        case(
            Small,
            "neighbor: regions of an unknown provider stay as they are",
            bill(&regions("Harbor Cloud", &["north", "North"])),
            Want::Group(BY_REGION, "region", Some("North"), "1.5"),
        ),
        case(
            Small,
            "a billing period of Azure's that starts within a month is said",
            bill(&of("Microsoft")),
            Want::Holds(MAY, "31 line items are repaired", |v| {
                repaired(v, "billing-period-start", 31)
            }),
        ),
        case(
            Small,
            "neighbor: of other providers it stays",
            bill(&of("AWS")),
            Want::All(vec![
                total("2026-05", "46.5", "46.5"),
                Want::NotSaid(&["first day of a month"]),
            ]),
        ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [purchases(), refunds(), words(), accounts(), places_and_periods()]
        .into_iter()
        .flatten()
        .collect()
}

#[test]
fn a_purchase_counts_once_whoever_exports_it() {
    hold(&purchases());
}

#[test]
fn a_returned_plan_is_no_negative_cost() {
    hold(&refunds());
}

#[test]
fn words_mean_one_thing() {
    hold(&words());
}

#[test]
fn accounts_have_one_spelling_or_are_refused() {
    hold(&accounts());
}

#[test]
fn regions_and_periods_are_as_their_provider_has_them() {
    hold(&places_and_periods());
}
