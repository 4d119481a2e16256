//! List of rules across rows. A new rule is an entry here.
//!
//! Not included are checks that no MUST requires or that a bill alone cannot prove: rounding
//! remainders on unused commitments, an account with two names, and an account in two currencies
//! (its invoices may be from several issuers).

use polars::prelude::*;
use rust_decimal::Decimal;

use super::super::names::{ROW, exact_name};
use super::super::rules::{Versions, is};
use super::rule::{Broken, CrossRule, Fold, Group, Number};
use crate::focus::columns::Version::V1_2;
use crate::money::SCALE;

/// All rules across rows.
pub(super) const RULES: &[CrossRule] = &[
    // EffectiveCost, 1.0 to 1.4: "EffectiveCost MUST be 0 when ChargeCategory is "Purchase" and the
    // purchase is intended to cover future eligible charges". That it is, the usage under its id
    // shows.
    CrossRule {
        id: "commitment-counted-once",
        requirement: "EffectiveCost of a Purchase is 0 if Usage with the same CommitmentDiscountId has the cost",
        versions: Versions::ALL,
        columns: &["CommitmentDiscountId", "ChargeCategory", "EffectiveCost"],
        key: &["CommitmentDiscountId"],
        values: None,
        numbers: || {
            let costs = || col("EffectiveCost").neq(lit(0.0));
            let charged = || is("ChargeCategory", "Purchase").and(costs());
            vec![
                count("charged", charged()),
                count("carried", is("ChargeCategory", "Usage").and(costs())),
                sum("cost", "EffectiveCost", charged()),
                first(charged()),
            ]
        },
        judge: |group| {
            let twice = group.total("charged") > 0 && group.total("carried") > 0;
            let values = || {
                vec![
                    text("CommitmentDiscountId", group.key.first()),
                    amount("EffectiveCost", group, "cost"),
                ]
            };
            twice.then(|| Broken { violations: group.total("charged"), values: values() })
        },
    },
    // EffectiveCost, 1.2 to 1.4, of the charges of a CommitmentDiscountId: "The sum of
    // EffectiveCost where ChargeCategory is "Usage" MUST equal the sum of BilledCost where
    // ChargeCategory is "Purchase"". Of a part of the term a bill shows this if the charge periods
    // of purchases and usage are the same; and it shows what is lost, not what is too much: that
    // may be the share of an upfront payment before the bill begins.
    CrossRule {
        id: "commitment-spread-whole",
        requirement: "the BilledCost of a commitment's recurring Purchase is in the EffectiveCost of its Used and Unused Usage",
        versions: Versions::from(V1_2),
        columns: &[
            "CommitmentDiscountId",
            "BillingPeriodStart",
            "BillingCurrency",
            "ChargeCategory",
            "ChargeClass",
            "ChargeFrequency",
            "ChargePeriodStart",
            "ChargePeriodEnd",
            "CommitmentDiscountStatus",
            "BilledCost",
            "EffectiveCost",
        ],
        key: &["CommitmentDiscountId", "BillingPeriodStart", "BillingCurrency"],
        values: None,
        numbers: || {
            let bought =
                || is("ChargeCategory", "Purchase").and(is("ChargeFrequency", "Recurring"));
            let status = |s: &str| is("CommitmentDiscountStatus", s);
            let used = || is("ChargeCategory", "Usage").and(status("Used").or(status("Unused")));
            let unknown = |name: &str, rows: Expr| rows.and(col(exact_name(name)).is_null());
            vec![
                count("purchases", bought()),
                count("corrections", is("ChargeClass", "Correction")),
                count(
                    "unknown",
                    unknown("BilledCost", bought()).or(unknown("EffectiveCost", used())),
                ),
                sum("billed", "BilledCost", bought()),
                sum("spread", "EffectiveCost", used()),
                number("bought from", Fold::Least, only(bought(), "ChargePeriodStart").min()),
                number("bought to", Fold::Most, only(bought(), "ChargePeriodEnd").max()),
                number("used from", Fold::Least, only(used(), "ChargePeriodStart").min()),
                number("used to", Fold::Most, only(used(), "ChargePeriodEnd").max()),
                first(bought()),
            ]
        },
        judge: |group| {
            let values = || {
                let start = group
                    .key
                    .get(1)
                    .and_then(|us| us.parse().ok())
                    .and_then(chrono::DateTime::from_timestamp_micros);
                vec![
                    text("CommitmentDiscountId", group.key.first()),
                    (
                        "BillingPeriodStart".into(),
                        start.map(|s| s.format("%Y-%m-%dT%H:%M:%SZ").to_string()),
                    ),
                    amount("BilledCost", group, "billed"),
                    amount("EffectiveCost", group, "spread"),
                ]
            };
            loses(group)?.then(|| Broken { violations: 1, values: values() })
        },
    },
    // BillingCurrency, 1.0 to 1.4: "BillingCurrency MUST match the currency used in the invoice
    // generated by the invoice issuer".
    CrossRule {
        id: "invoice-currency",
        requirement: "BillingCurrency matches the invoice: one currency per InvoiceId of an issuer",
        versions: Versions::ALL,
        columns: &["InvoiceIssuerName", "InvoiceId", "BillingCurrency"],
        key: &["InvoiceIssuerName", "InvoiceId"],
        values: Some("BillingCurrency"),
        numbers: || vec![first(col("BillingCurrency").is_not_null())],
        judge: |group| {
            let currencies =
                || group.values.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            let values = || {
                vec![
                    text("InvoiceIssuerName", group.key.first()),
                    text("InvoiceId", group.key.get(1)),
                    ("BillingCurrency".into(), Some(currencies())),
                ]
            };
            (group.values.len() > 1).then(|| Broken { violations: 1, values: values() })
        },
    },
];

