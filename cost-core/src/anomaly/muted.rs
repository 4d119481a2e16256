//! Settings that turn off monitoring: of all usage, or of a part for a long time.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use polars::prelude::{Expr, lit};

use super::expect::number;
use super::scope::Scope;
use super::series::cost_of;
use super::settings::{KnownEvent, MOST_RELATIVE_PCT, Settings, Thresholds};
use crate::rollup::{QueryError, Rollup, days_in};

/// Days from which on known events, one after the other, are said to turn off monitoring. Chosen
/// (ADR 0043): planned changes end within a month.
const LONG_EVENT_DAYS: i64 = 31;
/// Multiple of the mean daily cost, of the estate or of the part of a rule, from which on a floor is
/// said to turn off monitoring. Chosen: such a day would cost more than a week.
const SILENT_FLOOR: f64 = 10.0;

/// What settings turn off, one line each.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Muted {
    /// All usage.
    pub(super) all: Vec<String>,
    /// Parts of the estate, or all usage unless its cost rises several times over.
    pub(super) parts: Vec<String>,
}

/// Returns the settings that turn off monitoring on the days of `from..to`. `mean` is the estate's
/// mean daily cost before the last day, in the bill's currency, if the bill has any day.
pub(super) fn muted(
    rollup: &Rollup,
    (from, to): (NaiveDate, NaiveDate),
    mean: Option<f64>,
    settings: &Settings,
) -> Result<Muted, QueryError> {
    let mut out = Muted::default();
    let usage = || settings.watched(Scope::default().filter().and(days_in("ChargeDay", from, to)));
    let lines = |of: Expr| Ok::<_, QueryError>(rollup.cube.total(of)?.line_items);
    if !settings.exclude.is_empty() {
        let all = Scope::default().filter().and(days_in("ChargeDay", from, to));
        if lines(all)? > 0 && lines(usage())? == 0 {
            out.all.push(
                "no usage is monitored: anomalies.exclude matches all usage on these days"
                    .to_owned(),
            );
        }
    }
    by_thresholds(settings.thresholds_of(&Scope::default()), mean, &mut out);
    by_rules(rollup, to, mean, settings, &mut out)?;
    let spans = spans(&settings.events, from, to);
    if let Some(span) = spans.iter().find(|s| *s.scope == Scope::default()) {
        out.all.push(format!(
            "no anomaly can be raised: {} the entire estate from {} to {}; limit it to a part of the estate",
            span.cover(),
            span.first,
            span.last
        ));
        return Ok(out);
    }
    let outside =
        |filter: Expr, s: &Span<'_>| filter.and(s.scope.filter().fill_null(lit(false)).not());
    if !spans.is_empty() && lines(usage())? > 0 {
        if lines(spans.iter().fold(usage(), outside))? == 0 {
            let names: Vec<&str> = spans.iter().flat_map(|s| s.names.iter().copied()).collect();
            out.all.push(format!(
                "no anomaly can be raised: the events {} together cover all usage on these days",
                quoted(&names)
            ));
            return Ok(out);
        }
        out.parts.extend(spans.iter().map(Span::of_part));
    }
    Ok(out)
}

/// Adds what the thresholds of the entire estate turn off.
fn by_thresholds(t: Thresholds, mean: Option<f64>, out: &mut Muted) {
    if t.relative_pct > MOST_RELATIVE_PCT {
        out.all.push(format!(
            "no anomaly can be raised: the threshold of {} % is above {MOST_RELATIVE_PCT} %",
            t.relative_pct
        ));
    }
    // The default is no decision of anybody, also in a small estate.
    let is_set = t.floor > Thresholds::default().floor;
    let Some(mean) = mean.filter(|mean| is_set && *mean > 0.0) else { return };
    let floor = f64::from(t.floor);
    let above =
        format!("a floor of {} a day is above the estate's mean cost of {mean:.2} a day", t.floor);
    if floor > mean * SILENT_FLOOR {
        out.all.push(format!(
            "no anomaly can be raised: {above}, and more than {SILENT_FLOOR} times as much"
        ));
    } else if floor > mean {
        out.parts
            .push(format!("{above}: only days that cost more than twice as much are reported"));
    }
}

