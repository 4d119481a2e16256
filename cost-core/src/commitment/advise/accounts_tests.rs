//! Buying accounts, and the bound for all purchases, compared with amounts worked by hand and with
//! brute force.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::market::{Bound, Candidate};
use super::owners::by_account;
use super::purchases::{Item, piece};
use super::tests::{day, high, usd};
use super::*;
use crate::cloud::Provider;
use crate::commitment::hours::{CoveredUsage, OwnedHours, UsageLine};
use crate::commitment::{OfferRow, Payment, Product, Term, UpTo};
use crate::estate::Estate;
use crate::money::Money;

/// Instances or endpoints of a type in an account, by hour, at 0.1 USD on demand.
fn line(account: &str, usage_type: &str, units: impl Iterator<Item = i64>) -> UsageLine {
    UsageLine {
        account: account.to_owned(),
        region: "us-east-1".to_owned(),
        usage_type: usage_type.to_owned(),
        provider: Provider::Aws,
        service: None,
        operation: Some("RunInstances".to_owned()),
        resource_id: None,
        list_unit_price: Some(usd(1, 1)),
        on_demand_unit_price: usd(1, 1),
        quantities: units.map(|n| n * 10_000_000_000).collect(),
        covered: BTreeMap::new(),
    }
}

/// Two weeks of steady usage, or of usage in every second hour.
fn steady(units: i64) -> impl Iterator<Item = i64> {
    std::iter::repeat_n(units, 336)
}

fn every_second_hour(units: i64) -> impl Iterator<Item = i64> {
    (0..336).map(move |hour| if hour % 2 == 0 { units } else { 0 })
}

fn usage(lines: Vec<UsageLine>, owned: Vec<OwnedHours>) -> HourlyUsage {
    let window = Window { from: day("2026-09-14"), until: day("2026-09-28") };
    HourlyUsage { window, lines, owned, spread: 0, excluded: Vec::new() }
}

/// Offers for a year without upfront payment: product, usage type, and rate in cents.
fn estate(offers: &[(Product, &str, i64)]) -> Estate {
    let offer = |(product, usage_type, cents): &(Product, &str, i64)| OfferRow {
        product: *product,
        term: Term::OneYear,
        payment: Payment::NoUpfront,
        region_id: "us-east-1".to_owned(),
        usage_type: (*usage_type).to_owned(),
        operation: Some("RunInstances".to_owned()),
        usd_per_unit: UpTo(usd(*cents, 2)),
        upfront_pct: UpTo(Decimal::ZERO),
        as_of: Some(day("2026-09-28")),
    };
    Estate {
        offers: offers.iter().map(offer).collect(),
        ..Estate::bare("bill").expect("an estate")
    }
}

fn report(estate: &Estate, usage: &HourlyUsage, payer: Option<&str>) -> BuyReport {
    let known = Known {
        prices: &estate.prices,
        offers: &estate.offers,
        inventory: None,
        usage,
        history: None,
        remaining: &Remaining::default(),
        payer,
        charges: &[],
        first_day: day("2026-09-14"),
        as_of: day("2026-09-28"),
        currency: Currency::USD,
    };
    advise(known, &high()).expect("advice")
}

fn dollars(cents: i64) -> Money {
    Money::new(usd(cents, 2), Currency::USD)
}

const PLANS: [(Product, &str, i64); 2] = [
    (Product::ComputePlan, "BoxUsage:c5.large", 8),
    (Product::ComputePlan, "BoxUsage:m5.large", 6),
];

/// Most of the usage is in account 1, but not in all hours, and it saves less.
fn two_accounts() -> Vec<UsageLine> {
    vec![
        line("1", "BoxUsage:c5.large", every_second_hour(30)),
        line("2", "BoxUsage:m5.large", steady(10)),
    ]
}

