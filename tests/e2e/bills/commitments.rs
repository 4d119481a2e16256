//! Commitments: prices that are not known, identifiers in two spellings, a term that ends, coverage
//! of providers other than AWS.
//!
//! Sources: microsoft/finops-toolkit issues 1424, 1835 (prices of 0 where a reservation pays) and
//! 1092 (`EffectiveCost` of purchases), and its changelog 0.9 (`CommitmentDiscountId` in small
//! letters); MicrosoftDocs/azure-docs issue 36222; FOCUS specification, "Commitment discounts".

use rust_decimal::Decimal;
use serde_json::Value;

use super::Kind::{Identifiers, OneProvider, Price, ProviderGap};
use super::make::{Sheet, daily};
use super::{Case, Want, case, file, group, hold, list, number, total};

const RESERVATION: &str = "/providers/Microsoft.Capacity/reservationOrders/7a7a/reservations/9c9c";

const COMMITMENTS: &[&str] = &["commitments", "--month", "2026-05"];
const ANOMALIES: &[&str] = &["anomalies", "--month", "2026-05"];

/// Usage that a reservation pays for: 8.00 a day, 12.00 at list prices; nothing is billed for it.
fn covered(month: &str, days: std::ops::RangeInclusive<u32>) -> Sheet {
    let sheet = daily(month, days, "8")
        .set("BilledCost", "0")
        .set("ListCost", "12")
        .set("ContractedCost", "12");
    let sheet = sheet
        .set("ProviderName", "Microsoft")
        .set("ServiceName", "Virtual Machines")
        .set("PricingCategory", "Committed");
    let sheet =
        sheet.set("CommitmentDiscountId", RESERVATION).set("CommitmentDiscountStatus", "Used");
    let sheet = sheet
        .set("CommitmentDiscountCategory", "Usage")
        .set("CommitmentDiscountType", "Reservation");
    sheet.set("PricingQuantity", "24").set("PricingUnit", "Hours").set("SkuMeter", "D2s v5")
}

/// The same usage on demand: 12.00 a day.
fn on_demand(month: &str, days: std::ops::RangeInclusive<u32>) -> Sheet {
    let sheet = daily(month, days, "12")
        .set("ProviderName", "Microsoft")
        .set("ServiceName", "Virtual Machines");
    let sheet = sheet
        .set("PricingCategory", "Standard")
        .set("PricingQuantity", "24")
        .set("PricingUnit", "Hours");
    sheet.set("SkuMeter", "D2s v5")
}

/// A reservation that is bought for the month: 31 × 8.00 = 248.00.
fn purchase() -> Sheet {
    let sheet =
        daily("2026-05", 1..=1, "248").set("EffectiveCost", "0").set("ChargeCategory", "Purchase");
    let sheet = sheet
        .set("ProviderName", "Microsoft")
        .set("ServiceName", "Virtual Machines")
        .set("PricingCategory", "Standard");
    let sheet =
        sheet.set("CommitmentDiscountId", RESERVATION).set("CommitmentDiscountCategory", "Usage");
    sheet.set("CommitmentDiscountType", "Reservation").set("ChargeFrequency", "Recurring")
}

/// Whether the one commitment of a month has so much of something.
fn the_one(report: &Value, field: &str, amount: i64) -> bool {
    let owned = list(&report["owned"]);
    owned.len() == 1 && number(&owned[0][field]) == Some(Decimal::from(amount))
}

fn bill(sheet: &Sheet) -> Vec<(String, super::Content)> {
    vec![file("may.csv", sheet.csv())]
}

fn gaps() -> Vec<Case> {
    let month = || covered("2026-05", 1..=31);
    let prices = ["ListCost", "ContractedCost", "ListUnitPrice", "ContractedUnitPrice"];
    let free = prices.iter().fold(month(), |sheet, price| sheet.set(price, "0"));
    let unknown = |v: &Value| v["owned"][0]["net_saving"].is_null();
    let paid_twice = purchase().set("EffectiveCost", "248").then(&month());
    let free_tier = daily("2026-05", 1..=31, "0").set("PricingCategory", "Standard").then(&daily(
        "2026-05",
        1..=31,
        "3.25",
    ));
    vec![
        case(
            ProviderGap,
            "prices of 0 where a reservation pays are not known",
            bill(&purchase().then(&free)),
            Want::All(vec![
                total("2026-05", "248", "248"),
                Want::Holds(COMMITMENTS, "the net saving is not known", unknown),
            ]),
        ),
        // 31 × (12.00 - 8.00) = 124.00.
        case(
            ProviderGap,
            "neighbor: prices that are there are taken",
            bill(&purchase().then(&month())),
            Want::All(vec![
                total("2026-05", "248", "248"),
                Want::Holds(COMMITMENTS, "124 are saved", |v| the_one(v, "net_saving", 124)),
            ]),
        ),
        case(
            ProviderGap,
            "an effective cost of a purchase, which its usage has as well",
            bill(&paid_twice),
            Want::Any(vec![
                total("2026-05", "248", "248"),
                Want::Said(&["EffectiveCost", "purchase|commitment"]),
            ]),
        ),
        case(
            ProviderGap,
            "neighbor: usage that is free has no unknown price",
            bill(&free_tier),
            Want::All(vec![
                total("2026-05", "100.75", "100.75"),
                Want::NotSaid(&["unknown", "ListCost"]),
            ]),
        ),
    ]
}

