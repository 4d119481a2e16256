use super::*;
use rust_decimal::Decimal;

use crate::alert::{OtherBill, Verdict};
use crate::anomaly::{Scope, Settings, Severity};
use crate::file::StateFileError;
use crate::header::{EstateSummary, Header};
use crate::money::{Currency, Money};
use crate::month::Month;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    day("2026-03-11").and_hms_opt(6, 0, 0).unwrap().and_utc()
}

fn rules() -> Vec<ChannelRule> {
    vec![ChannelRule { name: "chat".into(), min_severity: Severity::Medium }]
}

fn anomaly(id: &str, severity: Severity, raised: &str, last: &str, ongoing: bool) -> Anomaly {
    let money = |amount: i64| Money::new(Decimal::from(amount), Currency::USD);
    let scope = Scope { service_name: Some("S3".into()), ..Scope::default() };
    Anomaly {
        id: id.into(),
        kind: Kind::Rise,
        severity,
        scope,
        raised_on: day(raised),
        first_day: day(raised),
        last_day: day(last),
        peak_day: day(raised),
        ongoing,
        days: 1,
        actual: money(300),
        expected: money(100),
        excess: money(200),
        excess_pct: Some(Decimal::from(200)),
        projected_month: None,
        peak_actual: money(300),
        peak_expected: money(100),
        peak_usual: money(120),
        basis: String::new(),
        causes: Vec::new(),
        owners: Vec::new(),
        also_moved: Vec::new(),
        series: Vec::new(),
    }
}

fn report(from: &str, until: &str, anomalies: Vec<Anomaly>) -> AnomalyReport {
    let estate = EstateSummary {
        name: None,
        as_of: day(until),
        focus_version: "1.2".into(),
        line_items: 1,
        first_day: day("2026-01-01"),
        last_day: day(until),
        hidden_from: None,
        outlying: Vec::new(),
        partial: Vec::new(),
    };
    let month: Month = "2026-03".parse().unwrap();
    let header = Header {
        schema_version: String::new(),
        generator: String::new(),
        estate,
        month,
        currency: Currency::USD,
    };
    AnomalyReport {
        header,
        replay: false,
        raised_from: day(from),
        raised_until: day(until),
        completeness: Vec::new(),
        anomaly_thresholds: Settings::default().thresholds,
        account_names: std::collections::BTreeMap::new(),
        anomalies,
        drops: Vec::new(),
        known: Vec::new(),
        muted: Vec::new(),
        muted_parts: Vec::new(),
        alerts: None,
        notes: Vec::new(),
    }
}

fn events(ledger: &Ledger) -> Vec<&str> {
    ledger.alerts.iter().flat_map(|a| &a.outbox).map(|n| n.event.as_str()).collect()
}

#[test]
fn an_anomaly_is_raised_once_updated_and_closed() {
    let mut ledger = Ledger::default();
    let first = report(
        "2026-03-04",
        "2026-03-11",
        vec![anomaly("an-1", Severity::High, "2026-03-10", "2026-03-10", true)],
    );
    assert_eq!(ledger.update(&first, now(), &rules()).raised, ["an-1"]);
    assert_eq!(ledger.update(&first, now(), &rules()), Changes::default());
    let worse = anomaly("an-1", Severity::Critical, "2026-03-10", "2026-03-11", true);
    assert_eq!(
        ledger
            .update(&report("2026-03-05", "2026-03-12", vec![worse.clone()]), now(), &rules())
            .raised
            .len(),
        0
    );
    assert_eq!(ledger.alerts[0].anomaly.last_day, day("2026-03-11"));
    let ended = Anomaly { ongoing: false, ..worse };
    assert_eq!(
        ledger.update(&report("2026-03-08", "2026-03-15", vec![ended]), now(), &rules()).closed,
        ["an-1"]
    );
    assert_eq!(events(&ledger), ["raised", "worsened", "closed"]);
    assert_eq!(Ledger::parse(&ledger.to_text().unwrap()).unwrap(), ledger);
}

#[test]
fn a_report_that_was_overtaken_changes_nothing() {
    let mut ledger = Ledger::default();
    let newer = report(
        "2026-03-05",
        "2026-03-12",
        vec![anomaly("an-1", Severity::High, "2026-03-10", "2026-03-11", true)],
    );
    ledger.update(&newer, now(), &rules());
    let before = ledger.clone();
    assert!(ledger.update(&report("2026-03-03", "2026-03-10", Vec::new()), now(), &rules()).stale);
    assert_eq!(ledger, before);
}