#[test]
fn the_account_with_the_highest_savings_buys() {
    let usage = usage(two_accounts(), vec![]);
    let report = report(&estate(&PLANS), &usage, None);
    let bought: Vec<(&str, Decimal)> =
        report.purchases.iter().map(|p| (p.sub_account_id.as_str(), p.usd_per_hour)).collect();
    assert_eq!(bought, [("2", usd(6, 1))]);
    // 10 × 0.1 USD per hour cost 0.6: 0.4 × 730. Account 1 would cover 7.5 of its own instances in
    // every second hour: 0.75 instead of 1 USD, so 0.275 on average.
    let saves: Vec<(&str, Money)> =
        report.accounts.iter().map(|a| (a.sub_account_id.as_str(), a.saves)).collect();
    assert_eq!(saves, [("2", dollars(29_200)), ("1", dollars(20_075))]);
    assert_eq!(report.total.saves, dollars(29_200));
    assert_eq!(report.first[0].sub_account_id, "2");
    assert!(report.first_script.join("\n").contains(r#"[ "$ACCOUNT" = 2 ] ||"#));
}

#[test]
fn an_account_without_usage_buys_for_the_highest_savings_of_all() {
    let usage = usage(two_accounts(), vec![]);
    let report = report(&estate(&PLANS), &usage, Some("9"));
    assert_eq!(report.purchases[0].sub_account_id, "9");
    assert_eq!(report.total.saves, dollars(29_200));
}

#[test]
fn each_purchase_can_have_its_own_account() {
    let mut lines = two_accounts();
    lines.push(line("1", "Host:ml.m5.large", steady(10)));
    lines.push(line("2", "Host:ml.c5.large", every_second_hour(30)));
    let mut offers = PLANS.to_vec();
    offers.push((Product::SageMakerPlan, "Host:ml.m5.large", 6));
    offers.push((Product::SageMakerPlan, "Host:ml.c5.large", 8));
    let report = report(&estate(&offers), &usage(lines, vec![]), None);
    let bought: Vec<(Product, &str)> =
        report.purchases.iter().map(|p| (p.product, p.sub_account_id.as_str())).collect();
    assert_eq!(bought, [(Product::ComputePlan, "2"), (Product::SageMakerPlan, "1")]);
    // Twice 0.4 × 730.
    assert_eq!(report.total.saves, dollars(58_400));
    let script = report.first_script.join("\n");
    for account in ["1", "2"] {
        assert!(script.contains(&format!(r#"[ "$ACCOUNT" = {account} ] ||"#)), "{script}");
    }
}

/// Usage of three accounts over a day, and a plan that account 1 may own.
fn any_usage() -> impl Strategy<Value = HourlyUsage> {
    let hours = || prop::collection::vec(0_i64..4, 24);
    let lines = [hours(), hours(), hours(), hours(), hours()];
    (lines, prop::option::of(1_i64..20)).prop_map(|(hours, owned)| {
        let types = ["m5.large", "m5.large", "c5.large", "c5.large", "m5.xlarge"];
        let accounts = ["1", "2", "1", "3", "3"];
        let of = |((hours, size), account): ((Vec<i64>, &str), &str)| {
            line(account, &format!("BoxUsage:{size}"), hours.into_iter())
        };
        let mut lines: Vec<UsageLine> =
            hours.into_iter().zip(types).zip(accounts).map(of).collect();
        lines[4].on_demand_unit_price = usd(2, 1);
        lines[4].list_unit_price = Some(usd(2, 1));
        let plan = owned.map(|cents| {
            let effective = usd(7, 2);
            lines[0].covered.insert(0, CoveredUsage { quantity: Decimal::ONE, effective });
            OwnedHours {
                id: "arn:aws:savingsplans::1:savingsplan/a".to_owned(),
                kind: "Compute Savings Plans".to_owned(),
                provider: Provider::Aws,
                account: Some("1".to_owned()),
                cost: vec![i128::from(cents) * 10_000_000_000; 24],
            }
        });
        let window = Window { from: day("2026-09-27"), until: day("2026-09-28") };
        let owned = plan.into_iter().collect();
        HourlyUsage { window, lines, owned, spread: 0, excluded: Vec::new() }
    })
}

const OFFERS: [(Product, &str, i64); 7] = [
    (Product::ComputePlan, "BoxUsage:m5.large", 7),
    (Product::ComputePlan, "BoxUsage:m5.xlarge", 14),
    (Product::ComputePlan, "BoxUsage:c5.large", 8),
    (Product::Ec2InstancePlan, "BoxUsage:m5.large", 6),
    (Product::Ec2InstancePlan, "BoxUsage:m5.xlarge", 12),
    (Product::StandardReservation, "BoxUsage:m5.large", 5),
    (Product::StandardReservation, "BoxUsage:m5.xlarge", 10),
];
const ACCOUNTS: [&str; 4] = ["1", "2", "3", "9"];

/// Returns every purchase of some amounts of each candidate.
fn every_amount(market: &Market<'_>, candidates: &[Candidate]) -> Vec<Vec<Item>> {
    let item = |(layer, c): (usize, &Candidate), n: u32| {
        let reserved = matches!(c.bound, Bound::Reservation(_));
        let piece = piece(market, c).filter(|_| reserved);
        let of = |line: usize| market.known.estate.lines[line].attributes.clone();
        Item {
            layer,
            candidate: c.clone(),
            payment: Payment::NoUpfront,
            usd_per_hour: piece.as_ref().map_or(usd(8, 2), |p| p.each) * Decimal::from(n),
            reserved: piece.map(|p| (of(p.line), n)),
            account: None,
        }
    };
    let mut all = vec![Vec::new()];
    for candidate in candidates.iter().enumerate() {
        let more = |items: &Vec<Item>| {
            let with = |n: u32| {
                let one = (n > 0).then(|| item(candidate, n));
                items.iter().cloned().chain(one).collect()
            };
            [0, 1, 3].map(with)
        };
        all = all.iter().flat_map(more).collect();
    }
    all
}

/// Returns every choice of accounts for some items.
fn every_account(items: &[Item]) -> Vec<Vec<Item>> {
    let mut all = vec![Vec::new()];
    for item in items {
        let with = |chosen: &Vec<Item>| {
            let chosen = chosen.clone();
            ACCOUNTS.map(|account| {
                let item = Item { account: Some(account.to_owned()), ..item.clone() };
                chosen.iter().cloned().chain([item]).collect::<Vec<Item>>()
            })
        };
        all = all.iter().flat_map(with).collect();
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_purchase_by_any_account_costs_less_than_the_bound(usage in any_usage()) {
        let estate = estate(&OFFERS);
        let known = OwnedEstate::new(&usage, &estate.prices, None).expect("an estate");
        let moves = vec![false; usage.lines.len()];
        let sources = Sources { offers: &estate.offers, prices: &estate.prices };
        let market = Market { usage: &usage, known: &known, moves: &moves, sources };
        let outlook = Outlook { estate: &known.estate, term: Term::OneYear };
        let scenarios = Scenarios::of(&high(), None);
        let exact = Exact::new(&outlook, &scenarios.all).expect("a simulation");
        let parts = exact.parts(&scenarios.weights(Risk::High), Term::OneYear);
        let candidates = market.candidates(Term::OneYear, Payment::NoUpfront);
        let cost = |items: &[Item]| {
            let paid: Decimal = items.iter().map(|i| i.usd_per_hour).sum();
            let all = simulate(&purchases::with(parts[0].estate, items, "9")).expect("a simulation");
            let left: Decimal = all.lines.iter().map(|l| l.on_demand_cost).sum();
            paid + left / Decimal::from(24)
        };
        let mut bounds = Vec::new();
        let mut least = Decimal::MAX;
        for items in every_amount(&market, &candidates) {
            let costs: Vec<Decimal> = every_account(&items).iter().map(|i| cost(i)).collect();
            let best = costs.into_iter().min().expect("a cost");
            least = least.min(best);
            // The chosen accounts are the best ones, up to what a further account must save.
            let mut chosen = items.clone();
            let accounts = Accounts { buyer: "1", payer: Some("9") };
            let all = choose(&parts, &mut chosen, &accounts).expect("accounts");
            let worth = usd(2, 0) / Decimal::from(730);
            prop_assert!(cost(&by(&chosen, &all[0])) <= best + worth, "{:?}", by_account(&chosen, &all[0]));
            bounds.push(gap(&market, &parts, &candidates, (&chosen, &all[0])).expect("a bound"));
        }
        let bound = bounds.iter().map(|g| g.lower_bound).fold(f64::MIN, f64::max);
        let bound = Decimal::from_f64_retain(bound).expect("a number");
        prop_assert!(bound <= least, "{bound} > {least}");
        // It is not far below the best of the tried purchases.
        prop_assert!(least <= bound * usd(125, 2) + usd(5, 2), "{bound} {least}");
    }
}

/// Returns items with their accounts.
fn by(items: &[Item], main: &str) -> Vec<Item> {
    let set = |i: &Item| Item { account: Some(i.account(main).to_owned()), ..i.clone() };
    items.iter().map(set).collect()
}
