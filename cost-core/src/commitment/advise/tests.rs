use std::collections::BTreeMap;

use super::*;
use crate::cloud::Provider;
use crate::commitment::hours::{CoveredUsage, OwnedHours, UsageLine};
use crate::commitment::{OfferRow, Payment, Product, Term, UpTo};
use crate::estate::Estate;
use crate::inventory::{Inventory, Kind, Resource, detail};
use crate::money::Money;
use crate::opportunity::Slice;

const HOURS: usize = 8 * 168;

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn usd(units: i64, places: u32) -> Decimal {
    Decimal::new(units, places)
}

/// Instances of a type, by hour, at 0.1 USD on demand.
fn line(usage_type: &str, instances: impl Fn(usize) -> i64) -> UsageLine {
    UsageLine {
        account: "1".into(),
        region: "us-east-1".into(),
        usage_type: usage_type.into(),
        provider: Provider::Aws,
        service: None,
        operation: Some("RunInstances".into()),
        resource_id: None,
        list_unit_price: Some(usd(1, 1)),
        on_demand_unit_price: usd(1, 1),
        quantities: (0..HOURS).map(|hour| instances(hour) * 10_000_000_000).collect(),
        covered: BTreeMap::new(),
    }
}

fn usage(lines: Vec<UsageLine>, owned: Vec<OwnedHours>) -> HourlyUsage {
    let window = Window { from: day("2026-08-03"), until: day("2026-09-28") };
    HourlyUsage { window, lines, owned, spread: 0, excluded: Vec::new() }
}

/// Compute plans at 0.07 (none upfront) and 0.06 (all), plans of a family at 0.06 and 0.05, for
/// m5.large.
fn estate() -> Estate {
    let offers = [
        (Product::ComputePlan, Payment::NoUpfront, 7, 0),
        (Product::ComputePlan, Payment::AllUpfront, 6, 100),
        (Product::Ec2InstancePlan, Payment::NoUpfront, 6, 0),
        (Product::Ec2InstancePlan, Payment::AllUpfront, 5, 100),
    ]
    .map(|(product, payment, cents, upfront)| OfferRow {
        product,
        term: Term::OneYear,
        payment,
        region_id: "us-east-1".to_owned(),
        usage_type: "BoxUsage:m5.large".to_owned(),
        operation: Some("RunInstances".to_owned()),
        usd_per_unit: UpTo(usd(cents, 2)),
        upfront_pct: UpTo(Decimal::from(upfront)),
        as_of: Some(day("2026-09-28")),
    });
    Estate { offers: offers.into_iter().collect(), ..Estate::bare("bill").unwrap() }
}

fn said(
    estate: &Estate,
    usage: &HourlyUsage,
    remaining: &Remaining,
    options: &BuyOptions,
) -> BuyReport {
    let known = Known {
        prices: &estate.prices,
        offers: &estate.offers,
        inventory: estate.inventory.as_ref(),
        usage,
        history: None,
        remaining,
        payer: None,
        charges: &[],
        first_day: day("2026-08-03"),
        as_of: day("2026-09-28"),
        currency: Currency::USD,
    };
    advise(known, options).unwrap()
}

pub(super) fn high() -> BuyOptions {
    BuyOptions { risk: Risk::High, ..BuyOptions::default() }
}

fn amount(money: Money) -> Decimal {
    money.amount()
}

