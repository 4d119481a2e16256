//! Azure's actual and amortized costs side by side: of several subscriptions, of other days,
//! without commitments, and where they differ.
//!
//! Sources: Microsoft Learn, "Cost details fields" (`ChargeType`, `PricingModel`, `ReservationId`:
//! the amortized data set has no purchases of commitments, the actual one has their usage at 0);
//! `microsoft/finops-toolkit`, sample exports of an Enterprise Agreement.

use std::ops::RangeInclusive;

use super::Kind::Doubled;
use super::{Case, Content, Want, case, file, hold, total};

const HEADER: &str = "BillingAccountId,BillingPeriodStartDate,BillingPeriodEndDate,SubscriptionId,Date,MeterId,MeterCategory,\
                      MeterName,ResourceLocation,ResourceId,Quantity,UnitOfMeasure,CostInBillingCurrency,BillingCurrencyCode,\
                      ChargeType,PricingModel,ReservationId\n";
const RESERVATION: &str = "/providers/Microsoft.Capacity/reservationOrders/o1/reservations/r1";

/// A row of a subscription (1 or 2) and a day of May 2026.
fn row(subscription: u32, day: u32, cost: &str, what: [&str; 2]) -> String {
    let [charge, model] = what;
    let id = format!("0f0f0f0f-0000-0000-0000-00000000000{subscription}");
    let reservation = if model == "Reservation" { RESERVATION } else { "" };
    format!(
        "1234567,05/01/2026,05/31/2026,{id},05/{day:02}/2026,m1,Virtual Machines,D2s v3,westeurope,\
         /subscriptions/{id}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm{subscription},24,1 Hour,{cost},USD,\
         {charge},{model},{reservation}\n"
    )
}

/// Usage on demand of 1.50 a day of a subscription.
fn demand(subscription: u32, days: RangeInclusive<u32>) -> String {
    days.map(|day| row(subscription, day, "1.5", ["Usage", "OnDemand"])).collect()
}

/// Usage that a reservation pays for, of subscription 1, at a cost a day.
fn reserved(days: RangeInclusive<u32>, cost: &str) -> String {
    days.map(|day| row(1, day, cost, ["Usage", "Reservation"])).collect()
}

/// The actual costs of subscription 1: 31 × 1.50, and a reservation bought for 300.
fn actual() -> String {
    demand(1, 1..=31) + &reserved(1..=31, "0") + &row(1, 1, "300", ["Purchase", "Reservation"])
}

/// The amortized costs of subscription 1: 31 × 1.50, and 31 × 10 of the reservation.
fn amortized(days: RangeInclusive<u32>) -> String {
    demand(1, days.clone()) + &reserved(days, "10")
}

fn pair(actual: &[(&str, String)], amortized: &[(&str, String)]) -> Vec<(String, Content)> {
    let both = [("actual", actual), ("amortized", amortized)];
    let files = both
        .into_iter()
        .flat_map(|(folder, files)| files.iter().map(move |(name, rows)| (folder, name, rows)));
    files
        .map(|(folder, name, rows)| file(format!("{folder}/{name}.csv"), format!("{HEADER}{rows}")))
        .collect()
}

fn second() -> String {
    demand(2, 1..=31)
}

fn pairs() -> Vec<Case> {
    let shuffled =
        (1..=31).rev().map(|day| row(2, day, "1.50", ["Usage", "OnDemand"])).collect::<String>();
    vec![
        // 46.5 on demand and 300 of purchases; 46.5 and 310 of the reservation.
        case(
            Doubled,
            "both of one subscription are one bill",
            pair(&[("a", actual())], &[("a", amortized(1..=31))]),
            total("2026-05", "346.5", "356.5"),
        ),
        case(
            Doubled,
            "a subscription that the actual export alone has counts",
            pair(&[("a", actual() + &second())], &[("a", amortized(1..=31))]),
            total("2026-05", "393", "403"),
        ),
        case(
            Doubled,
            "so it does in a file of its own",
            pair(&[("a", actual()), ("b", second())], &[("a", amortized(1..=31))]),
            total("2026-05", "393", "403"),
        ),
        case(
            Doubled,
            "exports without commitments are the same bytes, and one bill",
            pair(&[("a", actual()), ("b", second())], &[("a", amortized(1..=31)), ("b", second())]),
            total("2026-05", "393", "403"),
        ),
        case(
            Doubled,
            "exports without commitments alone are one bill, whatever the order of their rows",
            pair(&[("b", second())], &[("b", shuffled)]),
            total("2026-05", "46.5", "46.5"),
        ),
    ]
}

fn incomplete_pairs() -> Vec<Case> {
    let late = actual() + &row(1, 10, "77", ["Usage", "OnDemand"]);
    vec![
        // Of the days from the 21st the reservation's usage is at 0.
        case(
            Doubled,
            "days that the actual export alone has count, and what they lack is noted",
            pair(&[("a", actual())], &[("a", amortized(1..=20))]),
            Want::All(vec![
                total("2026-05", "346.5", "246.5"),
                Want::Said(&["EffectiveCost lacks the cost of commitments"]),
            ]),
        ),
        case(
            Doubled,
            "usage that the amortized export lacks of a day that it has is noted with both sums",
            pair(&[("a", late)], &[("a", amortized(1..=31))]),
            Want::All(vec![
                total("2026-05", "346.5", "356.5"),
                Want::Said(&["differ", "78.5", "1.5", "1 day", "2026-05-10"]),
            ]),
        ),
    ]
}

fn neighbors() -> Vec<Case> {
    vec![
        case(
            Doubled,
            "neighbor: a copy of the actual export counts once",
            pair(&[("a", actual())], &[("a", amortized(1..=31))])
                .into_iter()
                .chain([file("backup/a.csv", format!("{HEADER}{}", actual()))])
                .collect(),
            total("2026-05", "346.5", "356.5"),
        ),
        case(
            Doubled,
            "neighbor: two parts of an export without commitments that share days are no pair",
            vec![
                file("one/a.csv", format!("{HEADER}{}", demand(1, 1..=31))),
                file("two/a.csv", format!("{HEADER}{}", demand(1, 1..=31).replace("vm1", "vm9"))),
            ],
            total("2026-05", "93", "93"),
        ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [pairs(), incomplete_pairs(), neighbors()].into_iter().flatten().collect()
}

#[test]
fn azures_two_data_sets_are_one_bill() {
    hold(&cases());
}
