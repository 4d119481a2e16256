//! Fees of commitments: used and unused parts, and net columns.

use polars::prelude::*;
use rust_decimal::Decimal;

use super::{COST, TYPE, cells, charges, dec, numbers, report};
use crate::cur::Report;

#[test]
fn net_columns_carry_the_discount() {
    let net = "lineItem/NetUnblendedCost";
    let frame = report(&[
        &[(TYPE, "Usage"), (COST, "100"), (net, "90")],
        &[(TYPE, "EdpDiscount"), (COST, "-10")],
        &[
            (TYPE, "SavingsPlanCoveredUsage"),
            (COST, "50"),
            ("savingsPlan/SavingsPlanEffectiveCost", "30"),
            ("savingsPlan/NetSavingsPlanEffectiveCost", "27"),
        ],
        NET_FEE,
    ]);
    let (charges, unused) = charges(&frame);
    assert_eq!(numbers(&charges, "EffectiveCost"), ["90", "0", "27", "0"].map(dec));
    assert_eq!(numbers(&unused, "EffectiveCost"), [dec("9")]);
    assert_eq!(numbers(&charges, "BilledCost"), ["100", "-10", "50", "40"].map(dec));
}

/// Returns a fee of a plan of which 30 of 40 were used, net of discounts; the net upfront fee comes
/// last.
const NET_FEE: &[(&str, &str)] = &[
    (TYPE, "SavingsPlanRecurringFee"),
    (COST, "40"),
    ("savingsPlan/TotalCommitmentToDate", "40"),
    ("savingsPlan/UsedCommitment", "30"),
    ("savingsPlan/RecurringCommitmentForBillingPeriod", "40"),
    ("savingsPlan/AmortizedUpfrontCommitmentForBillingPeriod", "0"),
    ("savingsPlan/NetRecurringCommitmentForBillingPeriod", "36"),
    ("savingsPlan/NetAmortizedUpfrontCommitmentForBillingPeriod", "0"),
];

/// Usage that a plan covers: a report that has it spreads the fees of the plan.
const COVERED: &[(&str, &str)] = &[
    (TYPE, "SavingsPlanCoveredUsage"),
    (COST, "50"),
    ("savingsPlan/SavingsPlanEffectiveCost", "30"),
];

#[test]
fn a_net_column_that_is_missing_leaves_what_was_unused_gross() {
    let (_, fee) = NET_FEE.split_last().expect("columns");
    let (_, unused) = charges(&report(&[COVERED, fee, fee, fee]));
    assert_eq!(numbers(&unused, "EffectiveCost"), ["10", "10", "10"].map(dec));
}

#[test]
fn commitments_that_do_not_fit_are_an_error() {
    let most = "99999999999999999999999999";
    let fee: &[(&str, &str)] = &[
        (TYPE, "SavingsPlanRecurringFee"),
        (COST, "40"),
        ("savingsPlan/TotalCommitmentToDate", "40"),
        ("savingsPlan/UsedCommitment", "30"),
        ("savingsPlan/RecurringCommitmentForBillingPeriod", most),
        ("savingsPlan/AmortizedUpfrontCommitmentForBillingPeriod", most),
        ("savingsPlan/NetRecurringCommitmentForBillingPeriod", "36"),
        ("savingsPlan/NetAmortizedUpfrontCommitmentForBillingPeriod", "0"),
    ];
    let frame = report(&[COVERED, fee]);
    let read = Report::of(frame.schema()).expect("a report");
    let error =
        read.unused(frame.lazy()).and_then(LazyFrame::collect).expect_err("too large").to_string();
    assert!(error.contains("unused commitment: a sum or product is too large"), "{error}");
}

#[test]
fn a_fee_without_its_unused_part_is_reported() {
    let frame = report(&[
        &[(TYPE, "RIFee"), (COST, "5"), ("reservation/UnusedRecurringFee", "")],
        &[(TYPE, "SavingsPlanRecurringFee"), (COST, "5")],
        &[(TYPE, "Usage"), (COST, "5")],
        &[(TYPE, "DiscountedUsage"), (COST, "0"), ("reservation/EffectiveCost", "5")],
        &[
            (TYPE, "SavingsPlanCoveredUsage"),
            (COST, "0"),
            ("savingsPlan/SavingsPlanEffectiveCost", "5"),
        ],
    ]);
    let report = Report::of(frame.schema()).expect("a report");
    assert_eq!(report.silent_fees(frame.clone().lazy()).collect().expect("rows").height(), 2);
    assert!(report.not_amortized(frame.clone().lazy()).is_none());
    assert_eq!(charges(&frame).1.height(), 0);
}