#[test]
fn steady_usage_is_bought_for_with_the_deepest_discount() {
    let report = said(
        &estate(),
        &usage(vec![line("BoxUsage:m5.large", |_| 10)], vec![]),
        &Remaining::default(),
        &high(),
    );
    assert_eq!(report.purchases.len(), 1, "{:?}", report.purchases);
    let p = &report.purchases[0];
    assert_eq!(
        (p.product, p.usd_per_hour),
        (crate::commitment::Product::Ec2InstancePlan, usd(6, 1))
    );
    assert_eq!(p.utilization_pct, Some(Decimal::from(100)));
    // 10 × 0.1 USD an hour cost 0.6: 0.4 × 730.
    assert_eq!(
        (amount(p.saves), amount(report.total.saves)),
        (Decimal::from(292), Decimal::from(292))
    );
    assert_eq!(report.total.discount_pct, Some(Decimal::from(40)));
    // 60 % of a year on demand is the price of the year.
    assert_eq!(report.total.break_even_months, Some(usd(72, 1)));
    assert_eq!(
        (report.total.chance_of_loss_pct, amount(report.left_on_demand)),
        (Decimal::ZERO, Decimal::from(730))
    );
    let stays = &report.scenarios[0];
    assert_eq!((stays.scenario.name.as_str(), amount(stays.saves)), ("as now", Decimal::from(292)));
    // A decline of 30 %: 7 are used, 0.7 − 0.6 an hour.
    let fallen = &report.scenarios[1];
    assert_eq!(amount(fallen.saves), Decimal::from(73));
    assert_eq!(amount(report.total.worst_case), Decimal::from(876));
    assert!(
        (amount(fallen.regret) - (usd(28, 2) - usd(1, 1)) * Decimal::from(730)).abs() < usd(1, 2),
        "{fallen:?}"
    );
}

#[test]
fn less_risk_buys_less_and_loses_less() {
    // Ten by night, twenty by day.
    let usage =
        usage(vec![line("BoxUsage:m5.large", |hour| if hour % 24 < 14 { 20 } else { 10 })], vec![]);
    let of = |risk| {
        said(
            &estate(),
            &usage,
            &Remaining::default(),
            &BuyOptions { risk, ..BuyOptions::default() },
        )
    };
    let (low, medium, high) = (of(Risk::Low), of(Risk::Medium), of(Risk::High));
    let bought = |r: &BuyReport| r.total.usd_per_hour;
    assert!(bought(&medium) <= bought(&high), "{} {}", bought(&medium), bought(&high));
    let worst = |r: &BuyReport| amount(r.total.worst_case);
    assert!(worst(&high) <= worst(&medium), "{} {}", worst(&high), worst(&medium));
    let regret = |r: &BuyReport| r.scenarios.iter().map(|s| amount(s.regret)).max().unwrap();
    assert!(
        regret(&low) <= regret(&medium) + usd(1, 1) && regret(&low) <= regret(&high) + usd(1, 1)
    );
    assert_eq!((low.ladder.len(), medium.ladder.len(), high.ladder.len()), (4, 3, 1));
    // No rule saves more than the best if usage stays.
    let best = high.rules.iter().find(|r| r.rule.starts_with("the best if")).unwrap();
    for rule in &high.rules {
        assert!(amount(rule.saves) <= amount(best.saves) + usd(5, 2), "{rule:?} against {best:?}");
    }
}

#[test]
fn no_more_is_paid_upfront_than_may_be() {
    let usage = usage(vec![line("BoxUsage:m5.large", |_| 10)], vec![]);
    let mut before = Decimal::ZERO;
    for limit in [0_i64, 1_000, 3_000, 100_000] {
        let limit = Decimal::from(limit);
        let options = BuyOptions { max_upfront: Some(limit), ..high() };
        let report = said(&estate(), &usage, &Remaining::default(), &options);
        assert!(amount(report.total.upfront) <= limit, "{limit}: {}", report.total.upfront);
        assert!(amount(report.total.saves) >= before, "{limit}");
        before = amount(report.total.saves);
        let fixed = BuyOptions { payment: Some(Payment::AllUpfront), ..options };
        let report = said(&estate(), &usage, &Remaining::default(), &fixed);
        assert!(amount(report.total.upfront) <= limit, "{limit}: {}", report.total.upfront);
    }
    // All of it upfront: half the price.
    assert!((before - Decimal::from(365)).abs() < Decimal::ONE, "{before}");
}