/// Share of what was billed that may be missing if each purchase is for a day at most, parts of 10
/// 000: exports round. Chosen.
const ROUNDED: i128 = 1;
/// The same for longer periods: equal installments for months, spread over the hours of a term, are
/// off by the length of a month, 1 − 28/31 = 9.7 % at most.
const MONTHS: i128 = 968;
/// Amount that may be missing: a cent, in 10⁻¹² units. Fees are billed in cents, usage is not.
/// Chosen.
const CENT: i128 = 10_000_000_000;
/// A day in microseconds.
const DAY: i128 = 86_400_000_000;

/// Whether less is spread over usage than was billed; `None` if the rows do not show all that the
/// purchases are for.
fn loses(group: &Group) -> Option<bool> {
    let (from, to) = (group.known("bought from")?, group.known("bought to")?);
    let same = group.known("used from")? == from && group.known("used to")? == to;
    if !same || group.total("corrections") > 0 || group.total("unknown") > 0 {
        return None;
    }
    let (billed, spread) = (group.total("billed"), group.total("spread"));
    let share = if to - from > DAY * group.total("purchases") { MONTHS } else { ROUNDED };
    let missing = billed.checked_sub(spread)?;
    Some(missing > billed.abs().checked_mul(share)? / 10_000 + CENT)
}

fn number(name: &'static str, fold: Fold, of: Expr) -> Number {
    Number { name, fold, of }
}

fn count(name: &'static str, rows: Expr) -> Number {
    number(name, Fold::Sum, rows.fill_null(lit(false)).cast(DataType::Int64).sum())
}

fn sum(name: &'static str, column: &str, rows: Expr) -> Number {
    number(name, Fold::Sum, only(rows, &exact_name(column)).sum())
}

/// The first of the rows, shown as the example.
fn first(rows: Expr) -> Number {
    number("row", Fold::First, only(rows, ROW).min())
}

/// A column in these rows, null in others.
fn only(rows: Expr, column: &str) -> Expr {
    when(rows).then(col(column)).otherwise(lit(NULL))
}

fn text(column: &str, value: Option<&String>) -> (String, Option<String>) {
    (column.to_owned(), value.cloned())
}

fn amount(column: &str, group: &Group, name: &str) -> (String, Option<String>) {
    let value = Decimal::try_from_i128_with_scale(group.total(name), SCALE).ok();
    (column.to_owned(), value.map(|v| v.normalize().to_string()))
}
