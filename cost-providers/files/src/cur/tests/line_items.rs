//! Charge and costs for each type of line item.

use std::collections::BTreeMap;

use polars::prelude::*;
use rust_decimal::Decimal;

use super::{COST, TYPE, cells, charges, dec, numbers, report};
use crate::cur::{LINE_ITEM_TYPES, Report};

/// A line item of every type.
const EVERY_TYPE: &[&[(&str, &str)]] = &[
    &[(TYPE, "Usage"), (COST, "2"), ("pricing/publicOnDemandCost", "2.5")],
    // A reservation, partial upfront: 730 paid in advance, 0.05 per hour, a quarter of the month
    // unused.
    &[(TYPE, "Fee"), (COST, "730"), ("reservation/ReservationARN", "arn:ri")],
    &[
        (TYPE, "DiscountedUsage"),
        (COST, "0"),
        ("reservation/EffectiveCost", "75"),
        ("reservation/ReservationARN", "arn:ri"),
        ("pricing/publicOnDemandCost", "120"),
    ],
    &[
        (TYPE, "RIFee"),
        (COST, "36.5"),
        ("reservation/UnusedAmortizedUpfrontFeeForBillingPeriod", "15.2"),
        ("reservation/UnusedRecurringFee", "9.1"),
        ("reservation/ReservationARN", "arn:ri"),
    ],
    // A Savings Plan without an upfront fee.
    &[
        (TYPE, "SavingsPlanCoveredUsage"),
        (COST, "10"),
        ("savingsPlan/SavingsPlanEffectiveCost", "7"),
        ("savingsPlan/SavingsPlanARN", "arn:sp"),
    ],
    &[(TYPE, "SavingsPlanNegation"), (COST, "-10"), ("savingsPlan/SavingsPlanARN", "arn:sp")],
    &[
        (TYPE, "SavingsPlanRecurringFee"),
        (COST, "8"),
        ("savingsPlan/TotalCommitmentToDate", "8"),
        ("savingsPlan/UsedCommitment", "7"),
        ("savingsPlan/SavingsPlanARN", "arn:sp"),
    ],
    &[(TYPE, "SavingsPlanUpfrontFee"), (COST, "500"), ("savingsPlan/SavingsPlanARN", "arn:all")],
    // All other types.
    &[(TYPE, "Fee"), (COST, "100")],
    &[(TYPE, "Tax"), (COST, "19")],
    &[(TYPE, "Credit"), (COST, "-5")],
    &[(TYPE, "Refund"), (COST, "-3")],
    &[(TYPE, "EdpDiscount"), (COST, "-0.2")],
    &[(TYPE, "PrivateRateDiscount"), (COST, "-0.1")],
    &[(TYPE, "BundledDiscount"), (COST, "-0.3")],
    &[(TYPE, "SppDiscount"), (COST, "-0.4")],
    &[(TYPE, "HeardOfNever"), (COST, "1")],
];

#[test]
fn every_type_of_line_item_is_billed_once_and_amortized_where_it_is_used() {
    let frame = report(EVERY_TYPE);
    let (charges, unused) = charges(&frame);
    let effective = [
        "2", "0", "75", "0", "7", "0", "0", "0", "100", "19", "-5", "-3", "-0.2", "-0.1", "-0.3",
        "-0.4", "1",
    ];
    assert_eq!(numbers(&charges, "EffectiveCost"), effective.map(dec));
    assert_eq!(numbers(&unused, "EffectiveCost"), ["24.3", "1"].map(dec));
    assert_eq!(numbers(&unused, "BilledCost"), ["0", "0"].map(dec));
    assert_eq!(
        cells(&unused, "CommitmentDiscountStatus"),
        [Some("Unused".to_owned()), Some("Unused".to_owned())]
    );
    // The billed cost equals that of the report, to the digit.
    let billed: Decimal = numbers(&charges, "BilledCost").into_iter().flatten().sum();
    let raw: Decimal = cells(&frame, COST)
        .into_iter()
        .flatten()
        .map(|t| t.parse::<Decimal>().expect("a number"))
        .sum();
    assert_eq!(billed, raw);
    // Used and unused parts of the plan add up to its fees.
    assert_eq!(dec("7").zip(dec("1")).map(|(a, b)| a + b), dec("8"));
    let categories = cells(&charges, "ChargeCategory").into_iter().flatten().fold(
        BTreeMap::new(),
        |mut all, c| {
            *all.entry(c).or_insert(0) += 1;
            all
        },
    );
    let expected = [("Adjustment", 2), ("Credit", 1), ("Purchase", 5), ("Tax", 1), ("Usage", 8)];
    assert_eq!(categories, expected.map(|(c, n)| (c.to_owned(), n)).into());
    assert_eq!(numbers(&charges, "ListCost")[..3], [dec("2.5"), dec("730"), dec("120")]);
    assert_eq!(cells(&charges, "CommitmentDiscountId")[1], Some("arn:ri".to_owned()));
}

