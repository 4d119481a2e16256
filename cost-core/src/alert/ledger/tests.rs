use super::*;
use rust_decimal::Decimal;

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
        ledger.update(&report("2026-03-08", "2026-03-14", vec![worse.clone()]), now(), &rules());
        ledger.update(
            &report("2026-03-08", "2026-03-15", vec![Anomaly { ongoing: false, ..worse }]),
            now(),
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
