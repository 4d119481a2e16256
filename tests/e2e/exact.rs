//! Exact amounts: compared with Python's `decimal` over the raw text, and equal in every output
//! format.

use std::process::Command;

use rust_decimal::Decimal;
use serde_json::Value;

use crate::support::{DEMO, SAMPLE, json, root, stdout};

/// Σ of a cost column per billing period, currency and invoice issuer, by Python over the text of
/// the file.
const PYTHON: &str = "
import csv, decimal, collections, sys
decimal.getcontext().prec = 60
sums = collections.defaultdict(decimal.Decimal)
for row in csv.DictReader(open(sys.argv[1], newline='')):
    key = (row['BillingPeriodStart'][:10], row['BillingCurrency'], row['InvoiceIssuerName'])
    sums[key] += decimal.Decimal(row['BilledCost'])
for key, total in sorted(sums.items()):
    print('\\t'.join([*key, format(total.normalize(), 'f')]))
";

#[test]
fn billed_cost_of_the_real_sample_is_the_sum_of_its_text() {
    let output = Command::new("python3").args(["-c", PYTHON, SAMPLE]).current_dir(root()).output();
    let output = output.expect("python3 is there: README, \"Run the tests\"");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let expected: Vec<Vec<&str>> = text.lines().map(|l| l.split('\t').collect()).collect();
    assert_eq!(expected.len(), 6, "five issuers, and two billing periods of one of them");

    let review = json(&["review", SAMPLE]);
    let invoices = review["invoices"].as_array().expect("invoices");
    let ours: Vec<Vec<&str>> = invoices
        .iter()
        .map(|i| {
            let text = |v: &'static str| i.pointer(v).and_then(Value::as_str).unwrap_or("");
            vec![
                text("/billing_period"),
                text("/billed/currency"),
                text("/invoice_issuer"),
                text("/billed/amount"),
            ]
        })
        .collect();
    assert_eq!(ours, expected);
}

fn decimal(value: &Value) -> Decimal {
    value.as_str().expect("an amount is text").parse().expect("an amount is a decimal")
}

#[test]
fn every_format_says_the_same() {
    for estate in [SAMPLE, DEMO] {
        let review = json(&["review", estate]);
        let csv = stdout(&["review", estate, "--format", "csv"]);
        let table = stdout(&["review", estate, "--width", "120"]);
        let total = &review["totals"]["billed"]["this_month"]["amount"];
        let exact = total.as_str().expect("text");
        assert!(csv.contains(&format!("total,all charges,,BilledCost,{exact},")), "{exact}\n{csv}");
        let cents = decimal(total)
            .round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
        let billed = table
            .lines()
            .find(|l| l.starts_with("Billed (invoice)"))
            .expect("the total is in the table");
        assert!(billed.replace(',', "").contains(&format!(" {cents:.2} ")), "{billed} has {cents}");
        for invoice in review["invoices"].as_array().expect("invoices") {
            let exact = invoice["billed"]["amount"].as_str().expect("text");
            assert!(csv.contains(&format!(",BilledCost,{exact},")), "{exact}");
        }
    }
}

#[test]
fn parts_add_up_to_the_totals() {
    for estate in [SAMPLE, DEMO] {
        let review = json(&["review", estate]);
        for measure in ["billed", "effective"] {
            let total = decimal(&review["totals"][measure]["this_month"]["amount"]);
            let kinds = review["totals"]["categories"].as_array().expect("categories");
            let sum: Decimal =
                kinds.iter().map(|c| decimal(&c[measure]["this_month"]["amount"])).sum();
            assert_eq!(sum, total, "{estate} {measure}");
        }
        let effective = decimal(&review["totals"]["effective"]["this_month"]["amount"]);
        for group in review["groups"].as_array().expect("groups") {
            let rows = group["rows"]
                .as_array()
                .expect("rows")
                .iter()
                .chain(group.get("others").filter(|o| !o.is_null()));
            let sum: Decimal = rows.map(|r| decimal(&r["effective"]["this_month"]["amount"])).sum();
            assert_eq!(sum, effective, "{estate} {}", group["dimension"]);
        }
        for mover in review["movers"].as_array().expect("movers") {
            let parts = [
                "price",
                "usage",
                "new",
                "gone",
                "unsplit",
                "days",
                "mix",
                "coverage",
                "unused_commitments",
            ];
            let sum: Decimal = parts.iter().map(|p| decimal(&mover[p]["amount"])).sum();
            assert_eq!(sum, decimal(&mover["change"]["amount"]), "{mover}");
        }
    }
}

#[test]
fn commitments_amortize_to_what_was_paid() {
    // The growth plan has no upfront: what usage and waste are charged for it is what it was
    // invoiced for.
    use polars::prelude::*;
    let path =
        PlRefPath::new(root().join(DEMO).join("billing/*/*.parquet").to_string_lossy().as_ref());
    let frame = LazyFrame::scan_parquet(path, ScanArgsParquet::default())
        .expect("the demo is there")
        .filter(col("CommitmentDiscountType").eq(lit("Compute Savings Plans")))
        .group_by([col("CommitmentDiscountName")])
        .agg([col("BilledCost").sum(), col("EffectiveCost").sum()])
        .collect()
        .expect("the demo can be read");
    let sums = |name: &str| {
        let column = frame
            .column(name)
            .expect("column")
            .as_materialized_series()
            .to_physical_repr()
            .into_owned();
        column.i128().expect("decimal").iter().map(Option::unwrap_or_default).collect::<Vec<_>>()
    };
    assert_eq!(sums("BilledCost").len(), 2);
    assert_eq!(sums("BilledCost"), sums("EffectiveCost"));
}
