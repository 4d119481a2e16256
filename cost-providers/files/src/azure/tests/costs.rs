//! Charge types and pricing models: billed cost, effective cost, and kind of charge.

use polars::prelude::*;

use super::super::{Dataset, Role};
use super::{Row, alone, charges, dec, details, export, numbers, sum, words};

const COST: &str = "CostInBillingCurrency";
const PLAN: &str = "/providers/Microsoft.BillingBenefits/savingsPlanOrders/O2/savingsPlans/P2";
const RESERVATION: &str = "/providers/Microsoft.Capacity/reservationOrders/O1/reservations/R1";

/// Charge type, pricing model, benefit; then: category, class, status, pricing category, and the
/// billed and effective cost in the amortized data set, for a cost of 7. By hand, from Microsoft's
/// table; null statuses and Standard of purchases from FOCUS 1.2 (`CommitmentDiscountStatus`,
/// `PricingCategory`).
#[rustfmt::skip]
const MATRIX: &[[&str; 9]] = &[
    ["Usage", "OnDemand", "", "Usage", "-", "-", "Standard", "7", "7"],
    ["Usage", "Spot", "", "Usage", "-", "-", "Dynamic", "7", "7"],
    ["Usage", "Reservation", RESERVATION, "Usage", "-", "Used", "Committed", "0", "7"],
    ["Usage", "SavingsPlan", PLAN, "Usage", "-", "Used", "Committed", "0", "7"],
    ["Usage", "", "", "Usage", "-", "-", "-", "7", "7"],
    ["UnusedReservation", "Reservation", RESERVATION, "Usage", "-", "Unused", "Committed", "0", "7"],
    ["UnusedSavingsPlan", "SavingsPlan", PLAN, "Usage", "-", "Unused", "Committed", "0", "7"],
    ["UnusedSavingsPlan", "", PLAN, "Usage", "-", "Unused", "Committed", "0", "7"],
    ["Purchase", "OnDemand", "", "Purchase", "-", "-", "Standard", "7", "7"],
    ["Purchase", "Reservation", RESERVATION, "Purchase", "-", "-", "Standard", "7", "0"],
    ["Purchase", "SavingsPlan", PLAN, "Purchase", "-", "-", "Standard", "7", "0"],
    ["Refund", "OnDemand", "", "Purchase", "Correction", "-", "Standard", "7", "7"],
    ["Refund", "Reservation", RESERVATION, "Purchase", "Correction", "-", "Standard", "7", "0"],
    ["Refund", "SavingsPlan", PLAN, "Purchase", "Correction", "-", "Standard", "7", "0"],
    ["Credit", "OnDemand", "", "Credit", "-", "-", "Standard", "7", "7"],
    ["Tax", "OnDemand", "", "Tax", "-", "-", "-", "7", "7"],
    ["RoundingAdjustment", "OnDemand", "", "Adjustment", "-", "-", "Standard", "7", "7"],
    ["RoundingAdjustment", "Reservation", "", "Adjustment", "-", "-", "Committed", "7", "7"],
    ["HeardOfNever", "", "", "Adjustment", "-", "-", "-", "7", "7"],
    // Other spellings of the same words.
    ["usage", "On Demand", "", "Usage", "-", "-", "Standard", "7", "7"],
    ["Usage", "Reservations", RESERVATION, "Usage", "-", "Used", "Committed", "0", "7"],
    ["Usage", "Savings Plan", PLAN, "Usage", "-", "Used", "Committed", "0", "7"],
    // Old exports name the commitment, but no pricing model.
    ["Usage", "", RESERVATION, "Usage", "-", "Used", "Committed", "0", "7"],
];