#[test]
fn what_the_plan_takes_away_is_not_committed_to() {
    let mut gone = line("BoxUsage:m5.large", |_| 4);
    gone.resource_id = Some("i-gone".into());
    let mut moved = line("BoxUsage:m5.large", |_| 3);
    moved.resource_id = Some("i-moved".into());
    let usage = usage(vec![line("BoxUsage:m5.large", |_| 2), gone, moved], vec![]);
    let share = |left, moves| remaining::Share { left, moves };
    let remaining = Remaining::from([
        (("1".to_owned(), "i-gone".to_owned(), Slice::Compute), share(Decimal::ZERO, false)),
        (("1".to_owned(), "i-moved".to_owned(), Slice::Covered), share(usd(5, 1), true)),
    ]);
    let report = said(&estate(), &usage, &remaining, &high());
    // Four are removed, and half of three. Usage that moves is only covered by the plan that is not
    // bound to a family.
    assert_eq!(amount(report.taken_by_plan), usd(55, 2) * Decimal::from(730));
    let of =
        |product| report.purchases.iter().find(|p| p.product == product).map(|p| p.usd_per_hour);
    assert_eq!(of(crate::commitment::Product::Ec2InstancePlan), Some(usd(12, 2)));
    assert_eq!(of(crate::commitment::Product::ComputePlan), Some(usd(105, 3)));
}

#[test]
fn discounts_of_an_agreement_hold_for_rates_too() {
    let mut line = line("BoxUsage:m5.large", |_| 10);
    line.on_demand_unit_price = usd(9, 2);
    let report = said(&estate(), &usage(vec![line], vec![]), &Remaining::default(), &high());
    assert_eq!(
        (report.total.usd_per_hour, report.total.discount_pct),
        (usd(54, 2), Some(Decimal::from(40)))
    );
}

#[test]
fn what_is_owned_is_not_bought_again_until_it_ends() {
    let id = "arn:aws:savingsplans::1:savingsplan/a";
    let mut line = line("BoxUsage:m5.large", |_| 10);
    let all = Decimal::from(10 * HOURS);
    line.covered.insert(0, CoveredUsage { quantity: all, effective: all * usd(7, 2) });
    let cost = vec![700_000_000_000; HOURS];
    let owned = OwnedHours {
        id: id.into(),
        kind: "Compute Savings Plans".into(),
        provider: Provider::Aws,
        account: Some("9".into()),
        cost,
    };
    let usage = usage(vec![line], vec![owned]);
    let plan =
        Resource { resource_id: id.to_owned(), kind: Kind::SavingsPlan, ..Resource::default() }
            .with(detail::ENDS_ON, Some(day("2026-12-31")));
    let estate = Estate { inventory: Some(Inventory::new([plan])), ..estate() };
    let report = said(&estate, &usage, &Remaining::default(), &high());
    assert!(report.purchases.is_empty() && report.excluded.is_empty(), "{report:?}");
    assert_eq!(report.check.billed, report.check.simulated);
    let renewal = &report.renewals[0];
    assert_eq!((renewal.on, renewal.ended.as_slice()), (day("2026-12-31"), &[id.to_owned()][..]));
    assert_eq!((renewal.usd_per_hour, amount(renewal.saves)), (usd(6, 1), Decimal::from(292)));
    // A commitment without a known end is assumed to continue, with a note.
    let report = said(&self::estate(), &usage, &Remaining::default(), &high());
    assert!(
        report.renewals.is_empty()
            && report.notes[0].contains("end of some commitments is unknown"),
        "{report:?}"
    );
}

#[test]
fn what_is_missing_is_said() {
    let usage = usage(vec![line("BoxUsage:c5.large", |_| 1)], vec![]);
    let remaining = Remaining::default();
    let estate = estate();
    let known = Known {
        prices: &estate.prices,
        offers: &estate.offers,
        inventory: estate.inventory.as_ref(),
        usage: &usage,
        history: None,
        remaining: &remaining,
        payer: None,
        charges: &[],
        first_day: day("2026-08-03"),
        as_of: day("2026-09-28"),
        currency: Currency::USD,
    };
    let options = BuyOptions { term: Term::ThreeYears, ..BuyOptions::default() };
    let nothing = advise(known, &options).unwrap_err().to_string();
    assert!(nothing.contains("no commitments of 3y are offered"), "{nothing}");
    let euros = Known { currency: "EUR".parse().unwrap(), ..known };
    assert!(
        advise(euros, &BuyOptions::default())
            .unwrap_err()
            .to_string()
            .contains("the bill is in EUR")
    );
    assert_eq!(window(day("2026-10-01"), day("2026-10-15")), None);
    let complete = window(day("2026-10-01"), day("2026-10-30")).unwrap();
    assert_eq!(
        (complete.from, complete.until, complete.hours()),
        (day("2026-10-07"), day("2026-10-28"), 504)
    );
}

