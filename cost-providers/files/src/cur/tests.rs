//! Costs of every type of line item, with and without upfront fees, net columns, and maps. Sums
//! equal those of the report. Expected values are calculated by hand from the line items above
//! them.

mod columns;
mod commitments;
mod discounts;
mod focus;
mod line_items;

use cost_core::focus::typed;
use polars::prelude::*;
use rust_decimal::Decimal;

use super::{Report, moved_discounts};

/// Returns rows of a report from `column=value` cells; all others are blank.
fn report(rows: &[&[(&str, &str)]]) -> DataFrame {
    let mut names: Vec<&str> = rows.iter().flat_map(|r| r.iter().map(|(name, _)| *name)).collect();
    names.sort_unstable();
    names.dedup();
    let column = |name: &&str| {
        let cells = rows.iter().map(|row| row.iter().find(|(n, _)| n == name).map(|(_, v)| *v));
        cells.collect::<StringChunked>().into_series().with_name((*name).into()).into_column()
    };
    DataFrame::new(rows.len(), names.iter().map(column).collect()).expect("columns of one length")
}

/// Returns charges, then unused parts.
fn charges(frame: &DataFrame) -> (DataFrame, DataFrame) {
    let report = Report::of(frame.schema()).expect("a report");
    let charges =
        typed(report.charges(frame.clone().lazy())).and_then(LazyFrame::collect).expect("charges");
    let unused =
        report.unused(frame.clone().lazy()).and_then(LazyFrame::collect).expect("unused parts");
    (charges, unused)
}

fn cells(frame: &DataFrame, column: &str) -> Vec<Option<String>> {
    let text = frame.column(column).expect("column").cast(&DataType::String).expect("text");
    text.str().expect("text").iter().map(|t| t.map(ToOwned::to_owned)).collect()
}

fn numbers(frame: &DataFrame, column: &str) -> Vec<Option<Decimal>> {
    let number = |t: Option<String>| t.map(|t| t.parse::<Decimal>().expect("a number").normalize());
    cells(frame, column).into_iter().map(number).collect()
}

/// Returns amounts as text, like the cells of [`numbers`].
fn dec(text: &str) -> Option<Decimal> {
    text.parse::<Decimal>().ok().map(|d| d.normalize())
}

const TYPE: &str = "lineItem/LineItemType";
const COST: &str = "lineItem/UnblendedCost";

/// Returns the cells of a line item with all data that FOCUS requires, and its `own` cells.
fn every_column<'a>(own: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let common = [
        ("bill_payer_account_id", "012345678901"),
        ("bill_payer_account_name", "payer"),
        ("bill_billing_entity", "AWS"),
        ("bill_invoicing_entity", "Amazon Web Services, Inc."),
        ("bill_billing_period_start_date", "2024-09-01T00:00:00.000Z"),
        ("bill_billing_period_end_date", "2024-10-01T00:00:00.000Z"),
        ("line_item_usage_account_id", "098765432109"),
        ("line_item_usage_account_name", "prod"),
        ("line_item_usage_start_date", "2024-09-01T00:00:00.000Z"),
        ("line_item_usage_end_date", "2024-09-02T00:00:00.000Z"),
        ("line_item_product_code", "AmazonEC2"),
        ("line_item_usage_type", "BoxUsage:m5.large"),
        ("line_item_operation", "RunInstances"),
        ("line_item_usage_amount", "24"),
        ("line_item_currency_code", "USD"),
        ("line_item_unblended_cost", "0"),
        ("product_region_code", "us-east-1"),
    ];
    let is_own = |name: &str| own.iter().any(|(n, _)| *n == name);
    common.into_iter().filter(|(n, _)| !is_own(n)).chain(own.iter().copied()).collect()
}

/// Returns a report of line items with all data that FOCUS requires.
fn full(rows: &[&[(&str, &str)]]) -> DataFrame {
    let rows: Vec<_> = rows.iter().map(|row| every_column(row)).collect();
    report(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// Returns discounts without a resource, moved to usage, for line items in one batch.
fn all_moved(report: &Report, frame: &DataFrame) -> LazyFrame {
    assert!(report.moves_discounts(), "no net columns");
    let discounts = report.discount_groups(frame.clone().lazy()).expect("columns");
    let usage = report.usage_groups(frame.clone().lazy(), discounts.clone()).expect("columns");
    moved_discounts(vec![discounts, usage]).expect("columns")
}