fn identifiers() -> Vec<Case> {
    let small = covered("2026-05", 1..=31).set("CommitmentDiscountId", &RESERVATION.to_lowercase());
    let subscription = "/subscriptions/ABCD0000-0000-4000-8000-00000000000F";
    let azure = || {
        daily("2026-05", 1..=31, "3.25")
            .set("ProviderName", "Microsoft")
            .set("SubAccountId", subscription)
    };
    let in_both_cases = azure().set_in(16..=31, "SubAccountId", &subscription.to_lowercase());
    let accounts = &["review", "--month", "2026-05", "--group-by", "account"];
    let aws =
        daily("2026-05", 1..=31, "3.25").set("ProviderName", "AWS").set("SubAccountId", "Team-A");
    let aws = aws.set_in(16..=31, "SubAccountId", "team-a");
    vec![
        case(
            Identifiers,
            "a reservation whose purchase and usage spell it in two letter cases",
            bill(&purchase().then(&small)),
            Want::All(vec![
                Want::Holds(COMMITMENTS, "one commitment cost 248", |v| the_one(v, "cost", 248)),
                Want::Holds(COMMITMENTS, "248 of it are used", |v| the_one(v, "used", 248)),
            ]),
        ),
        case(
            Identifiers,
            "a subscription of Azure in two letter cases",
            bill(&in_both_cases),
            Want::Holds(accounts, "there is one account of 100.75", |v| {
                let rows = list(&v["groups"][0]["rows"]);
                rows.len() == 1
                    && number(&rows[0]["effective"]["this_month"]) == "100.75".parse().ok()
            }),
        ),
        // 15 × 3.25 = 48.75 and 16 × 3.25 = 52.00.
        case(
            Identifiers,
            "neighbor: elsewhere two letter cases are two accounts",
            bill(&aws),
            Want::All(vec![group("account", "Team-A", "48.75"), group("account", "team-a", "52")]),
        ),
    ]
}

/// A reservation ends on 10 May: the same usage costs 12.00 in place of 8.00 a day, ten machines of
/// it.
fn lapsed() -> Sheet {
    let ten = |sheet: Sheet, effective: &str, list: &str| {
        let sheet =
            sheet.set("EffectiveCost", effective).set("ListCost", list).set("ContractedCost", list);
        sheet.set("PricingQuantity", "240")
    };
    let before = ["2026-01", "2026-02", "2026-03", "2026-04"]
        .map(|month| ten(covered(month, 1..=31), "80", "120"));
    let until = ten(covered("2026-05", 1..=10), "80", "120");
    let after = ten(on_demand("2026-05", 11..=31), "120", "120").set("BilledCost", "120");
    let [first, rest @ ..] = before;
    rest.iter().chain([&until, &after]).fold(first, Sheet::then)
}

fn lapse() -> Vec<Case> {
    // 21 days × (120.00 - 80.00) = 840.00, all of it by price.
    vec![case(
        Price,
        "a reservation that ends is a rise by price",
        bill(&lapsed()),
        Want::All(vec![
            Want::Holds(ANOMALIES, "there is one, from 11 May", |v| {
                list(&v["anomalies"]).len() == 1 && v["anomalies"][0]["first_day"] == "2026-05-11"
            }),
            Want::Holds(ANOMALIES, "it is 840 above expectation", |v| {
                number(&v["anomalies"][0]["excess"]) == Some(Decimal::from(840))
            }),
            Want::Holds(ANOMALIES, "840 of it are by price, and nothing is new", |v| {
                let causes = list(&v["anomalies"][0]["causes"]);
                let sum =
                    |field: &str| causes.iter().filter_map(|c| number(&c[field])).sum::<Decimal>();
                sum("price_effect") == Decimal::from(840) && sum("new_effect").is_zero()
            }),
            Want::Holds(ANOMALIES, "no cause is above the anomaly", |v| {
                let causes = list(&v["anomalies"][0]["causes"]);
                causes
                    .iter()
                    .filter_map(|c| number(&c["excess"]))
                    .all(|excess| excess <= Decimal::from(840))
            }),
        ]),
    )]
}

fn coverage() -> Vec<Case> {
    // 12.00 a day at list prices are covered, 12.00 are not.
    let half = |provider: &str| {
        let other = on_demand("2026-05", 1..=31).set("ResourceId", "vm-2");
        let sheet = covered("2026-05", 1..=31).then(&other).then(&purchase());
        sheet.set("ProviderName", provider)
    };
    let not_all =
        |v: &Value| number(&v["total"]["coverage_pct"]).is_none_or(|p| p == Decimal::from(50));
    vec![
        case(
            OneProvider,
            "half of a bill of Microsoft's is covered, or it is not known",
            bill(&half("Microsoft")),
            Want::Holds(COMMITMENTS, "coverage is 50 % or not known", not_all),
        ),
        case(
            OneProvider,
            "half of a bill of Google's is covered, or it is not known",
            bill(&half("Google Cloud")),
            Want::Holds(COMMITMENTS, "coverage is 50 % or not known", not_all),
        ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [gaps(), identifiers(), lapse(), coverage()].into_iter().flatten().collect()
}

#[test]
fn known_gaps_of_providers_are_no_facts() {
    hold(&gaps());
}

#[test]
fn identifiers_are_compared_as_their_provider_does() {
    hold(&identifiers());
}

#[test]
fn a_rise_by_price_is_reported_as_one() {
    hold(&lapse());
}

#[test]
fn coverage_is_right_or_unknown_for_every_provider() {
    hold(&coverage());
}