#[test]
fn a_report_of_net_costs_alone_is_billed_at_these() {
    let net = "line_item_net_unblended_cost";
    let kind = "line_item_line_item_type";
    let frame = report(&[
        &[(kind, "Usage"), (net, "90")],
        &[(kind, "EdpDiscount"), (net, "")],
        &[(kind, "Tax"), (net, "9")],
    ]);
    let (charges, _) = charges(&frame);
    for column in ["BilledCost", "EffectiveCost", "ContractedCost"] {
        assert_eq!(numbers(&charges, column), ["90", "0", "9"].map(dec), "{column}");
    }
    assert!(
        Report::of(&Schema::from_iter([Field::new(kind.into(), DataType::String)])).is_none(),
        "no cost at all"
    );
}

#[test]
fn unknown_types_are_reported_with_their_cost() {
    let frame = report(&[
        &[(TYPE, "HeardOfNever"), (COST, "1.5")],
        &[(TYPE, " usage "), (COST, "2")],
        &[(TYPE, "HeardOfNever"), (COST, "-4")],
        &[(TYPE, "")],
        &[(TYPE, "SAVINGS_PLAN_NEGATION"), (COST, "-10")],
    ]);
    let report = Report::of(frame.schema()).expect("a report");
    let unknown = report.unknown_types(frame.clone().lazy()).collect().expect("types");
    assert_eq!(cells(&unknown, "LineItemType"), [Some("HeardOfNever".to_owned()), None]);
    assert_eq!(cells(&unknown, "LineItems"), ["2", "1"].map(|n| Some(n.to_owned())));
    assert_eq!(numbers(&unknown, "BilledCost")[0], dec("-2.5"));
    let charges = report.charges(frame.lazy()).collect().expect("charges");
    let types = ["HeardOfNever", "Usage", "HeardOfNever", "", "SavingsPlanNegation"];
    assert_eq!(
        cells(&charges, "x_LineItemType"),
        types.map(|t| Some(t.to_owned()).filter(|t| !t.is_empty()))
    );
    let categories = ["Adjustment", "Usage", "Adjustment", "Adjustment", "Usage"];
    assert_eq!(cells(&charges, "ChargeCategory"), categories.map(|c| Some(c.to_owned())));
}

#[test]
fn the_table_of_types_is_in_the_decision() {
    let decision = include_str!("../../../../../docs/adr/0013-cost-reports-as-focus.md");
    for t in LINE_ITEM_TYPES {
        let (mark, pricing) =
            (if t.documented { "" } else { " ¹" }, t.pricing_category().unwrap_or("null"));
        let cells =
            [t.charge_category(), t.charge_frequency(), pricing, t.effective_cost()].join(" | ");
        let line = format!("| {}{mark} | {cells} |", t.name);
        assert!(decision.lines().any(|l| l == line), "{line}");
    }
}

#[test]
fn shares_of_tasks_cost_nothing_twice() {
    let frame = report(&[
        &[
            (TYPE, "Usage"),
            (COST, "4"),
            ("lineItem/ResourceId", "i-1"),
            ("lineItem/UsageAmount", "24"),
        ],
        &[
            (TYPE, "Usage"),
            (COST, ""),
            ("lineItem/UsageAmount", "24"),
            ("lineItem/ResourceId", "arn:task"),
            ("splitLineItem/ParentResourceId", "i-1"),
            ("splitLineItem/SplitCost", "3"),
            ("splitLineItem/UnusedCost", "0.5"),
        ],
    ]);
    let (charges, _) = charges(&frame);
    assert_eq!(numbers(&charges, "BilledCost"), ["4", "0"].map(dec));
    assert_eq!(numbers(&charges, "EffectiveCost"), ["4", "0"].map(dec));
    assert_eq!(numbers(&charges, "x_SplitCost"), [None, dec("3")]);
    assert_eq!(numbers(&charges, "x_SplitUnusedCost"), [None, dec("0.5")]);
    // The hours belong to the instance: counted twice, they would halve the price per hour.
    assert_eq!(numbers(&charges, "PricingQuantity"), ["24", "0"].map(dec));
    assert_eq!(numbers(&charges, "ConsumedQuantity"), ["24", "24"].map(dec));
}