#[test]
fn late_data_that_moves_the_day_does_not_raise_it_twice() {
    let mut ledger = Ledger::default();
    let first = report(
        "2026-03-04",
        "2026-03-11",
        vec![anomaly("an-1", Severity::High, "2026-03-10", "2026-03-10", true)],
    );
    ledger.update(&first, now(), &rules());
    let moved = anomaly("an-2", Severity::High, "2026-03-09", "2026-03-11", true);
    assert_eq!(
        ledger
            .update(&report("2026-03-05", "2026-03-12", vec![moved]), now(), &rules())
            .raised
            .len(),
        0
    );
    assert_eq!((ledger.alerts.len(), ledger.alerts[0].anomaly.id.as_str()), (1, "an-2"));
}

#[test]
fn what_newer_data_does_not_show_is_withdrawn() {
    let mut ledger = Ledger::default();
    let first = report(
        "2026-03-04",
        "2026-03-11",
        vec![anomaly("an-1", Severity::High, "2026-03-10", "2026-03-10", true)],
    );
    ledger.update(&first, now(), &rules());
    assert_eq!(
        ledger.update(&report("2026-03-05", "2026-03-12", Vec::new()), now(), &rules()).closed,
        ["an-1"]
    );
    assert_eq!(ledger.alerts[0].status, Status::Withdrawn);
}

#[test]
fn decisions_keep_notices_back() {
    let decided = |verdict, until: Option<&str>| {
        let mut ledger = Ledger::default();
        let high = anomaly("an-1", Severity::High, "2026-03-10", "2026-03-10", true);
        ledger.update(&report("2026-03-04", "2026-03-11", vec![high.clone()]), now(), &rules());
        ledger.alerts[0].outbox.clear();
        ledger
            .decide("an-1", Decision { verdict, at: now(), until: until.map(day), note: None })
            .unwrap();
        let worse = Anomaly { severity: Severity::Critical, ..high };
        ledger.update(&report("2026-03-05", "2026-03-12", vec![worse.clone()]), now(), &rules());
        ledger.update(
            &report("2026-03-08", "2026-03-14", vec![worse.clone()]),
            later(72),
            &rules(),
        );
        ledger.update(
            &report("2026-03-08", "2026-03-15", vec![Anomaly { ongoing: false, ..worse }]),
            later(96),
            &rules(),
        );
        events(&ledger).join(" ")
    };
    assert_eq!(decided(Verdict::Acknowledged, None), "closed");
    assert_eq!(decided(Verdict::Resolved, None), "");
    assert_eq!(decided(Verdict::Snoozed, Some("2026-03-14")), "reminded closed");
    assert_eq!(decided(Verdict::Snoozed, Some("2026-04-01")), "closed");
}

#[test]
fn channels_hear_of_what_is_severe_enough_and_strange_files_are_refused() {
    let mut ledger = Ledger::default();
    let low = report(
        "2026-03-04",
        "2026-03-11",
        vec![anomaly("an-1", Severity::Low, "2026-03-10", "2026-03-10", true)],
    );
    assert_eq!(ledger.update(&low, now(), &rules()).raised.len(), 1);
    assert!(events(&ledger).is_empty());
    assert!(matches!(Ledger::parse("{}"), Err(StateFileError::Json { .. })));
    let newer = ledger.to_text().unwrap().replacen("\"format\": 1", "\"format\": 2", 1);
    assert!(matches!(Ledger::parse(&newer), Err(StateFileError::Format { found: 2, .. })));
}

fn later(hours: i64) -> DateTime<Utc> {
    now() + TimeDelta::hours(hours)
}

fn high(id: &str, raised: &str, service: &str) -> Anomaly {
    let scope = Scope { service_name: Some(service.into()), ..Scope::default() };
    Anomaly { scope, ..anomaly(id, Severity::High, raised, raised, true) }
}

#[test]
fn data_later_than_the_clock_silences_nothing() {
    // The clock shows 2026-03-11: data before 2026-03-12 can be true.
    let mut ledger = Ledger::default();
    ledger.update(&report("2026-03-04", "2062-08-31", Vec::new()), now(), &rules());
    assert_eq!(ledger.seen_until, None);
    // A bill that ends two days before the clock.
    let mended = report("2026-03-04", "2026-03-10", vec![high("an-1", "2026-03-09", "S3")]);
    assert_eq!(ledger.update(&mended, now(), &rules()).raised, ["an-1"]);
    // A state that an earlier version wrote.
    ledger.seen_until = Some(day("2062-08-31"));
    let next = report("2026-03-04", "2026-03-11", vec![high("an-2", "2026-03-10", "EC2")]);
    let changes = ledger.update(&next, now(), &rules());
    assert_eq!((changes.raised, changes.given_up), (vec!["an-2".into()], Some(day("2062-08-31"))));
    assert_eq!(ledger.seen_until, Some(day("2026-03-11")));
}