#[test]
fn what_a_report_does_not_amortize_costs_what_it_costs_when_it_is_paid() {
    let frame = report(&[
        &[
            (TYPE, "SavingsPlanCoveredUsage"),
            (COST, "10"),
            ("savingsPlan/SavingsPlanARN", "arn:sp"),
        ],
        &[(TYPE, "SavingsPlanNegation"), (COST, "-10"), ("savingsPlan/SavingsPlanARN", "arn:sp")],
        &[
            (TYPE, "SavingsPlanRecurringFee"),
            (COST, "8"),
            ("savingsPlan/TotalCommitmentToDate", "8"),
            ("savingsPlan/UsedCommitment", "7"),
        ],
        &[(TYPE, "SavingsPlanUpfrontFee"), (COST, "500")],
        &[
            (TYPE, "Refund"),
            (COST, "-500"),
            ("lineItem/ProductCode", "ComputeSavingsPlans"),
            ("lineItem/LineItemDescription", "Refund for one-time fee for Savings Plan ID: a"),
        ],
        // Reservations are amortized: 3 used, 1 not.
        &[(TYPE, "DiscountedUsage"), (COST, "0"), ("reservation/EffectiveCost", "3")],
        &[
            (TYPE, "RIFee"),
            (COST, "4"),
            ("reservation/UnusedRecurringFee", "1"),
            ("reservation/UnusedAmortizedUpfrontFeeForBillingPeriod", "0"),
        ],
    ]);
    let (charges, unused) = charges(&frame);
    assert_eq!(
        numbers(&charges, "EffectiveCost"),
        ["10", "-10", "8", "500", "-500", "3", "0"].map(dec)
    );
    assert_eq!(numbers(&unused, "EffectiveCost"), [dec("1")]);
    let types_found =
        Report::of(frame.schema()).expect("a report").not_amortized(frame.lazy()).expect("plans");
    let types_found = types_found.collect().expect("types");
    let types = [
        "Refund",
        "SavingsPlanCoveredUsage",
        "SavingsPlanNegation",
        "SavingsPlanRecurringFee",
        "SavingsPlanUpfrontFee",
    ];
    assert_eq!(cells(&types_found, "LineItemType"), types.map(|t| Some(t.to_owned())));
    assert_eq!(numbers(&types_found, "BilledCost"), ["-500", "10", "-10", "8", "500"].map(dec));
}

#[test]
fn a_fee_that_is_given_back_has_no_effective_cost_and_all_other_refunds_have() {
    let code = "lineItem/ProductCode";
    let text = "lineItem/LineItemDescription";
    let plans = (code, "ComputeSavingsPlans");
    let frame = report(&[
        // Bought for 8,760 and returned: the live shape has no ARN.
        &[
            (TYPE, "SavingsPlanUpfrontFee"),
            (COST, "8760"),
            plans,
            ("savingsPlan/SavingsPlanARN", "arn:sp"),
        ],
        &[
            (TYPE, "Refund"),
            (COST, "-8760"),
            plans,
            (text, "Refund for one-time fee for Savings Plan ID: a"),
        ],
        &[(TYPE, "Refund"), (COST, "-100"), (code, "MachineLearningSavingsPlans")],
        &[(TYPE, "Refund"), (COST, "-100"), ("savingsPlan/SavingsPlanARN", "arn:sp")],
        &[(TYPE, "Refund"), (COST, "-100"), ("reservation/ReservationARN", "arn:ri")],
        &[
            (TYPE, "Refund"),
            (COST, "-100"),
            (code, "AmazonRDS"),
            (text, "Refund for Reserved Instance upfront fee"),
        ],
        &[(TYPE, "Fee"), (COST, "-100"), ("reservation/ReservationARN", "arn:ri")],
        &[(TYPE, "Fee"), (COST, "-100"), (text, "Refund of upfront fee, reserved cache node")],
        // Line items that keep their own cost.
        &[(TYPE, "Refund"), (COST, "-3"), plans, (text, "Enterprise Discount Program")],
        &[(TYPE, "Refund"), (COST, "-4"), (code, "AmazonEC2"), (text, "Refund of usage")],
        &[
            (TYPE, "Refund"),
            (COST, "-5"),
            plans,
            (text, "Refund for recurring fee for Savings Plan ID: a"),
        ],
        &[(TYPE, "Fee"), (COST, "-6"), (code, "AWSSupportBusiness"), (text, "AWS Support fee")],
        &[
            (TYPE, "SavingsPlanCoveredUsage"),
            (COST, "0"),
            ("savingsPlan/SavingsPlanEffectiveCost", "1"),
        ],
        &[(TYPE, "DiscountedUsage"), (COST, "0"), ("reservation/EffectiveCost", "1")],
    ]);
    let (charges, _) = charges(&frame);
    let expected = ["0", "0", "0", "0", "0", "0", "0", "0", "-3", "-4", "-5", "-6", "1", "1"];
    assert_eq!(numbers(&charges, "EffectiveCost"), expected.map(dec));
    let billed: Decimal = numbers(&charges, "BilledCost").into_iter().flatten().sum();
    assert_eq!(billed, Decimal::from(-618));
    let categories = cells(&charges, "ChargeCategory");
    assert_eq!(categories[1..=7].iter().flatten().filter(|c| *c == "Adjustment").count(), 5);
    // A refund belongs to no commitment: it is not used commitment.
    assert!(cells(&charges, "CommitmentDiscountId")[2..=5].iter().all(Option::is_none));
}

#[test]
fn what_roundings_use_of_a_plan_beyond_it_is_nothing_and_more_is_not_known() {
    let fee = |used: &'static str| {
        [
            (TYPE, "SavingsPlanRecurringFee"),
            (COST, "24"),
            ("savingsPlan/TotalCommitmentToDate", "24.0000000000"),
            ("savingsPlan/UsedCommitment", used),
        ]
    };
    let fees = ["24.0000000001", "24.01", "24.02", "23.9999999999"].map(fee);
    let covered = [
        (TYPE, "SavingsPlanCoveredUsage"),
        (COST, "0"),
        ("savingsPlan/SavingsPlanEffectiveCost", "1"),
    ];
    let frame = report(&[&fees[0], &fees[1], &fees[2], &fees[3], &covered]);
    assert_eq!(numbers(&charges(&frame).1, "EffectiveCost"), [dec("0.0000000001")]);
    let report = Report::of(frame.schema()).expect("a report");
    assert_eq!(
        report.silent_fees(frame.clone().lazy()).collect().expect("rows").height(),
        1,
        "24.02 of 24"
    );
}
