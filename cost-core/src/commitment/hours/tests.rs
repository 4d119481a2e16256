use std::collections::BTreeSet;

use polars::prelude::{Column, DataFrame, IntoColumn, IntoLazy, NamedFrom, Series};
use rust_decimal::Decimal;

use super::*;
use crate::focus::FocusFrame;

const COLUMNS: [&str; 18] = [
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "SkuMeter",
    "PricingQuantity",
    "ListCost",
    "ContractedCost",
    "EffectiveCost",
    "CommitmentDiscountId",
    "CommitmentDiscountStatus",
    "PricingCategory",
    "ChargeClass",
    "ResourceId",
    "x_Operation",
    "CommitmentDiscountType",
    "ChargeCategory",
    "BilledCost",
    "SubAccountId",
    "ServiceName",
];

/// A line item: start, end, usage type, quantity, list, contracted, effective.
type Item = [&'static str; 7];

/// A line item of the first hour of the window.
fn hour(meter: &'static str, quantity: &'static str, cost: [&'static str; 3]) -> Item {
    let [list, contracted, effective] = cost;
    ["2026-10-02T00:00:00Z", "2026-10-02T01:00:00Z", meter, quantity, list, contracted, effective]
}

fn bill(items: &[(Item, &[(&str, &'static str)])]) -> FocusFrame {
    let cell = |(item, more): &(Item, &[(&str, &'static str)]), name: &str| {
        let given = more.iter().find(|(n, _)| *n == name).map(|(_, v)| *v);
        let place = COLUMNS.iter().position(|c| *c == name).filter(|at| *at < 7);
        given.or(place.map(|at| item[at])).or(match name {
            "ChargeCategory" => Some("Usage"),
            "PricingCategory" => Some("Standard"),
            "BilledCost" => Some("0"),
            "SubAccountId" => Some("1"),
            "ServiceName" => Some("Amazon Elastic Compute Cloud"),
            _ => None,
        })
    };
    let mut columns: Vec<Column> = COLUMNS
        .iter()
        .map(|name| {
            let cells: Vec<Option<&str>> = items.iter().map(|i| cell(i, name)).collect();
            Series::new((*name).into(), cells).into_column()
        })
        .collect();
    for (name, value) in [
        ("BillingPeriodStart", "2026-10-01T00:00:00Z"),
        ("BillingCurrency", "USD"),
        ("BillingAccountId", "1"),
        ("ProviderName", "AWS"),
        ("RegionId", "us-east-1"),
    ] {
        columns.push(Series::new(name.into(), vec![value; items.len()]).into_column());
    }
    FocusFrame::from_lazy("test", DataFrame::new(items.len(), columns).unwrap().lazy(), &[])
        .unwrap()
}

fn october(apart: &[&str], items: &[(Item, &[(&str, &'static str)])]) -> HourlyUsage {
    let day = |d| NaiveDate::from_ymd_opt(2026, 10, d).unwrap();
    let window = Window { from: day(2), until: day(4) };
    let apart: BTreeSet<String> = apart.iter().map(|a| (*a).to_owned()).collect();
    hourly(&bill(items), window, &apart).unwrap()
}

const BOX: &str = "BoxUsage:m5.large";

#[test]
fn hours_are_those_of_the_charges_and_prices_those_of_all() {
    let found = october(
        &["i-2"],
        &[
            (
                ["2026-10-02T00:00:00Z", "2026-10-02T01:00:00Z", BOX, "2", "0.2", "0.18", "0.18"],
                &[],
            ),
            (
                ["2026-10-02T00:00:00Z", "2026-10-02T01:00:00Z", BOX, "1", "0.1", "0.09", "0.09"],
                &[("ResourceId", "i-1")],
            ),
            (
                ["2026-10-03T23:00:00Z", "2026-10-04T00:00:00Z", BOX, "3", "0.3", "0.27", "0.27"],
                &[("ResourceId", "i-2")],
            ),
            // Before and after; corrections; spot; what no commitment can pay for.
            (["2026-10-01T23:00:00Z", "2026-10-02T00:00:00Z", BOX, "9", "9", "9", "9"], &[]),
            (["2026-10-04T00:00:00Z", "2026-10-04T01:00:00Z", BOX, "9", "9", "9", "9"], &[]),
            (
                ["2026-10-02T00:00:00Z", "2026-10-02T01:00:00Z", BOX, "-1", "-1", "-1", "-1"],
                &[("ChargeClass", "Correction")],
            ),
            (
                ["2026-10-02T00:00:00Z", "2026-10-02T01:00:00Z", BOX, "9", "9", "9", "9"],
                &[("PricingCategory", "Dynamic")],
            ),
            (["2026-10-02T00:00:00Z", "2026-10-02T01:00:00Z", "Requests", "9", "9", "9", "9"], &[]),
        ],
    );
    assert_eq!((found.lines.len(), found.spread), (2, 0));
    let (plain, apart) = (&found.lines[0], &found.lines[1]);
    assert_eq!((plain.resource_id.as_deref(), apart.resource_id.as_deref()), (None, Some("i-2")));
    assert_eq!(
        (plain.quantities[0], plain.quantities.iter().sum::<i64>()),
        (30_000_000_000, 30_000_000_000)
    );
    assert_eq!((apart.quantities[47], apart.quantities.len()), (30_000_000_000, 48));
    assert_eq!(
        (plain.on_demand_unit_price, plain.list_unit_price),
        (Decimal::new(9, 2), Some(Decimal::new(1, 1)))
    );
}

#[test]
fn what_is_charged_by_the_day_is_spread_and_nothing_is_lost() {
    let node = "NodeUsage:cache.r6g.large";
    let found = october(
        &[],
        &[
            (
                ["2026-10-02T00:00:00Z", "2026-10-03T00:00:00Z", node, "25", "2.5", "2.5", "2.5"],
                &[],
            ),
            // Half of it is in the window.
            (
                ["2026-10-03T12:00:00Z", "2026-10-04T12:00:00Z", node, "48", "4.8", "4.8", "4.8"],
                &[],
            ),
        ],
    );
    let line = &found.lines[0];
    assert_eq!(found.spread, 2);
    assert_eq!(line.quantities[..24].iter().sum::<i64>(), 250_000_000_000);
    assert_eq!(line.quantities[36..].iter().sum::<i64>(), 240_000_000_000);
    let (most, least) =
        (line.quantities[..24].iter().max().unwrap(), line.quantities[..24].iter().min().unwrap());
    assert!(most - least <= 1, "{most} {least}");
}

#[test]
fn commitments_have_their_hours_and_unknown_ones_are_reported() {
    let plan = "arn:aws:savingsplans::42:savingsplan/a";
    let of_plan = [
        ("CommitmentDiscountId", plan),
        ("CommitmentDiscountType", "Compute Savings Plans"),
        ("CommitmentDiscountStatus", "Used"),
        ("PricingCategory", "Committed"),
    ];
    let unused = [of_plan[0], of_plan[1], ("CommitmentDiscountStatus", "Unused"), of_plan[3]];
    let of_no_plan = [("PricingCategory", "Committed")];
    let without_quantity = [("PricingQuantity", "")];
    let found = october(
        &[],
        &[
            (hour(BOX, "2", ["0.2", "0.2", "0.14"]), &of_plan),
            (hour(BOX, "1", ["0.1", "0.1", "0.1"]), &[]),
            (hour("ComputeSP:1yrNoUpfront", "1", ["0", "0", "0.06"]), &unused),
            (hour(BOX, "5", ["0.5", "0.5", "0.5"]), &of_no_plan),
            (hour("BoxUsage:c5.large", "5", ["0.5", "0.5", "0.5"]), &without_quantity),
        ],
    );
    let owned = &found.owned[0];
    assert_eq!(
        (owned.account.as_deref(), owned.kind.as_str()),
        (Some("42"), "Compute Savings Plans")
    );
    assert_eq!(owned.in_force().unwrap(), Some((Decimal::new(2, 1), 0..1)));
    let line = &found.lines[0];
    assert_eq!(line.quantities[0], 30_000_000_000);
    assert_eq!(
        line.covered[&0],
        CoveredUsage { quantity: Decimal::from(2), effective: Decimal::new(14, 2) }
    );
    assert_eq!(found.lines.len(), 1);
    let said = found.excluded.join("\n");
    assert!(
        said.contains("without CommitmentDiscountId") && said.contains("PricingQuantity is null"),
        "{said}"
    );
}

#[test]
fn commitments_of_a_service_do_not_apply_to_others_with_its_usage_types() {
    let reserved = [
        ("ServiceName", "Amazon Relational Database Service"),
        ("CommitmentDiscountId", "arn:aws:rds:us-east-1:1:ri:a"),
        ("CommitmentDiscountType", "Reserved"),
        ("CommitmentDiscountStatus", "Used"),
        ("PricingCategory", "Committed"),
        ("x_Operation", "CreateDBInstance:0002"),
    ];
    let own = [reserved[0], reserved[5]];
    let documents = [("ServiceName", "Amazon DocumentDB (with MongoDB compatibility)"), own[1]];
    let graphs = [("ServiceName", "Amazon Neptune"), own[1]];
    let of = "InstanceUsage:db.t3.medium";
    let found = october(
        &[],
        &[
            (hour(of, "1", ["0.1", "0.1", "0.06"]), &reserved),
            (hour(of, "2", ["0.2", "0.2", "0.2"]), &own),
            (hour(of, "4", ["0.4", "0.4", "0.4"]), &documents),
            (hour(of, "8", ["0.8", "0.8", "0.8"]), &graphs),
            (hour("NodeUsage:db.r6g.large", "1", ["0.1", "0.1", "0.1"]), &[]),
        ],
    );
    let known =
        OwnedEstate::new(&found, &crate::price::PriceBook::bundled().unwrap(), None).unwrap();
    assert_eq!((known.estate.lines.len(), known.estate.commitments.len()), (1, 1));
    assert_eq!(known.estate.lines[0].quantities.of(0), Decimal::from(3));
    assert_eq!(
        known.excluded,
        [
            format!("{of} of DocumentDB: the simulator does not support this service"),
            format!("{of} of Neptune: the simulator does not support this service"),
            "NodeUsage:db.r6g.large: the simulator does not support this usage type".to_owned(),
        ]
    );
}

#[test]
fn without_prices_on_demand_what_was_paid_is_the_price() {
    let plan = [
        ("CommitmentDiscountId", "p"),
        ("CommitmentDiscountStatus", "Used"),
        ("PricingCategory", "Committed"),
    ];
    let c5 = "BoxUsage:c5.large";
    let found = october(
        &[],
        &[
            (["2026-10-02T00:00:00Z", "2026-10-02T01:00:00Z", BOX, "2", "", "", "0.18"], &[]),
            (["2026-10-02T01:00:00Z", "2026-10-02T02:00:00Z", BOX, "2", "", "", "0.1"], &plan),
            (["2026-10-02T01:00:00Z", "2026-10-02T02:00:00Z", c5, "2", "", "", "0.1"], &plan),
        ],
    );
    assert_eq!((found.lines.len(), found.lines[0].on_demand_unit_price), (1, Decimal::new(9, 2)));
    assert!(
        found.excluded[0].contains("c5.large: its on-demand price is unknown"),
        "{:?}",
        found.excluded
    );
}

#[test]
fn an_end_that_is_no_time_is_reported_with_its_row() {
    let day = |d| NaiveDate::from_ymd_opt(2026, 10, d).unwrap();
    let bad = bill(&[(["2026-10-02T00:00:00Z", "soon", BOX, "2", "0.2", "0.2", "0.2"], &[])]);
    let error = hourly(&bad, Window { from: day(2), until: day(4) }, &BTreeSet::new())
        .unwrap_err()
        .to_string();
    assert!(error.contains("ChargePeriodEnd") && error.contains("soon"), "{error}");
}

#[test]
fn history_is_that_of_a_scan_of_its_own() {
    let node = "NodeUsage:cache.r6g.large";
    let plan = [
        ("CommitmentDiscountId", "p"),
        ("CommitmentDiscountStatus", "Used"),
        ("PricingCategory", "Committed"),
    ];
    let ended = [("CommitmentDiscountId", "old"), ("PricingCategory", "Committed")];
    let (first, second) = ([("ResourceId", "i-1")], [("ResourceId", "i-2")]);
    let day_and_a_half = |quantity, cost| -> Item {
        ["2026-10-01T12:00:00Z", "2026-10-03T00:00:00Z", node, quantity, cost, cost, cost]
    };
    let (c5, m6) = ("BoxUsage:c5.large", "BoxUsage:m6.large");
    let bill = bill(&[
        // Not divisible by their hours: what is left over falls on other hours if resources are
        // spread each on its own.
        (day_and_a_half("25.0000000001", "2.5"), &first),
        (day_and_a_half("7.0000000003", "0.7"), &second),
        (day_and_a_half("1.0000000003", "0.1"), &[]),
        (["2026-10-03T00:00:00Z", "2026-10-03T01:00:00Z", BOX, "1", "0.1", "0.1", "0.1"], &second),
        (["2026-10-03T00:00:00Z", "2026-10-03T01:00:00Z", BOX, "2", "0.2", "0.2", "0.14"], &plan),
        // Before the window: unknown there, and of a commitment that is not in force any more.
        (["2026-10-01T00:00:00Z", "2026-10-01T01:00:00Z", BOX, "", "", "", "0.1"], &[]),
        (["2026-10-01T00:00:00Z", "2026-10-01T01:00:00Z", c5, "1", "0.1", "0.1", "0.1"], &ended),
        // Until the window begins, to the microsecond.
        (["2026-10-01T23:00:00Z", "2026-10-02T00:00:00Z", m6, "1", "0.1", "0.1", "0.1"], &[]),
    ]);
    let day = |d| NaiveDate::from_ymd_opt(2026, 10, d).unwrap();
    let (window, all_days) =
        (Window { from: day(2), until: day(4) }, Window { from: day(1), until: day(4) });
    let apart = BTreeSet::from(["i-1".to_owned(), "i-2".to_owned()]);
    let (usage, history) = hourly_with_history(&bill, (window, &apart), all_days).unwrap();
    assert_eq!(usage, hourly(&bill, window, &apart).unwrap());
    assert_eq!(history, hourly(&bill, all_days, &BTreeSet::new()).unwrap());
    assert_eq!((usage.owned.len(), history.owned.len()), (1, 2));
    assert_eq!((usage.spread, history.spread), (3, 3));
    assert_eq!(usage.lines.iter().filter(|l| l.resource_id.is_some()).count(), 3);
}