/// Adds the parts that a rule's floor turns off: it is more than [`SILENT_FLOOR`] times the part's
/// mean daily cost before `to`. A part without cost is not one, and neither is the entire estate, which
/// has its own texts. `mean` is the estate's mean daily cost.
fn by_rules(
    rollup: &Rollup,
    to: NaiveDate,
    mean: Option<f64>,
    settings: &Settings,
    out: &mut Muted,
) -> Result<(), QueryError> {
    let Some((first, end)) = rollup.cube.day_range().map(|(first, end)| (first, end.min(to)))
    else {
        return Ok(());
    };
    let days = number(usize::try_from(end.signed_duration_since(first).num_days()).unwrap_or(0));
    let scopes: BTreeSet<&Scope> =
        settings.rules.iter().map(|r| &r.scope).filter(|s| **s != Scope::default()).collect();
    for scope in scopes {
        let Some(floor) = floor_of_rules(settings, scope, mean.unwrap_or(0.0)) else { continue };
        let of = settings.watched(scope.filter().and(days_in("ChargeDay", first, end)));
        let by_day = rollup.cube.sum_by(&["ChargeDay"], of)?;
        // From its first day on: a part that has just begun is not small.
        let begun = by_day.iter().find_map(|g| g.key(0).parse::<NaiveDate>().ok());
        let since = begun.map_or(days, |begun| {
            number(usize::try_from(end.signed_duration_since(begun).num_days()).unwrap_or(0))
        });
        let sum = by_day.iter().map(|g| cost_of(&g.amounts.effective)).sum::<f64>();
        let own = sum / since.max(1.0);
        out.parts.extend(silent(scope, floor, own));
    }
    Ok(())
}

/// Returns the floor that rules set for a part, per day: the larger of both kinds; `None` if they do
/// not raise it above the default.
fn floor_of_rules(settings: &Settings, scope: &Scope, mean: f64) -> Option<f64> {
    let (t, default) = (settings.thresholds_of(scope), Thresholds::default());
    let fixed = (t.floor > default.floor).then(|| f64::from(t.floor));
    let share = (t.floor_per_mille_of_estate > default.floor_per_mille_of_estate)
        .then(|| mean * f64::from(t.floor_per_mille_of_estate) / 1000.0);
    fixed.into_iter().chain(share).reduce(f64::max)
}

/// Returns that a floor turns off a part with a mean daily cost, if it does.
fn silent(scope: &Scope, floor: f64, mean: f64) -> Option<String> {
    (mean > 0.0 && floor > mean * SILENT_FLOOR).then(|| {
        format!(
            "no anomaly of {scope} can be raised: a floor of {floor:.0} a day is more than {SILENT_FLOOR} times its mean cost of {mean:.2} a day; lower the floor in anomalies.rules, or use anomalies.exclude if that is intended"
        )
    })
}

/// Known events of one scope that follow each other without a day between them.
struct Span<'a> {
    scope: &'a Scope,
    names: Vec<&'a str>,
    first: NaiveDate,
    last: NaiveDate,
}