#[test]
fn newer_data_that_does_not_come_again_is_given_up_after_a_day() {
    let mut ledger = Ledger::default();
    ledger.update(&report("2026-03-04", "2026-03-12", Vec::new()), now(), &rules());
    let older = report("2026-03-03", "2026-03-10", vec![high("an-1", "2026-03-09", "S3")]);
    let changes = ledger.update(&older, later(24), &rules());
    assert_eq!((changes.stale, changes.ignored), (true, vec!["an-1".into()]));
    assert!(ledger.alerts.is_empty());
    let changes = ledger.update(&older, later(25), &rules());
    assert_eq!((changes.raised, changes.given_up), (vec!["an-1".into()], Some(day("2026-03-12"))));
}

#[test]
fn changes_are_new_until_a_run_has_reported_them() {
    let mut ledger = Ledger::default();
    let first = report("2026-03-04", "2026-03-11", vec![high("an-1", "2026-03-10", "S3")]);
    ledger.update(&first, now(), &rules());
    ledger.update(&first, now(), &rules());
    assert_eq!(ledger.unreported.raised, ["an-1"]);
    let read = Ledger::parse(&ledger.to_text().unwrap()).unwrap();
    assert_eq!(read, ledger);
    assert!(ledger.reported() && !ledger.reported());
    ledger.update(&report("2026-03-05", "2026-03-12", Vec::new()), now(), &rules());
    assert_eq!(ledger.unreported.closed, ["an-1"]);
    // What an earlier version wrote has none of the new fields.
    let old = "{\"format\": 1, \"seen_until\": \"2026-03-11\", \"alerts\": []}";
    assert!(Ledger::parse(old).is_ok_and(|l| l.unreported == Unreported::default()));
}

#[test]
fn days_that_no_run_has_scanned_are_scanned_later() {
    let mut ledger = Ledger::default();
    assert_eq!(ledger.watch_from(day("2026-03-11"), 7), day("2026-03-04"));
    ledger.update(&report("2026-02-01", "2026-02-08", Vec::new()), now(), &rules());
    // The job was down for a month.
    assert_eq!(ledger.watch_from(day("2026-03-11"), 7), day("2026-02-01"));
}

#[test]
fn an_alert_is_not_taken_by_another_anomaly_of_the_same_report() {
    let mut ledger = Ledger::default();
    let whole = |id: &str, raised: &str| Anomaly {
        scope: Scope::default(),
        ..anomaly(id, Severity::High, raised, "2026-03-11", true)
    };
    let first = report("2026-03-04", "2026-03-11", vec![whole("an-2", "2026-03-10")]);
    ledger.update(&first, now(), &rules());
    // Another one within the same scope and on the same days comes first.
    let both = vec![high("an-1", "2026-03-10", "S3"), whole("an-2", "2026-03-10")];
    let changes = ledger.update(&report("2026-03-05", "2026-03-12", both), now(), &rules());
    assert_eq!(changes.raised, ["an-1"]);
    assert_eq!(ledger.alerts[0].anomaly.id, "an-2");
}

#[test]
fn alerts_raised_after_the_days_of_a_report_are_not_withdrawn_by_it() {
    let mut ledger = Ledger::default();
    let first = report("2026-03-05", "2026-03-12", vec![high("an-1", "2026-03-11", "S3")]);
    ledger.update(&first, now(), &rules());
    let back = report("2026-03-03", "2026-03-10", Vec::new());
    let changes = ledger.update(&back, later(48), &rules());
    assert_eq!((changes.given_up, changes.closed.len()), (Some(day("2026-03-12")), 0));
    assert_eq!(ledger.alerts[0].status, Status::Open);
}

