//! Hand-worked cases of the bridge, and its invariants over random months.

use std::str::FromStr;

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::super::types::BridgePart;
use super::family::{Family, Line, Sku};
use super::sku::{Parts, Used};

fn dec(text: &str) -> Decimal {
    Decimal::from_str(text).expect("a number")
}

/// Cost and quantity, such as `10/5`.
fn used(text: &str) -> Used {
    match text.split_once('/') {
        Some((cost, "?")) => Used { cost: dec(cost), quantity: None },
        Some((cost, quantity)) => Used { cost: dec(cost), quantity: Some(dec(quantity)) },
        None => Used::NOTHING,
    }
}

/// SKU with one line for each pair of months.
fn sku(lines: &[[&str; 2]]) -> Sku {
    let line = |of: &[&str; 2]| Line { all: of.map(used), only: [Used::NOTHING; 2] };
    Sku { lines: lines.iter().map(line).collect() }
}

/// SKU whose resources exist in one month only.
fn only(last: &str, this: &str) -> Sku {
    let all = [used(last), used(this)];
    Sku { lines: vec![Line { all, only: all }] }
}

/// Returns the parts that are not zero, as text.
fn parts(skus: Vec<Sku>, days: [i64; 2]) -> Vec<(BridgePart, String)> {
    let (_, parts) = Family { skus }.change(days.map(Decimal::from));
    let all = BridgePart::ALL.into_iter().zip(parts);
    all.filter(|(_, amount)| !amount.is_zero())
        .map(|(part, amount)| (part, amount.normalize().to_string()))
        .collect()
}

fn is(part: BridgePart, amount: &str) -> (BridgePart, String) {
    (part, amount.to_owned())
}

#[test]
fn a_price_alone_a_quantity_alone_and_both() {
    // 100 hours at 0.10, then at 0.12.
    assert_eq!(parts(vec![sku(&[["10/100", "12/100"]])], [30, 30]), [is(BridgePart::Price, "2")]);
    // 100, then 150 hours at 0.10.
    assert_eq!(parts(vec![sku(&[["10/100", "15/150"]])], [30, 30]), [is(BridgePart::Usage, "5")]);
    // 100 hours at 0.10, then 150 at 0.12: 50 × 0.11 and 0.02 × 125.
    let both = parts(vec![sku(&[["10/100", "18/150"]])], [30, 30]);
    assert_eq!(both, [is(BridgePart::Usage, "5.5"), is(BridgePart::Price, "2.5")]);
}

#[test]
fn a_month_with_one_more_day() {
    // 24 hours a day at 0.10: 30, then 31 days.
    let all = parts(vec![sku(&[["72/720", "74.4/744"]])], [30, 31]);
    assert_eq!(all, [is(BridgePart::Days, "2.4")]);
    // A unit per month has the same amount in both: its days are 1 and 1.
    assert_eq!(parts(vec![sku(&[["8/100", "8/100"]])], [1, 1]), []);
}

#[test]
fn larger_sizes_of_the_same_kind_are_mix() {
    // 10 hours of a size at 1 and none of one at 2, then 4 and 6: 10 hours in both, 6 more dollars.
    let all = parts(vec![sku(&[["10/10", "4/4"]]), sku(&[["0/0", "12/6"]])], [30, 30]);
    assert_eq!(all, [is(BridgePart::Mix, "6")]);
    // The same, and twice the hours: Δq 10 at the mean price of (1.0 + 1.6) ÷ 2.
    let all = parts(vec![sku(&[["10/10", "8/8"]]), sku(&[["0/0", "24/12"]])], [30, 30]);
    assert_eq!(all, [is(BridgePart::Usage, "13"), is(BridgePart::Mix, "9")]);
}

#[test]
fn new_and_removed_resources_and_replaced_ones() {
    assert_eq!(parts(vec![only("", "30/10")], [30, 30]), [is(BridgePart::New, "30")]);
    assert_eq!(parts(vec![only("30/10", "")], [30, 30]), [is(BridgePart::Gone, "-30")]);
    // Ten hours of machines that ended, and twelve of others of the same kind: two hours are new.
    let all = parts(vec![only("30/10", "36/12")], [30, 30]);
    assert_eq!(all, [is(BridgePart::New, "6")]);
    // Replaced by a size at twice the price: half of the hours are enough. 5 of 10 hours are
    // replaced, at 2 instead of 1, and 5 are gone.
    let all = parts(vec![only("10/10", ""), only("", "10/5")], [30, 30]);
    assert_eq!(all, [is(BridgePart::Mix, "5"), is(BridgePart::Gone, "-5")]);
}

