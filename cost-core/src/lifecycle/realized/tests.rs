use chrono::NaiveDate;
use polars::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::focus::FocusFrame;
use crate::header::EstateSummary;
use crate::lifecycle::{Decision, Place};
use crate::opportunity::{Action, Scope, Slice};
use crate::rollup::roll_up;

/// Month, resource, usage type, pricing, cost, unit, quantity.
type Line = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const BOX: &str = "BoxUsage:m5.large";
const GP2: &str = "EBS:VolumeUsage.gp2";

fn usd(text: &str) -> Money {
    Money::parse(text, Currency::USD).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A bill of the lines, complete from July to October.
fn bill(lines: &[Line]) -> Rollup {
    let months = ["2026-07", "2026-08", "2026-09", "2026-10"];
    let fill = months.map(|m| (m, "", "Support", "Standard", "1", "Fee", "1"));
    let all: Vec<Line> = lines.iter().copied().chain(fill).collect();
    let month = |l: &Line| l.0.parse::<Month>().unwrap();
    let column = |name: &str, get: &dyn Fn(&Line) -> String| {
        let cells = all.iter().map(|l| Some(get(l)).filter(|c| !c.is_empty()));
        Column::new(name.into(), cells.collect::<Vec<Option<String>>>())
    };
    let covered =
        |l: &Line, text: &str| if l.3 == "Committed" { text.to_owned() } else { String::new() };
    let columns = vec![
        column("BilledCost", &|l| l.4.into()),
        column("EffectiveCost", &|l| l.4.into()),
        column("ListCost", &|l| l.4.into()),
        column("ContractedCost", &|l| l.4.into()),
        column("PricingQuantity", &|l| l.6.into()),
        column("PricingUnit", &|l| l.5.into()),
        column("BillingPeriodStart", &|l| format!("{}T00:00:00Z", month(l).first_day())),
        column("BillingPeriodEnd", &|l| format!("{}T00:00:00Z", month(l).end())),
        column("ChargePeriodStart", &|l| format!("{}T00:00:00Z", month(l).first_day())),
        column("ChargePeriodEnd", &|l| format!("{}T00:00:00Z", month(l).end())),
        column("BillingCurrency", &|_| "USD".into()),
        column("ChargeCategory", &|_| "Usage".into()),
        column("ChargeClass", &|_| String::new()),
        column("BillingAccountId", &|_| "b1".into()),
        column("ProviderName", &|_| "AWS".into()),
        column("ServiceName", &|_| "EC2".into()),
        column("InvoiceIssuerName", &|_| "AWS".into()),
        column("SubAccountId", &|_| "1".into()),
        column("RegionId", &|_| "us-east-1".into()),
        column("ResourceId", &|l| l.1.into()),
        column("SkuMeter", &|l| l.2.into()),
        column("PricingCategory", &|l| l.3.into()),
        column("CommitmentDiscountType", &|l| covered(l, "Compute Savings Plans")),
        column("CommitmentDiscountStatus", &|l| covered(l, "Used")),
        column("Tags", &|_| "{}".into()),
    ];
    let frame = DataFrame::new(all.len(), columns).unwrap();
    roll_up(&FocusFrame::from_lazy("test", frame.lazy(), &[]).unwrap()).unwrap()
}

fn step(id: &str, action: Action, on: &str, resource: &str, slice: Slice, saves: &str) -> Tracked {
    let expected = Savings { low: usd("0"), expected: usd(saves), high: usd(saves) };
    let place = Place {
        sub_account_id: Some("1".into()),
        resource_id: resource.into(),
        slice,
        savings: expected,
    };
    Tracked {
        id: id.into(),
        check: "a_check".into(),
        title: "Do it".into(),
        subject: resource.into(),
        variant: None,
        scope: Scope { sub_account_id: Some("1".into()), ..Scope::default() },
        action,
        savings: expected,
        planned: None,
        places: vec![place],
        first_found: day("2026-08-01"),
        last_found: day("2026-08-01"),
        found: false,
        decision: Some(done(on, &[])),
    }
}

fn done(on: &str, replaced_by: &[&str]) -> Decision {
    let replaced_by = replaced_by.iter().map(|r| (*r).to_owned()).collect();
    let verdict = Verdict::Done { on: day(on), replaced_by };
    Decision { verdict, at: day(on).and_hms_opt(9, 0, 0).unwrap().and_utc(), note: None }
}

fn verified(lines: &[Line], steps: Vec<Tracked>) -> RealizedReport {
    let estate = EstateSummary {
        name: None,
        as_of: day("2026-11-03"),
        focus_version: "1.2".into(),
        line_items: 1,
        first_day: day("2026-07-01"),
        last_day: day("2026-11-02"),
        hidden_from: None,
        outlying: Vec::new(),
        partial: Vec::new(),
    };
    let header = Header {
        schema_version: "1.0".into(),
        generator: "test".into(),
        estate,
        month: "2026-10".parse().unwrap(),
        currency: Currency::USD,
    };
    let recommendations = steps.into_iter().map(|s| (s.id.clone(), s)).collect();
    let seen = Some(("2026-10".parse().unwrap(), day("2026-11-03")));
    let ledger = SavingsLedger { seen, recommendations, ..SavingsLedger::default() };
    verify(&bill(lines), &ledger, header).unwrap()
}

/// What of a step's outcome is its own: a month, and so far.
fn own(r: &RealizedReport, at: usize) -> (Money, Money) {
    match &r.steps[at].outcome {
        Outcome::Verified { realized, so_far, .. } => (*realized, *so_far),
        other => panic!("{other:?}"),
    }
}

fn why(r: &RealizedReport) -> &str {
    match &r.steps[0].outcome {
        Outcome::Unknown { why } => why,
        other => panic!("{other:?}"),
    }
}

const VOLUME: [Line; 4] = [
    ("2026-07", "vol-1", GP2, "Standard", "100", "GB-Mo", "1000"),
    ("2026-08", "vol-1", GP2, "Standard", "90", "GB-Mo", "1000"),
    ("2026-09", "vol-1", "EBS:VolumeUsage.gp3", "Standard", "80", "GB-Mo", "1000"),
    ("2026-10", "vol-1", "EBS:VolumeUsage.gp3", "Standard", "72", "GB-Mo", "1000"),
];

#[test]
fn before_is_the_month_before_and_after_the_newest() {
    let r = verified(
        &VOLUME,
        vec![step("op-1", Action::Modify, "2026-08-20", "vol-1", Slice::Storage, "20")],
    );
    let Outcome::Verified {
        before_month,
        before,
        after_month,
        after,
        months,
        comparison,
        of_expected_pct,
        ..
    } = &r.steps[0].outcome
    else {
        panic!("{r:?}")
    };
    assert_eq!((before_month.to_string().as_str(), *before), ("2026-07", usd("100")));
    assert_eq!((after_month.to_string().as_str(), *after, *months), ("2026-10", usd("72"), 2));
    assert_eq!(
        (*comparison, *of_expected_pct),
        (EstimateComparison::More, Some(Decimal::from(140)))
    );
    // 20 in September, 28 in October.
    assert_eq!(own(&r, 0), (usd("28"), usd("48")));
    assert_eq!((r.total.steps, r.total.realized, r.total.so_far), (1, usd("28"), usd("48")));
    assert!(r.steps[0].notes.is_empty(), "{:?}", r.steps[0].notes);
}

#[test]
fn hours_are_made_comparable() {
    // September has 720 h, October 744 h: the machine is off since 1 October.
    let lines = [
        ("2026-09", "i-1", BOX, "Standard", "72", "Hours", "720"),
        ("2026-10", "vol-1", GP2, "Standard", "1", "GB-Mo", "10"),
    ];
    let r = verified(
        &lines,
        vec![step("op-1", Action::Remove, "2026-10-01", "i-1", Slice::Compute, "73")],
    );
    // 0.10 an hour: 73.00 in 730 h, 74.40 in the 744 h of October.
    assert_eq!(own(&r, 0), (usd("73"), usd("74.4")));
    assert!(matches!(
        r.steps[0].outcome,
        Outcome::Verified { comparison: EstimateComparison::Within, .. }
    ));
}

#[test]
fn steps_on_one_slice_share_what_it_fell_by() {
    let steps = vec![
        step("op-1", Action::Schedule, "2026-08-02", "vol-1", Slice::Storage, "20"),
        step("op-2", Action::Modify, "2026-08-20", "vol-1", Slice::Storage, "10"),
    ];
    let r = verified(&VOLUME, steps);
    let (one, two) = (own(&r, 0).0, own(&r, 1).0);
    assert_eq!(one.try_add(two).unwrap(), usd("28"));
    assert_eq!(one, usd("18.666666666666"));
    assert_eq!(r.total.realized, usd("28"));
    assert!(r.steps[0].notes[0].contains("op-2"), "{:?}", r.steps[0].notes);
}

#[test]
fn what_took_its_place_is_no_saving() {
    let lines = [
        ("2026-08", "i-1", BOX, "Standard", "74.4", "Hours", "744"),
        ("2026-10", "i-2", "BoxUsage:m7g.large", "Standard", "37.2", "Hours", "744"),
    ];
    let mut replaced = step("op-1", Action::Modify, "2026-09-10", "i-1", Slice::Compute, "36");
    let r = verified(&lines, vec![replaced.clone()]);
    assert!(why(&r).contains("`cost savings done op-1 --replaced-by ID`"), "{}", why(&r));
    assert_eq!((r.total.steps, r.total.realized), (0, usd("0")));
    replaced.decision = Some(done("2026-09-10", &["i-2"]));
    assert_eq!(own(&verified(&lines, vec![replaced]), 0).0, usd("36.5"));
}

#[test]
fn what_a_commitment_now_pays_is_no_saving_of_the_step() {
    let lines = [
        ("2026-08", "i-1", BOX, "Standard", "74.4", "Hours", "744"),
        ("2026-10", "i-1", BOX, "Committed", "50", "Hours", "744"),
    ];
    let r = verified(
        &lines,
        vec![step("op-1", Action::Modify, "2026-09-10", "i-1", Slice::Compute, "36")],
    );
    let covered = "2026-10".parse::<Month>().unwrap().per_price_month(usd("50")).unwrap();
    assert_eq!(own(&r, 0).0, usd("73").try_sub(covered).unwrap());
    assert!(r.steps[0].notes[0].contains("paid by a commitment"), "{:?}", r.steps[0].notes);
    // Of usage that a commitment pays for itself, nothing can be said.
    let r = verified(
        &lines,
        vec![step("op-1", Action::Remove, "2026-09-10", "i-1", Slice::Covered, "36")],
    );
    assert!(why(&r).contains("commitment"));
}

#[test]
fn a_quantity_that_moved_is_said() {
    let mut lines = VOLUME;
    lines[3].6 = "1500";
    let r = verified(
        &lines,
        vec![step("op-1", Action::Modify, "2026-08-20", "vol-1", Slice::Storage, "20")],
    );
    assert!(r.steps[0].notes[0].contains("+50 %"), "{:?}", r.steps[0].notes);
}

#[test]
fn what_cannot_be_determined_is_not_zero() {
    let of = |on: &str| {
        verified(&VOLUME, vec![step("op-1", Action::Modify, on, "vol-1", Slice::Storage, "20")])
    };
    assert!(why(&of("2026-07-20")).contains("does not cover all of 2026-06"));
    let waits = of("2026-10-02");
    assert_eq!(waits.steps[0].outcome, Outcome::Waiting { for_month: "2026-11".parse().unwrap() });
    let nothing = step("op-1", Action::Remove, "2026-08-20", "vol-9", Slice::Storage, "20");
    assert!(why(&verified(&VOLUME, vec![nothing])).contains("no cost in 2026-07"));
    let owner = step("op-1", Action::Allocate, "2026-08-20", "vol-1", Slice::Storage, "0");
    assert!(why(&verified(&VOLUME, vec![owner])).contains("no savings of its own"));
}

#[test]
fn steps_still_found_and_steps_that_vanished_are_reported() {
    let mut still = step("op-1", Action::Modify, "2026-08-20", "vol-1", Slice::Storage, "20");
    still.found = true;
    let open = Tracked { id: "op-2".into(), decision: None, ..still.clone() };
    let gone = Tracked { id: "op-3".into(), found: false, ..open.clone() };
    let accepted = Decision { verdict: Verdict::Accepted, ..done("2026-08-20", &[]) };
    let accepted = Tracked { id: "op-4".into(), decision: Some(accepted), ..open.clone() };
    let r = verified(&VOLUME, vec![still, open, gone, accepted]);
    assert!(r.steps[0].notes[0].contains("2026-10 still shows"), "{:?}", r.steps[0].notes);
    assert_eq!(r.vanished.iter().map(|u| u.opportunity.as_str()).collect::<Vec<_>>(), ["op-3"]);
    assert_eq!(r.accepted.iter().map(|u| u.opportunity.as_str()).collect::<Vec<_>>(), ["op-4"]);
}
