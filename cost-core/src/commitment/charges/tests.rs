use polars::prelude::*;
use proptest::prelude::*;

use super::*;
use crate::focus::{FocusFrame, Origin, Part};
use crate::rollup::{RollUpOptions, roll_up, roll_up_with};

/// The columns of a made bill; each of its rows has one of the texts of each.
const COLUMNS: [(&str, &[&str]); 22] = [
    ("BilledCost", &["0", "1.5", "-0.25", "0.000000000001"]),
    ("EffectiveCost", &["0.7", "1.5", "-0.25", "0"]),
    ("ListCost", &["2", "3.1", ""]),
    ("ContractedCost", &["1.9", "", "1.1"]),
    ("PricingQuantity", &["1", "24", ""]),
    (
        "ChargePeriodStart",
        &["2026-09-30T23:00:00Z", "2026-10-01T00:00:00Z", "2026-09-01T07:00:00Z", "2026-10-31"],
    ),
    (
        "ChargePeriodEnd",
        &["2026-11-01T00:00:00Z", "2026-10-01T01:00:00Z", "", "2027-10-01T00:00:00Z"],
    ),
    ("ChargeCategory", &["Usage", "Usage", "Purchase", "Credit", "Tax"]),
    ("ChargeClass", &["", "Correction"]),
    ("PricingCategory", &["Standard", "Committed", "Dynamic", ""]),
    ("PricingUnit", &["Hours", "Hrs"]),
    ("ProviderName", &["AWS", "Microsoft"]),
    ("SubAccountId", &["1", "2", ""]),
    ("RegionId", &["us-east-1", ""]),
    ("SkuMeter", &["BoxUsage:m5.large", "Requests", "", "USW2-Fargate-GB-Hours"]),
    ("ResourceId", &["", "i-1", "i-2"]),
    ("CommitmentDiscountId", &["", "", "arn:aws:savingsplans::42:savingsplan/a", "reservation"]),
    ("CommitmentDiscountName", &["", "ours"]),
    ("CommitmentDiscountType", &["", "Compute Savings Plans", "Reserved"]),
    ("CommitmentDiscountCategory", &["", "Spend", "Usage"]),
    ("CommitmentDiscountStatus", &["", "Used", "Unused"]),
    ("Tags", &["{}", r#"{"team":"a"}"#, r#"{"team":"b"}"#]),
];

type Row = [usize; COLUMNS.len()];

/// A bill of several parts, which are read one after the other.
fn bill(parts: &[Vec<Row>]) -> FocusFrame {
    let part = |rows: &Vec<Row>| {
        let cell = |at: usize, row: &Row| COLUMNS[at].1[row[at] % COLUMNS[at].1.len()];
        let text = |(at, (name, _)): (usize, &(&str, _))| {
            Column::new((*name).into(), rows.iter().map(|row| cell(at, row)).collect::<Vec<_>>())
        };
        let same = |(name, text): (&str, &str)| Column::new(name.into(), vec![text; rows.len()]);
        let all = [
            ("BillingPeriodStart", "2026-10-01T00:00:00Z"),
            ("BillingCurrency", "USD"),
            ("BillingAccountId", "1"),
            ("ServiceName", "Amazon Elastic Compute Cloud"),
        ];
        let columns =
            COLUMNS.iter().enumerate().map(text).chain(all.into_iter().map(same)).collect();
        Part::from(
            Origin::of_frame("part", DataFrame::new(rows.len(), columns).unwrap().lazy()).unwrap(),
        )
    };
    FocusFrame::from_parts(parts.iter().map(part).collect(), &["team".to_owned()]).unwrap()
}

fn sums(bill: &FocusFrame) -> Vec<ChargeSums> {
    roll_up_with(bill, RollUpOptions { commitments: Some(SCAN) })
        .unwrap()
        .commitments
        .expect("requested")
}

#[test]
fn the_pass_of_the_roll_up_sums_as_a_scan_of_its_own() {
    let bill = crate::example::bill().unwrap();
    let found = sums(&bill);
    assert_eq!(found, oracle::sums(&bill));
    // Of each month of the example: the instance.
    assert_eq!(found.len(), 3);
    assert!(found.iter().all(|of| of.texts[10].as_deref() == Some("BoxUsage:m5.xlarge")));
}

#[test]
fn charges_are_summed_only_where_they_are_asked_for() {
    assert_eq!(roll_up(&crate::example::bill().unwrap()).unwrap().commitments, None);
}

#[test]
fn usage_that_turns_out_to_carry_the_cost_of_a_purchase_is_summed_without_it() {
    let bill = purchased();
    let found = sums(&bill);
    assert_eq!(found, oracle::sums(&bill));
    let effective: Vec<i128> = found.iter().map(|of| of.effective).collect();
    assert_eq!(effective, [0, 700_000_000_000]);
}

/// A bill of which it shows only in the scan that a purchase's cost is with the usage that it pays
/// for.
fn purchased() -> FocusFrame {
    let row = |of: &[(&str, &str)]| -> Row {
        std::array::from_fn(|at| {
            let text = of.iter().find(|(name, _)| *name == COLUMNS[at].0).map(|(_, text)| *text);
            text.map_or(0, |text| {
                COLUMNS[at].1.iter().position(|t| *t == text).expect("a text of the column")
            })
        })
    };
    let id = ("CommitmentDiscountId", "reservation");
    let purchase =
        [id, ("ChargeCategory", "Purchase"), ("BilledCost", "1.5"), ("EffectiveCost", "1.5")];
    let used = [id, ("CommitmentDiscountStatus", "Used"), ("PricingCategory", "Committed")];
    bill(&[vec![row(&purchase)], vec![row(&used)]])
}

/// What a scan finds out of commitments is of the bill, and shared by all who read it.
#[test]
fn scans_at_once_do_not_mix() {
    let bill = purchased();
    let alone = sums(&bill);
    let at_once = || {
        std::thread::scope(|scope| {
            let scans: Vec<_> = (0..4).map(|_| scope.spawn(|| sums(&bill.clone()))).collect();
            scans.into_iter().map(|scan| scan.join().expect("no panic")).collect::<Vec<_>>()
        })
    };
    for _ in 0..8 {
        assert!(at_once().iter().all(|found| *found == alone));
    }
}

#[test]
fn what_is_null_once_is_unknown() {
    let of = |list: &str| -> Row {
        std::array::from_fn(|at| {
            if COLUMNS[at].0 == "ListCost" {
                COLUMNS[at].1.iter().position(|t| *t == list).unwrap()
            } else {
                0
            }
        })
    };
    let found = charges(&sums(&bill(&[vec![of("2"), of(""), of("3.1")]])), Currency::USD).unwrap();
    let [one] = found.as_slice() else { panic!("one charge: {found:?}") };
    assert_eq!(
        (one.list, one.contracted.map(|c| c.to_string())),
        (None, Some("5.70 USD".to_owned()))
    );
}

fn rows() -> impl Strategy<Value = Vec<Vec<Row>>> {
    let row = proptest::array::uniform22(0_usize..60);
    proptest::collection::vec(proptest::collection::vec(row, 1..40), 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn sums_are_those_of_a_scan_of_their_own_in_whatever_order(parts in rows()) {
        let bill_as_is = bill(&parts);
        let found = sums(&bill_as_is);
        prop_assert_eq!(&found, &oracle::sums(&bill_as_is));
        let mut rows: Vec<Row> = parts.into_iter().flatten().rev().collect();
        rows.sort_by_key(|row| row.iter().fold(0_usize, |hash, at| hash.wrapping_mul(31).wrapping_add(at * 17)));
        prop_assert_eq!(&found, &sums(&bill(&rows.chunks(7).map(<[Row]>::to_vec).collect::<Vec<_>>())));
    }
}