#[test]
fn a_new_resource_in_another_pricing_category_leaves_the_rest_separable() {
    let all = [used(""), used("22.427160462759/31")];
    let spot = Line { all, only: all };
    let mut both = sku(&[["73.2/732", "146.4/1464"]]);
    both.lines.push(spot);
    let found = parts(vec![both], [31, 31]);
    assert_eq!(found, [is(BridgePart::Usage, "73.2"), is(BridgePart::New, "22.427160462759")]);
}

#[test]
fn quantities_that_cancel_out_are_not_separated() {
    // 0.1 hours remain of a month with a refund, and cost 42.
    let all = parts(vec![sku(&[["42/0.1", "74.4/744"]])], [30, 30]);
    assert_eq!(all, [is(BridgePart::NotSeparable, "32.4")]);
}

#[test]
fn a_commitment_that_began() {
    // 100 hours on demand at 1; then 40 of them are covered at 0.6.
    let all = parts(vec![sku(&[["100/100", "60/60"], ["", "24/40"]])], [30, 30]);
    assert_eq!(all, [is(BridgePart::Coverage, "-16")]);
    // The covered price falls to 0.5: half of both months' shares, 0.4, at −0.1.
    let all = parts(vec![sku(&[["60/60", "60/60"], ["24/40", "20/40"]])], [30, 30]);
    assert_eq!(all, [is(BridgePart::Price, "-4")]);
}

#[test]
fn without_a_quantity_nothing_is_separated_but_days() {
    let all = parts(vec![sku(&[["30/?", "40/?"]])], [30, 31]);
    // The mean cost per day: (1 + 40 ÷ 31) ÷ 2.
    assert_eq!(all, [is(BridgePart::Days, "1.145161"), is(BridgePart::NotSeparable, "8.854839")]);
    // A cost without a quantity.
    assert_eq!(parts(vec![sku(&[["5/0", "9/3"]])], [30, 30]), [is(BridgePart::NotSeparable, "4")]);
}

fn amount() -> impl Strategy<Value = Used> {
    (0_i64..1_000_000_000_000_000, proptest::option::weighted(0.9, 0_i64..10_000_000)).prop_map(
        |(cost, quantity)| Used {
            cost: Decimal::new(cost, 12),
            quantity: quantity.map(|q| Decimal::new(q, 4)),
        },
    )
}

/// Line whose resources of one month only are a part of it.
fn line() -> impl Strategy<Value = Line> {
    ([amount(), amount()], [0_i64..=4, 0_i64..=4]).prop_map(|(all, quarters)| {
        let part = |at: usize| {
            let share = Decimal::new(quarters[at] * 25, 2);
            Used {
                cost: (all[at].cost * share).round_dp(12),
                quantity: all[at].quantity.map(|q| q * share),
            }
        };
        Line { all, only: [part(0), part(1)] }
    })
}

fn family() -> impl Strategy<Value = Family> {
    let sku = proptest::collection::vec(line(), 1..4).prop_map(|lines| Sku { lines });
    proptest::collection::vec(sku, 1..5).prop_map(|skus| Family { skus })
}

fn swapped(family: &Family) -> Family {
    let line = |l: &Line| Line { all: [l.all[1], l.all[0]], only: [l.only[1], l.only[0]] };
    let sku = |s: &Sku| Sku { lines: s.lines.iter().map(line).collect() };
    Family { skus: family.skus.iter().map(sku).collect() }
}

fn sum(parts: &Parts) -> Decimal {
    parts.iter().sum()
}

proptest! {
    #[test]
    fn parts_add_up_and_swapped_months_negate_them(family in family(), days in [28_i64..=31, 28_i64..=31]) {
        let days = days.map(Decimal::from);
        let (_, parts) = family.change(days);
        let cost = |at: usize| family.skus.iter().flat_map(|s| &s.lines).map(|l| l.all[at].cost).sum::<Decimal>();
        prop_assert_eq!(sum(&parts), cost(1) - cost(0));
        let (_, back) = swapped(&family).change([days[1], days[0]]);
        for part in BridgePart::ALL {
            let (this, opposite) = match part {
                BridgePart::New => (BridgePart::New, BridgePart::Gone),
                BridgePart::Gone => (BridgePart::Gone, BridgePart::New),
                part => (part, part),
            };
            prop_assert_eq!(parts[this.index()], -back[opposite.index()], "{:?}", part);
        }
    }

    #[test]
    fn the_order_of_skus_and_lines_does_not_matter(family in family(), days in [28_i64..=31, 28_i64..=31]) {
        let days = days.map(Decimal::from);
        let mut other = family.clone();
        other.skus.reverse();
        for sku in &mut other.skus {
            sku.lines.reverse();
        }
        let (one, two) = (family.change(days).1, other.change(days).1);
        for part in BridgePart::ALL {
            // Sums of quotients have other last digits in another order.
            let apart = (one[part.index()] - two[part.index()]).abs();
            prop_assert!(apart < Decimal::new(1, 4), "{:?}: {}", part, apart);
        }
    }
}
