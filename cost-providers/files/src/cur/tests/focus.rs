//! Charges conform to FOCUS.

use cost_core::focus::Origin;
use cost_core::focus::conformance::validate;
use polars::prelude::*;
use rust_decimal::Decimal;

use super::{COST, TYPE, all_moved, cells, charges, dec, full, numbers, report};
use crate::cur::Report;

/// A line item of every type, with and without its optional cells, with the names of CUR 2.0.
fn every_shape() -> DataFrame {
    let (kind, cost, plan) =
        ("line_item_line_item_type", "line_item_unblended_cost", "savings_plan_savings_plan_a_r_n");
    let reserved = "reservation_reservation_a_r_n";
    let list = "pricing_public_on_demand_cost";
    full(&[
        &[(kind, "Usage"), (cost, "10"), (list, "10"), ("pricing_unit", "Hrs")],
        &[
            (kind, "SavingsPlanCoveredUsage"),
            (cost, "36"),
            (list, "36"),
            (plan, "arn:sp"),
            ("savings_plan_savings_plan_effective_cost", "24"),
        ],
        &[(kind, "SavingsPlanNegation"), (cost, "-36"), (plan, "arn:sp"), ("pricing_unit", "Hrs")],
        &[(kind, "SavingsPlanNegation"), (cost, "-1")],
        &[
            (kind, "SavingsPlanRecurringFee"),
            (cost, "25"),
            (plan, "arn:sp"),
            ("savings_plan_total_commitment_to_date", "25"),
            ("savings_plan_used_commitment", "24"),
        ],
        &[(kind, "SavingsPlanUpfrontFee"), (cost, "100"), (plan, "arn:sp")],
        &[
            (kind, "DiscountedUsage"),
            (list, "3"),
            (reserved, "arn:ri"),
            ("reservation_effective_cost", "2"),
        ],
        &[
            (kind, "RIFee"),
            (cost, "3"),
            (reserved, "arn:ri"),
            ("reservation_unused_recurring_fee", "1"),
            ("reservation_unused_amortized_upfront_fee_for_billing_period", "0"),
            ("reservation_unused_quantity", "8"),
        ],
        &[(kind, "Fee"), (cost, "50"), (reserved, "arn:ri")],
        &[(kind, "FlatRateSubscription"), (cost, "20")],
        &[(kind, "EdpDiscount"), (cost, "-1")],
        &[
            (kind, "BundledDiscount"),
            (cost, "-1"),
            ("line_item_usage_type", "USE2-SpotUsage:m5.large"),
            ("product_region_code", "xx-moon-1"),
        ],
        &[(kind, "Tax"), (cost, "1"), ("line_item_usage_amount", ""), ("product_region_code", "")],
        &[(kind, "Credit"), (cost, "-1")],
        &[(kind, "Refund"), (cost, "-1")],
        &[(kind, "HeardOfNever"), (cost, "-1")],
        &[(kind, "Usage"), (cost, ""), ("split_line_item_parent_resource_id", "i-1")],
    ])
}

#[test]
fn what_is_written_conforms_to_focus() {
    let frame = every_shape();
    let (charged, unused) = charges(&frame);
    let moved =
        all_moved(&Report::of(frame.schema()).expect("a report"), &frame).collect().expect("moved");
    assert_eq!((unused.height(), moved.height()), (2, 2));
    let origin =
        |(label, frame): (&str, DataFrame)| Origin::of_frame(label, frame.lazy()).expect("columns");
    let origins = [("charges", charged), ("unused", unused), ("moved", moved)].map(origin);
    let found = validate(&origins, None, 3).expect("can be read");
    let findings = |c: &cost_core::focus::conformance::ColumnReport| {
        (!c.findings.is_empty()).then(|| c.column.clone())
    };
    assert_eq!(
        found.columns.iter().filter_map(findings).collect::<Vec<_>>(),
        Vec::<String>::new(),
        "{:?}",
        found.columns
    );
    let violated: Vec<_> = found
        .cross_column
        .iter()
        .filter(|r| r.violations > 0)
        .map(|r| (&r.rule, &r.examples))
        .collect();
    assert!(violated.is_empty(), "{violated:?}");
    assert!(found.conforms, "{:?}", found.headers);
}

#[test]
fn negations_and_discounts_have_the_shape_of_what_they_make_cheaper() {
    let arn = ("savingsPlan/SavingsPlanARN", "arn:sp");
    let box_usage = ("lineItem/UsageType", "BoxUsage:m5.large");
    let spot = ("lineItem/UsageType", "USE2-SpotUsage:m5.large");
    let hours = ("lineItem/UsageAmount", "24");
    let frame = report(&[
        &[
            (TYPE, "SavingsPlanCoveredUsage"),
            (COST, "36"),
            arn,
            box_usage,
            hours,
            ("savingsPlan/SavingsPlanEffectiveCost", "24"),
        ],
        &[(TYPE, "SavingsPlanNegation"), (COST, "-36"), arn, box_usage, hours],
        &[(TYPE, "EdpDiscount"), (COST, "-1"), box_usage, hours],
        &[(TYPE, "PrivateRateDiscount"), (COST, "-1"), spot, hours],
        &[(TYPE, "Usage"), (COST, "9"), spot, hours],
    ]);
    let (charges, _) = charges(&frame);
    let texts = |column: &str| {
        cells(&charges, column).into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>()
    };
    assert_eq!(
        texts("PricingCategory"),
        ["Committed", "Committed", "Standard", "Dynamic", "Dynamic"]
    );
    assert_eq!(texts("CommitmentDiscountStatus"), ["Used", "Used", "", "", ""]);
    assert_eq!(numbers(&charges, "PricingQuantity"), ["24", "0", "0", "0", "24"].map(dec));
    assert_eq!(numbers(&charges, "ListCost")[1..4], ["0", "0", "0"].map(dec));
    // Usage that a plan covers has no billed cost of its own; the fee of the plan has it.
    let billed: Decimal = numbers(&charges, "BilledCost")[..2].iter().flatten().sum();
    assert_eq!(billed, Decimal::ZERO);
}