#[test]
fn every_charge_type_with_every_pricing_model() {
    let rows: Vec<Vec<(&str, &str)>> = MATRIX
        .iter()
        .map(|[charge, model, benefit, ..]| {
            vec![
                ("ChargeType", *charge),
                ("PricingModel", *model),
                ("BenefitId", *benefit),
                (COST, "7"),
            ]
        })
        .collect();
    let frame = export(&rows.iter().map(Vec::as_slice).collect::<Vec<Row<'_>>>());
    let read = charges(&frame, Role::Alone(Dataset::Amortized));
    let columns = ["ChargeCategory", "ChargeClass", "CommitmentDiscountStatus", "PricingCategory"];
    let got = columns.map(|c| words(&read, c));
    let costs = ["BilledCost", "EffectiveCost"].map(|c| numbers(&read, c));
    for (at, [charge, model, _, expected @ ..]) in MATRIX.iter().enumerate() {
        let got: Vec<&str> = got.iter().chain(&costs).map(|column| column[at].as_str()).collect();
        assert_eq!(got, expected, "{charge} {model}");
    }
    // The actual data set has the billed cost of every charge.
    let actual = charges(&frame, Role::Alone(Dataset::Actual));
    assert!(numbers(&actual, "BilledCost").iter().all(|b| b == "7"));
    assert_eq!(numbers(&actual, "EffectiveCost"), costs[1]);
    // If it is also read, purchases in the amortized data set are not billed again.
    let pair = charges(&frame, Role::AmortizedOfPair);
    let bought = |row: &[&str; 9]| row[3] == "Purchase" && row[8] == "0";
    let expected: Vec<&str> =
        MATRIX.iter().map(|row| if bought(row) { "0" } else { row[7] }).collect();
    assert_eq!(numbers(&pair, "BilledCost"), expected);
    // Only these rows of the actual data set are used.
    let purchases = charges(&frame, Role::PurchasesOfActual);
    assert_eq!(purchases.height(), 4);
    assert!(numbers(&purchases, "BilledCost").iter().all(|b| b == "7"));
    assert!(numbers(&purchases, "EffectiveCost").iter().all(|e| e == "0"));
}

/// A month: a reservation bought for 720 and one returned for 100, a machine that it covers and an
/// unused hour of it, a savings plan, and 50 on demand. The same in both data sets.
fn month() -> (DataFrame, DataFrame) {
    let usage: &[(&str, &str)] = &[("ChargeType", "Usage")];
    let with = |more: &[(&'static str, &'static str)]| {
        usage.iter().chain(more).copied().collect::<Vec<_>>()
    };
    let reserved =
        |cost| with(&[("PricingModel", "Reservation"), ("BenefitId", RESERVATION), (COST, cost)]);
    let planned =
        |cost| with(&[("PricingModel", "SavingsPlan"), ("BenefitId", PLAN), (COST, cost)]);
    let demand = with(&[(COST, "50")]);
    let bought = vec![
        ("ChargeType", "Purchase"),
        ("PricingModel", "Reservation"),
        ("BenefitId", "/providers/Microsoft.Capacity/reservationOrders/O1/reservations/"),
        (COST, "720"),
        ("BenefitName", "VM_RI"),
        ("ProductOrderId", "O1"),
    ];
    let refund = vec![
        ("ChargeType", "Refund"),
        ("PricingModel", "Reservation"),
        ("BenefitId", RESERVATION),
        (COST, "-100"),
    ];
    let plan = vec![
        ("ChargeType", "Purchase"),
        ("PricingModel", "SavingsPlan"),
        ("BenefitId", PLAN),
        (COST, "12"),
    ];
    let rounding = vec![("ChargeType", "RoundingAdjustment"), (COST, "0.003")];
    let unused = vec![
        ("ChargeType", "UnusedReservation"),
        ("PricingModel", "Reservation"),
        ("BenefitId", RESERVATION),
        (COST, "6"),
    ];
    let frame = |rows: &[Vec<(&'static str, &'static str)>]| {
        export(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
    };
    let actual = frame(&[
        bought,
        reserved("0"),
        demand.clone(),
        planned("0"),
        plan,
        refund,
        rounding.clone(),
    ]);
    let amortized = frame(&[reserved("18"), unused, planned("11"), demand, rounding]);
    (actual, amortized)
}

#[test]
fn a_pair_is_billed_as_the_actual_and_costs_what_the_amortized_says() {
    let (actual, amortized) = month();
    let of =
        |frame: &DataFrame| details(frame).dataset(frame.clone().lazy()).expect("one data set");
    assert_eq!((of(&actual), of(&amortized)), (Dataset::Actual, Dataset::Amortized));
    let (purchases, usage) =
        (charges(&actual, Role::PurchasesOfActual), charges(&amortized, Role::AmortizedOfPair));
    // 720 − 100 + 12 of purchases, 50 on demand, 0.003 of rounding: the sum of the actual data set.
    assert_eq!(sum(&purchases, "BilledCost") + sum(&usage, "BilledCost"), dec("682.003"));
    assert_eq!(sum(&actual, COST), dec("682.003"));
    // 18 + 6 + 11 of commitments, 50 on demand, 0.003 of rounding: the sum of the amortized data
    // set.
    assert_eq!(sum(&purchases, "EffectiveCost") + sum(&usage, "EffectiveCost"), dec("85.003"));
    assert_eq!(sum(&amortized, COST), dec("85.003"));
    assert_eq!((purchases.height(), usage.height()), (3, 5));
    // The purchase names the order, the usage names the reservation in it.
    assert_eq!(
        words(&purchases, "CommitmentDiscountId")[0],
        "/providers/microsoft.capacity/reservationorders/o1"
    );
    assert_eq!(words(&usage, "CommitmentDiscountId")[0], RESERVATION.to_lowercase());
    assert_eq!(
        words(&purchases, "CommitmentDiscountType"),
        ["Reservation", "Savings Plan", "Reservation"]
    );
    assert_eq!(words(&purchases, "CommitmentDiscountCategory"), ["Usage", "Spend", "Usage"]);
    assert_eq!(
        words(&purchases, "ResourceId")[0],
        "/providers/microsoft.capacity/reservationorders/o1"
    );
    assert_eq!(words(&purchases, "ResourceName")[0], "VM_RI");
    assert_eq!(words(&purchases, "x_SkuOrderId")[0], "o1");
    assert_eq!(
        words(&usage, "CommitmentDiscountQuantity"),
        ["1.000000000000", "1.000000000000", "11.000000000000", "-", "-"]
    );
    assert_eq!(words(&usage, "CommitmentDiscountUnit"), ["Hours", "Hours", "EUR", "-", "-"]);
}

#[test]
fn what_one_of_the_two_lacks_is_reported() {
    let (actual, amortized) = month();
    let reported = |frame: &DataFrame, role: Role| -> Vec<(String, u64)> {
        let incomplete = details(frame).incomplete(frame.clone().lazy(), role);
        let count = |i: &super::super::Incomplete| i.line_items().expect("a count");
        incomplete.iter().map(|i| (i.what.to_owned(), count(i))).filter(|(_, n)| *n > 0).collect()
    };
    let one = |reported: Vec<(String, u64)>, start: &str, count: u64| {
        assert_eq!(reported.len(), 1, "{reported:?}");
        assert!(reported[0].0.starts_with(start) && reported[0].1 == count, "{reported:?}");
    };
    // Two of usage, two purchases, one refund; and two of usage, one unused part.
    one(
        reported(&actual, Role::Alone(Dataset::Actual)),
        "EffectiveCost lacks the cost of commitments",
        5,
    );
    one(
        reported(&amortized, Role::Alone(Dataset::Amortized)),
        "BilledCost lacks the purchases of commitments",
        3,
    );
    assert!(
        reported(&amortized, Role::AmortizedOfPair).is_empty()
            && reported(&actual, Role::PurchasesOfActual).is_empty()
    );
    let plain = export(&[&[(COST, "5")]]);
    assert_eq!(
        details(&plain).dataset(plain.clone().lazy()).expect("one data set"),
        Dataset::WithoutCommitments
    );
    for dataset in [Dataset::Actual, Dataset::Amortized, Dataset::WithoutCommitments] {
        assert!(reported(&plain, Role::Alone(dataset)).is_empty());
    }
    let odd = export(&[
        &[("UnitOfMeasure", "3 Unheard-Of"), ("Tags", "no tags")],
        &[("Tags", r#""a": "b""#)],
    ]);
    let found = reported(&odd, Role::Alone(Dataset::WithoutCommitments));
    assert_eq!(found.iter().map(|(_, n)| *n).collect::<Vec<_>>(), [1, 1], "{found:?}");
    assert_eq!(words(&alone(&odd), "PricingUnit"), ["3 Unheard-Of", "Hours"]);
}

#[test]
fn rows_of_both_data_sets_are_not_added() {
    let (actual, amortized) = month();
    let both = concat(
        [actual.clone().lazy(), amortized.lazy()],
        UnionArgs { diagonal: true, ..UnionArgs::default() },
    )
    .and_then(LazyFrame::collect)
    .expect("one frame");
    let failed = details(&both).dataset(both.clone().lazy()).expect_err("two data sets");
    assert!(failed.to_string().contains("put each data set into its own file"), "{failed}");
    // A month without commitments is the same in both data sets: the second adds no rows.
    let plain = export(&[&[(COST, "5")]]);
    let all = Role::Alone(Dataset::WithoutCommitments);
    assert_eq!([all, Role::PurchasesOfActual].map(|role| charges(&plain, role).height()), [1, 0]);
}