#[test]
fn scenarios_are_read_as_people_write_them() {
    let fall = Scenario::parse("decline=30%").unwrap();
    assert_eq!(
        (fall.change_pct, fall.at_once, fall.mean(Term::OneYear)),
        (Decimal::from(-30), true, usd(7, 1))
    );
    let grow = Scenario::parse("growth=20").unwrap();
    assert!(
        !grow.at_once
            && grow.mean(Term::OneYear) > usd(109, 2)
            && grow.mean(Term::OneYear) < usd(111, 2)
    );
    for bad in ["decline", "decline=x", "decline=130%", "shrink=3%"] {
        assert!(Scenario::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn all_tables_show_the_same_savings_of_the_purchase() {
    let usage =
        usage(vec![line("BoxUsage:m5.large", |hour| 6 + i64::from(hour % 24 < 9) * 4)], vec![]);
    for risk in [Risk::Medium, Risk::High] {
        let options = BuyOptions { risk, ..BuyOptions::default() };
        let report = said(&estate(), &usage, &Remaining::default(), &options);
        let saves = report.total.saves;
        let usd_per_hour = report.total.usd_per_hour;
        let middle = &report.curve[report.curve.len() / 2];
        let ours = &report.rules[0];
        let own = |a: &&Alternative| (a.term, a.payment) == (Term::OneYear, Payment::NoUpfront);
        let own = report.alternatives.iter().find(own).unwrap();
        for (usd, shown) in [
            (middle.usd_per_hour, middle.saves),
            (ours.usd_per_hour, ours.saves),
            (own.usd_per_hour, own.saves),
        ] {
            assert_eq!((usd, shown), (usd_per_hour, saves));
        }
        // In a decline as well: it is the scenario with the lowest usage.
        let decline = report.scenarios.last().unwrap().saves;
        for shown in [middle.saves_in_decline, ours.saves_in_decline, own.saves_in_decline] {
            assert_eq!(shown, decline);
        }
        // The regret is what the best purchase would save more.
        let best = report.rules.iter().find(|r| r.rule.starts_with("the best if")).unwrap();
        let more = amount(best.saves) - amount(report.scenarios[0].saves);
        assert_eq!(amount(report.scenarios[0].regret), more.max(Decimal::ZERO));
    }
}

#[test]
fn the_first_part_comes_with_the_script_that_buys_it() {
    let usage = usage(vec![line("BoxUsage:m5.large", |_| 10)], vec![]);
    let options = BuyOptions { scenarios: vec![Scenario::as_now()], ..BuyOptions::default() };
    let report = said(&estate(), &usage, &Remaining::default(), &options);
    // Ten instances at 0.06 are 0.6 USD per hour; a third of it is 0.2.
    let first = &report.first[0];
    assert_eq!((first.usd_per_hour, first.sub_account_id.as_str()), (usd(2, 1), "1"));
    let script = report.first_script.join("\n");
    for part in [
        "aws sts get-caller-identity",
        r#"[ "$ACCOUNT" = 1 ] ||"#,
        "--plan-types EC2Instance --durations 31536000 --payment-options 'No Upfront'",
        "name=region,values=us-east-1 name=instanceFamily,values=m5",
        r#"create-savings-plan --region us-east-1 --savings-plan-offering-id "$OFFERING_1" --commitment 0.2"#,
    ] {
        assert!(script.contains(part), "{part}: {script}");
    }
}