impl Span<'_> {
    fn cover(&self) -> String {
        match self.names.as_slice() {
            [name] => format!("the event `{name}` covers"),
            names => format!("the events {} cover", quoted(names)),
        }
    }

    fn of_part(&self) -> String {
        format!(
            "{} is not monitored since {}: {} it until {}; end the event, or use anomalies.exclude if that is intended",
            self.scope,
            self.first,
            self.cover(),
            self.last
        )
    }
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Returns the spans that cover all days of `from..to` and are longer than a month.
fn spans(events: &[KnownEvent], from: NaiveDate, to: NaiveDate) -> Vec<Span<'_>> {
    let mut events: Vec<&KnownEvent> = events.iter().collect();
    events.sort_by(|a, b| {
        (&a.scope, a.first_day, a.last_day).cmp(&(&b.scope, b.first_day, b.last_day))
    });
    let mut all: Vec<Span<'_>> = Vec::new();
    for event in events {
        let after = |day: NaiveDate| day.succ_opt().unwrap_or(day);
        match all.last_mut() {
            Some(span) if *span.scope == event.scope && event.first_day <= after(span.last) => {
                span.names.push(&event.name);
                span.last = span.last.max(event.last_day);
            }
            _ => all.push(Span {
                scope: &event.scope,
                names: vec![&event.name],
                first: event.first_day,
                last: event.last_day,
            }),
        }
    }
    all.retain(|s| {
        s.first <= from
            && to <= s.last.succ_opt().unwrap_or(s.last)
            && s.last.signed_duration_since(s.first).num_days() >= LONG_EVENT_DAYS
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anomaly::Rule;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn event(name: &str, first: &str, last: &str, service: Option<&str>) -> KnownEvent {
        let scope = Scope { service_name: service.map(str::to_owned), ..Scope::default() };
        KnownEvent { name: name.into(), first_day: day(first), last_day: day(last), scope }
    }

    #[test]
    fn events_one_after_the_other_are_one() {
        let count =
            |events: &[KnownEvent]| spans(events, day("2026-11-12"), day("2026-11-19")).len();
        let (a, b) = (
            event("a", "2026-10-15", "2026-11-14", None),
            event("b", "2026-11-15", "2026-12-10", None),
        );
        assert_eq!(count(&[b.clone(), a.clone()]), 1);
        assert_eq!((count(std::slice::from_ref(&a)), count(&[b])), (0, 0));
        // A day between them, and another scope.
        assert_eq!(count(&[a.clone(), event("c", "2026-11-16", "2026-12-10", None)]), 0);
        assert_eq!(count(&[a, event("d", "2026-11-15", "2026-12-10", Some("EC2"))]), 0);
        let long = [event("e", "2020-11-10", "2099-12-10", Some("EC2"))];
        let found = spans(&long, day("2026-11-12"), day("2026-11-19"));
        let said = found[0].of_part();
        assert!(
            said.contains("is not monitored since 2020-11-10: the event `e` covers it"),
            "{said}"
        );
    }

    #[test]
    fn a_floor_that_silences_a_part_is_said() {
        let scope = Scope { service_name: Some("EC2".to_owned()), ..Scope::default() };
        let said = silent(&scope, 4_000_000_000.0, 20.0).unwrap();
        assert!(
            said.starts_with("no anomaly of service EC2 can be raised: a floor of 4000000000 a"),
            "{said}"
        );
        assert!(silent(&scope, 201.0, 20.0).is_some());
        // Ten times the mean, and a part that costs nothing.
        assert_eq!((silent(&scope, 200.0, 20.0), silent(&scope, 200.0, 0.0)), (None, None));
        let rule = |floor, floor_per_mille_of_estate| Rule {
            scope: scope.clone(),
            relative_pct: None,
            floor,
            floor_per_mille_of_estate,
            deviations_tenths: None,
        };
        let floor = |rules: Vec<Rule>| {
            floor_of_rules(&Settings { rules, ..Settings::default() }, &scope, 1_000.0)
        };
        assert_eq!(floor(vec![rule(Some(10), None), rule(None, Some(1))]), None);
        assert_eq!(floor(vec![rule(Some(300), None)]), Some(300.0));
        // 2,000 thousandths of the estate's 1,000 a day.
        assert_eq!(floor(vec![rule(Some(300), Some(2_000))]), Some(2_000.0));
        // The last rule counts.
        assert_eq!(floor(vec![rule(Some(300), None), rule(Some(10), None)]), None);
    }

    #[test]
    fn a_rule_of_a_part_is_compared_with_the_cost_of_the_part() {
        let rollup = crate::rollup::roll_up(&crate::example::bill().unwrap()).unwrap();
        let (first, end) = rollup.cube.day_range().unwrap();
        let of = |floor, service: &str| {
            let scope = Scope { service_name: Some(service.to_owned()), ..Scope::default() };
            let rules = vec![Rule {
                scope,
                relative_pct: None,
                floor: Some(floor),
                floor_per_mille_of_estate: None,
                deviations_tenths: None,
            }];
            let settings = Settings { rules, ..Settings::default() };
            muted(&rollup, (first, end), Some(100.0), &settings).unwrap()
        };
        // 1.53 USD a day.
        let service = "Amazon Simple Storage Service";
        let found = of(16, service);
        assert_eq!((found.all.len(), found.parts.len()), (0, 1), "{found:?}");
        assert!(found.parts[0].contains("mean cost of 1.53 a day"), "{found:?}");
        assert_eq!(of(15, service), Muted::default());
        assert_eq!(of(u32::MAX, "no such service"), Muted::default());
    }

    #[test]
    fn thresholds_above_everything_are_said() {
        let counts = |floor, relative_pct, mean| {
            let mut out = Muted::default();
            let t = Thresholds { relative_pct, floor, ..Thresholds::default() };
            by_thresholds(t, Some(mean), &mut out);
            (out.all.len(), out.parts.len())
        };
        assert_eq!(counts(4_000_000_000, 25, 20.0), (1, 0));
        assert_eq!(counts(201, 25, 20.0), (1, 0));
        assert_eq!(counts(200, 25, 20.0), (0, 1));
        assert_eq!(counts(20, 25, 20.0), (0, 0));
        // The default in an estate of a few dollars.
        assert_eq!(counts(10, 25, 0.5), (0, 0));
        assert_eq!(counts(10, 10_001, 20.0), (1, 0));
    }
}