fn accounts(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

#[test]
fn the_alerts_of_another_bill_are_refused() {
    let mut ledger = Ledger::default();
    let mut add = |ids: &[&str]| ledger.use_bill(accounts(ids), Currency::USD, now());
    add(&["1", "2"]).unwrap();
    add(&[]).unwrap();
    add(&["2", "3"]).unwrap();
    let other = add(&["4"]).unwrap_err();
    let (known, found) = ("1, 2, 3".into(), "4".into());
    assert_eq!(other, OtherBill::Accounts { known, found });
    assert_eq!(ledger.billing_accounts, accounts(&["1", "2", "3"]));
}

#[test]
fn amounts_in_another_currency_are_refused() {
    let eur: Currency = "EUR".parse().unwrap();
    let other = Err(OtherBill::Currency { known: Currency::USD, found: eur });
    let mut ledger = Ledger::default();
    ledger.use_bill(accounts(&["1"]), Currency::USD, now()).unwrap();
    let mut read = Ledger::parse(&ledger.to_text().unwrap()).unwrap();
    assert_eq!(read.use_bill(accounts(&["1"]), eur, now()), other);
    assert_eq!(read, ledger);
    // A state of an earlier version has the currency only in its alerts.
    let first = report("2026-03-04", "2026-03-11", vec![high("an-1", "2026-03-10", "S3")]);
    ledger.update(&first, now(), &rules());
    ledger.currency = None;
    assert_eq!(ledger.use_bill(accounts(&["1"]), eur, now()), other);
}

#[test]
fn no_alert_is_closed_while_a_billing_account_is_missing() {
    let mut ledger = Ledger::default();
    ledger.use_bill(accounts(&["1", "2"]), Currency::USD, now()).unwrap();
    let first = report("2026-03-04", "2026-03-11", vec![high("an-1", "2026-03-10", "S3")]);
    ledger.update(&first, now(), &rules());
    // The clock shows 2026-03-11 when the bill lacks account 2 for the first time.
    let missing = ledger.use_bill(accounts(&["1"]), Currency::USD, now()).unwrap();
    assert_eq!(missing, [("2".to_owned(), day("2026-03-11"))]);
    let without = report("2026-03-05", "2026-03-12", Vec::new());
    assert_eq!(ledger.update(&without, now(), &rules()), Changes::default());
    let mut ended = high("an-1", "2026-03-10", "S3");
    ended.ongoing = false;
    let without = report("2026-03-05", "2026-03-12", vec![ended]);
    assert_eq!(ledger.update(&without, now(), &rules()), Changes::default());
    assert_eq!(ledger.alerts[0].status, Status::Open);
    // It is back.
    let mut back = Ledger::parse(&ledger.to_text().unwrap()).unwrap();
    assert!(back.use_bill(accounts(&["1", "2"]), Currency::USD, later(24)).unwrap().is_empty());
    assert_eq!(back.update(&without, now(), &rules()).closed, ["an-1"]);
    // Or forgotten: 31 days after 2026-03-11 it is 2026-04-11.
    let mut on = |hours| ledger.use_bill(accounts(&["1"]), Currency::USD, later(hours)).unwrap();
    assert_eq!((on(30 * 24).len(), on(31 * 24).len()), (1, 0));
    assert_eq!(ledger.billing_accounts, accounts(&["1"]));
    assert_eq!(ledger.update(&without, now(), &rules()).closed, ["an-1"]);
}

#[test]
fn a_snooze_ends() {
    let mut ledger = Ledger::default();
    ledger.update(&report("2026-03-04", "2026-03-11", Vec::new()), now(), &rules());
    let check = |until: &str| ledger.check_snooze(day(until), now());
    assert!(matches!(check("2026-03-11"), Err(WrongSnooze::Over { .. })));
    assert!(check("2026-03-12").is_ok() && check("2027-03-12").is_ok());
    assert!(matches!(check("2027-03-13"), Err(WrongSnooze::TooLong { .. })));
    let until = Some(day("2999-01-01"));
    let decision = Decision { verdict: Verdict::Snoozed, at: now(), until, note: None };
    assert_eq!(decision.snoozed_until(), Some(day("2027-03-12")));
}

#[test]
fn refused_notices_are_sent_again_or_dropped_on_request() {
    let mut ledger = Ledger::default();
    let first = report("2026-03-04", "2026-03-11", vec![high("an-1", "2026-03-10", "S3")]);
    ledger.update(&first, now(), &rules());
    let refused = ledger.alerts[0].outbox.remove(0);
    ledger.alerts[0].refused.push(refused);
    assert_eq!(ledger.retry_notices(Some("an-2")), 0);
    assert_eq!(ledger.retry_notices(Some("an-1")), 1);
    assert_eq!((ledger.alerts[0].outbox.len(), ledger.alerts[0].refused.len()), (1, 0));
    assert_eq!(ledger.drop_notices(Some("mail")), 0);
    assert_eq!(ledger.drop_notices(Some("chat")), 1);
    assert_eq!(ledger.drop_notices(None), 0);
}

#[test]
fn only_decisions_made_since_are_adopted() {
    let decision = |note: &str| Decision {
        verdict: Verdict::Acknowledged,
        at: now(),
        until: None,
        note: Some(note.to_owned()),
    };
    let ids = ["an-1", "an-2", "an-3", "an-4"];
    let of = |notes: [Option<&str>; 4]| {
        let mut ledger = Ledger::default();
        for (id, note) in ids.iter().zip(notes) {
            let found = anomaly(id, Severity::High, "2026-03-10", "2026-03-10", true);
            let alert = Alert { decision: note.map(decision), ..Alert::raised(&found, now()) };
            ledger.alerts.push(alert);
        }
        ledger
    };
    let base = of([None, Some("old"), Some("old"), Some("old")]);
    let mut stored = of([Some("new"), Some("new"), Some("old"), None]);
    // The order is not important.
    stored.alerts.reverse();
    let mut job = of([None, Some("old"), Some("mine"), Some("mine")]);
    job.adopt(&base, &stored);
    let notes: Vec<_> =
        job.alerts.iter().map(|a| a.decision.as_ref().and_then(|d| d.note.as_deref())).collect();
    assert_eq!(notes, [Some("new"), Some("new"), Some("mine"), Some("mine")]);
}

#[test]
fn a_closed_alert_that_goes_on_is_raised_again() {
    let spike = || high("an-1", "2026-03-09", "S3");
    let closed = |verdict: Option<Verdict>| {
        let mut ledger = Ledger::default();
        ledger.update(&report("2026-03-03", "2026-03-10", vec![spike()]), now(), &rules());
        if let Some(verdict) = verdict {
            let until = Some(day("2026-04-01"));
            ledger.decide("an-1", Decision { verdict, at: now(), until, note: None }).unwrap();
        }
        // A bill without the charges, then one that has them again.
        ledger.update(&report("2026-03-04", "2026-03-11", Vec::new()), now(), &rules());
        assert_eq!(ledger.alerts[0].status, Status::Withdrawn);
        ledger
    };
    let again = report("2026-03-05", "2026-03-12", vec![spike()]);
    for verdict in [None, Some(Verdict::Acknowledged)] {
        let mut ledger = closed(verdict);
        ledger.reported();
        ledger.alerts[0].outbox.clear();
        assert_eq!(ledger.update(&again, now(), &rules()).raised, ["an-1"], "{verdict:?}");
        assert_eq!(ledger.unreported.raised, ["an-1"]);
        assert_eq!(ledger.alerts[0].outbox[0].id, "an-1.raised.reopened.2026-03-12.chat");
        assert_eq!(ledger.update(&again, now(), &rules()), Changes::default());
        assert_eq!(ledger.alerts[0].outbox.len(), 1);
    }
    for verdict in [Verdict::Resolved, Verdict::Snoozed] {
        let mut ledger = closed(Some(verdict));
        ledger.alerts[0].outbox.clear();
        assert_eq!(ledger.update(&again, now(), &rules()), Changes::default(), "{verdict:?}");
        assert_eq!((ledger.alerts[0].status, events(&ledger).len()), (Status::Open, 0));
    }
}

fn of_account(account: &str) -> Anomaly {
    let scope = Scope { sub_account_id: Some(account.into()), ..Scope::default() };
    Anomaly { scope, ..anomaly("an-1", Severity::High, "2026-03-10", "2026-03-10", true) }
}

/// A ledger with an open alert of account `a` whose last day is 2026-03-10.
fn with_account() -> Ledger {
    let mut ledger = Ledger::default();
    let first = report("2026-03-04", "2026-03-11", vec![of_account("a")]);
    ledger.update(&first, now(), &rules());
    assert_eq!(ledger.open_accounts(), accounts(&["a"]));
    ledger
}

fn used(days: &[(&str, &str)]) -> BTreeMap<String, NaiveDate> {
    days.iter().map(|(account, last)| ((*account).to_owned(), day(last))).collect()
}

#[test]
fn no_alert_of_an_account_is_closed_while_its_usage_is_missing() {
    let without = report("2026-03-08", "2026-03-15", Vec::new());
    let ended =
        report("2026-03-08", "2026-03-15", vec![Anomaly { ongoing: false, ..of_account("a") }]);
    // No usage after the last day of the alert, or none at all.
    for days in [&[("a", "2026-03-10"), ("b", "2026-03-14")][..], &[("b", "2026-03-14")]] {
        for shown in [&without, &ended] {
            let mut ledger = with_account();
            let missing = ledger.use_usage(&used(days), day("2026-03-15"), later(96));
            assert_eq!(missing, [("a".to_owned(), day("2026-03-15"))]);
            assert_eq!(ledger.update(shown, later(96), &rules()), Changes::default());
            let mut next = Ledger::parse(&ledger.to_text().unwrap()).unwrap();
            assert_eq!(next, ledger);
            // The first day without it counts, and after 31 days (2026-04-15) it is forgotten.
            let missing = next.use_usage(&used(days), day("2026-03-15"), later(120));
            assert_eq!(missing, [("a".to_owned(), day("2026-03-15"))]);
            assert_eq!(next.use_usage(&used(days), day("2026-03-15"), later(34 * 24)).len(), 1);
            assert_eq!(next.use_usage(&used(days), day("2026-03-15"), later(35 * 24)).len(), 0);
            assert_eq!(next.update(shown, later(35 * 24), &rules()).closed, ["an-1"]);
            // It is back.
            let back = used(&[("a", "2026-03-14")]);
            assert!(ledger.use_usage(&back, day("2026-03-15"), later(120)).is_empty());
            assert_eq!(ledger.update(shown, later(120), &rules()).closed, ["an-1"]);
        }
    }
}

#[test]
fn an_account_with_usage_after_an_alert_or_on_the_newest_day_is_not_missing() {
    // The service ended, and the account has other usage; or the account is some days late.
    for last in ["2026-03-14", "2026-03-11"] {
        let mut ledger = with_account();
        let last = used(&[("a", last)]);
        assert!(ledger.use_usage(&last, day("2026-03-15"), later(96)).is_empty());
        let without = report("2026-03-08", "2026-03-15", Vec::new());
        assert_eq!(ledger.update(&without, later(96), &rules()).closed, ["an-1"]);
    }
    // The same days, which newer data corrects.
    let mut ledger = with_account();
    let last = used(&[("a", "2026-03-10")]);
    assert!(ledger.use_usage(&last, day("2026-03-11"), now()).is_empty());
    let corrected = report("2026-03-04", "2026-03-11", Vec::new());
    assert_eq!(ledger.update(&corrected, now(), &rules()).closed, ["an-1"]);
}

#[test]
fn a_missing_account_keeps_no_alert_of_another_open() {
    let mut ledger = with_account();
    let other = Anomaly { id: "an-2".into(), ..of_account("b") };
    ledger.update(
        &report("2026-03-04", "2026-03-11", vec![of_account("a"), other]),
        now(),
        &rules(),
    );
    let last = used(&[("b", "2026-03-14")]);
    ledger.use_usage(&last, day("2026-03-15"), later(96));
    let without = report("2026-03-08", "2026-03-15", Vec::new());
    assert_eq!(ledger.update(&without, later(96), &rules()).closed, ["an-2"]);
}

#[test]
fn what_a_killed_run_sent_is_not_sent_again() {
    let mut ledger = Ledger::default();
    let all = ["an-1", "an-2", "an-3"].map(|id| high(id, "2026-03-10", id));
    ledger.update(&report("2026-03-04", "2026-03-11", all.to_vec()), now(), &rules());
    let refused = r#"{"id":"an-2.raised.chat","refused":"answered 400: no"}"#;
    let records =
        [r#"{"id":"an-1.raised.chat"}"#, refused, "{\"id\":", r#"{"id":"an-9.raised.chat"}"#];
    let records = records.map(ToOwned::to_owned);
    ledger.replay(&records);
    let of = |ledger: &Ledger| -> Vec<(usize, usize)> {
        ledger.alerts.iter().map(|a| (a.outbox.len(), a.refused.len())).collect()
    };
    assert_eq!(of(&ledger), [(0, 0), (0, 1), (1, 0)]);
    let notice = &ledger.alerts[1].refused[0];
    assert_eq!((notice.attempts, notice.last_error.as_deref()), (1, Some("answered 400: no")));
    let before = ledger.clone();
    ledger.replay(&records);
    assert_eq!(ledger, before, "a second time changes nothing");
}
