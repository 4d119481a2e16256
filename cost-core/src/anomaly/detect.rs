//! From the roll-up to anomalies with their causes.

use chrono::NaiveDate;
use polars::prelude::Expr;
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::cause::{self, Span};
use super::expect::{Basis, Calendar, Expected, expect, number};
use super::incident::{self, Incidents};
use super::scan::Direction;
use super::scope::{Level, Scope};
use super::series::{SeriesSet, cost_of, series};
use super::settings::Settings;
use super::types::{AlsoMoved, Anomaly, Cause, Findings, Kind, Owner, SeriesDay, Severity};
use crate::ids::stable_id;
use crate::money::{Currency, Money};
use crate::month::Month;
use crate::rollup::{QueryError, Rollup};

/// Days of the series that go with an anomaly.
const SERIES_DAYS: usize = 42;
/// What else moved that is told of.
const ALSO_MOVED: usize = 3;
/// Days at the end of a bill that may still grow: they are never called a drop.
const LATE_DAYS: usize = 3;

/// Anomalies that were raised in the half-open range `from..to`, largest excess first, as all days
/// before `to` show them. Usage only: purchases, taxes, credits, refunds and corrections never
/// alarm.
///
/// Point in time: whether and when an anomaly is raised is decided by the days up to that day; how
/// it went on, by the days up to `to`.
///
/// # Errors
/// [`QueryError`].
pub fn detect(
    rollup: &Rollup,
    from: NaiveDate,
    to: NaiveDate,
    settings: &Settings,
) -> Result<Findings, QueryError> {
    let set = series(rollup, to, settings)?;
    let directions = [Direction::Rise, Direction::Drop];
    let mut findings = Findings::default();
    for direction in &directions[..if settings.drops { 2 } else { 1 }] {
        let incidents = incident::find(&set, *direction, settings);
        let teller = Teller { rollup, set: &set, incidents: &incidents, settings };
        for (at, incident) in incidents.all.iter().enumerate() {
            let raised = set.calendar.day(incident.members[0].run.raised);
            let late = *direction == Direction::Drop
                && incident.members[0].run.raised + LATE_DAYS >= set.calendar.len();
            if raised < from || late {
                continue;
            }
            if let Some(event) = &incident.known {
                findings.known.push(format!("{event}: {} on {raised}", incidents.scope(&set, at)));
            } else if *direction == Direction::Drop {
                findings.drops.push(teller.tell(at)?);
            } else {
                findings.anomalies.push(teller.tell(at)?);
            }
        }
    }
    let largest_first = |a: &Anomaly, b: &Anomaly| {
        b.excess.amount().abs().cmp(&a.excess.amount().abs()).then_with(|| a.id.cmp(&b.id))
    };
    findings.anomalies.sort_by(largest_first);
    findings.drops.sort_by(largest_first);
    Ok(findings)
}

struct Teller<'a> {
    rollup: &'a Rollup,
    set: &'a SeriesSet,
    incidents: &'a Incidents,
    settings: &'a Settings,
}

/// The daily costs of a part of the estate, exact and for statistics, with what was to be expected
/// of them.
struct Story {
    exact: Vec<Money>,
    expected: Expected,
    start: usize,
}

impl Teller<'_> {
    fn tell(&self, at: usize) -> Result<Anomaly, QueryError> {
        let incident = &self.incidents.all[at];
        let scope = self.incidents.scope(self.set, at);
        let filter = self.settings.watched(scope.filter());
        let story = self.story(&filter)?;
        let calendar = &self.set.calendar;
        let currency = self.rollup.cube.currency();
        let first = &incident.members[0];
        let id_scope = &self.set.series[first.series];
        let run = &self.incidents.stands_for(self.set, at, usize::MAX).run;
        let kind = self.kind(at);
        let from_nothing = kind.is_new() && story.start >= run.first;
        let expected = |day: usize| if from_nothing { 0.0 } else { story.expected.value[day] };
        let days: Vec<NaiveDate> = run.days.iter().map(|d| calendar.day(*d)).collect();
        let actual = Money::try_sum(run.days.iter().map(|d| story.exact[*d]), currency)?;
        let expected_sum = money(run.days.iter().map(|d| expected(*d)).sum(), currency);
        let excess = actual.try_sub(expected_sum)?;
        let sign = if kind == Kind::Drop { -1.0 } else { 1.0 };
        let off = |day: usize| sign * (cost_of(&story.exact[day]) - expected(day));
        let peak =
            run.days.iter().copied().max_by(|a, b| off(*a).total_cmp(&off(*b)).then(b.cmp(a)));
        let peak = peak.unwrap_or(run.raised);
        let ongoing = run.goes_on(calendar.len());
        let excess_pct = excess.percent_of(expected_sum);
        let share = 100.0 * off(peak) / self.set.mean[peak].max(f64::MIN_POSITIVE);
        let (causes, owners) = self.explained(kind, &filter, &days, excess)?;
        let raised_on = calendar.day(first.run.raised);
        let usual = expected(peak) + sign * run.usual;
        Ok(Anomaly {
            id: stable_id(
                "an",
                &[
                    direction_key(kind),
                    &scope_key(id_scope.level, &id_scope.scope),
                    &raised_on.to_string(),
                ],
            ),
            kind,
            severity: Severity::of(share, excess_pct, kind),
            raised_on,
            first_day: calendar.day(run.first),
            last_day: calendar.day(run.last()),
            peak_day: calendar.day(peak),
            ongoing,
            days: u32::try_from(run.days.len()).unwrap_or(u32::MAX),
            actual,
            expected: expected_sum,
            excess,
            excess_pct,
            projected_month: ongoing
                .then(|| projected(excess, &days, raised_on, calendar.day(calendar.len())))
                .transpose()?,
            peak_actual: story.exact[peak],
            peak_expected: money(expected(peak), currency),
            peak_usual: money(usual.max(0.0), currency),
            basis: basis(if from_nothing { None } else { Some(story.expected.basis[peak]) })
                .to_owned(),
            causes,
            owners,
            also_moved: self.also_moved(peak, &scope, currency),
            series: days_before(&story, calendar, run.last(), currency),
            scope,
        })
    }

    /// What a rise is made of, and whose it is; nothing of a drop.
    fn explained(
        &self,
        kind: Kind,
        filter: &Expr,
        days: &[NaiveDate],
        excess: Money,
    ) -> Result<(Vec<Cause>, Vec<Owner>), QueryError> {
        let Some(range) = Span::new(self.rollup, days).filter(|_| kind != Kind::Drop) else {
            return Ok((Vec::new(), Vec::new()));
        };
        let causes = cause::causes(self.rollup, filter, &range, excess)?;
        Ok((causes, cause::owners(self.rollup, filter, &range, excess)?))
    }

    fn story(&self, filter: &Expr) -> Result<Story, QueryError> {
        let calendar = &self.set.calendar;
        let currency = self.rollup.cube.currency();
        let mut exact = vec![Money::zero(currency); calendar.len()];
        for group in self.rollup.cube.sum_by(&["ChargeDay"], filter.clone())? {
            let Ok(day) = group.key(0).parse::<NaiveDate>() else { continue };
            let index = usize::try_from(day.signed_duration_since(calendar.day(0)).num_days()).ok();
            if let Some(cell) = index.and_then(|i| exact.get_mut(i)) {
                *cell = group.amounts.effective;
            }
        }
        let costs: Vec<f64> = exact.iter().map(cost_of).collect();
        let start = costs.iter().position(|c| *c > 0.0).unwrap_or(0);
        Ok(Story { expected: expect(&costs, start, calendar), exact, start })
    }

    fn kind(&self, at: usize) -> Kind {
        if self.incidents.direction == Direction::Drop {
            return Kind::Drop;
        }
        let new = self.incidents.all[at].members.iter().filter(|m| m.run.new);
        let kind = new.map(|m| match self.set.series[m.series].level {
            Level::Account => Kind::NewAccount,
            Level::ServiceRegion => Kind::NewRegion,
            Level::Service | Level::AccountService => Kind::NewService,
            Level::UsageType => Kind::NewUsageType,
            Level::Total | Level::Tag => Kind::Rise,
        });
        let kind = kind.max().unwrap_or(Kind::Rise);
        // A service that is new everywhere is new in its region too.
        let new_service =
            |m: &incident::Member| m.run.new && self.set.series[m.series].level == Level::Service;
        if kind == Kind::NewRegion && self.incidents.all[at].members.iter().any(new_service) {
            Kind::NewService
        } else {
            kind
        }
    }

    /// The services of accounts outside the anomaly that were most off on a day.
    fn also_moved(&self, day: usize, scope: &Scope, currency: Currency) -> Vec<AlsoMoved> {
        let floor = f64::from(self.settings.thresholds.floor);
        let services = self
            .set
            .series
            .iter()
            .zip(&self.incidents.scans)
            .filter(|(s, _)| s.level == Level::AccountService);
        let outside = services.filter(|(s, _)| scope.and(&s.scope).is_none());
        let mut moved: Vec<(f64, &Scope)> = outside
            .filter_map(|(s, scan)| Some((s.costs[day] - scan.expected.value.get(day)?, &s.scope)))
            .filter(|(change, _)| change.abs() > floor)
            .collect();
        moved.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()).then_with(|| a.1.cmp(b.1)));
        moved.truncate(ALSO_MOVED);
        moved
            .into_iter()
            .map(|(change, s)| AlsoMoved { scope: s.clone(), change: money(change, currency) })
            .collect()
    }
}

fn direction_key(kind: Kind) -> &'static str {
    if kind == Kind::Drop { "drop" } else { "rise" }
}

/// A text that differs for each series.
fn scope_key(level: Level, scope: &Scope) -> String {
    format!("{level:?} {scope:?}")
}

/// An expectation as money, to the cent: it is an estimate, more digits would pretend.
fn money(value: f64, currency: Currency) -> Money {
    Money::new(Decimal::from_f64(value).unwrap_or_default().round_dp(2), currency)
}

/// The excess of the month in which it was raised, if it goes on to its end as it did so far.
fn projected(
    excess: Money,
    days: &[NaiveDate],
    raised: NaiveDate,
    until: NaiveDate,
) -> Result<Money, QueryError> {
    let month = Month::of(raised);
    let in_month = days.iter().filter(|d| Month::of(**d) == month).count();
    let left = month
        .end()
        .signed_duration_since(until.max(month.first_day()))
        .num_days()
        .max(0)
        .to_f64()
        .unwrap_or(0.0);
    let span = days
        .first()
        .zip(days.last())
        .map_or(1, |(a, b)| b.signed_duration_since(*a).num_days() + 1);
    // A run has days off and quiet days between them, such as all but the weekends: it goes on in
    // the same proportion.
    let a_day = number(days.len()) / span.to_f64().unwrap_or(1.0);
    let share = (number(in_month) + left * a_day) / number(days.len().max(1));
    Ok(excess.try_mul(Decimal::from_f64(share).unwrap_or_default().round_dp(4))?)
}

/// The basis in words; `None` for something that was not there before.
fn basis(basis: Option<Basis>) -> &'static str {
    match basis {
        None => "nothing like it before",
        Some(Basis::Unknown | Basis::ShortHistory) => {
            "less than five weeks of history: twice the usual limits"
        }
        Some(Basis::Weekly) => "the same weekday of the last six weeks",
        Some(Basis::Monthly) => "the same weekday, and the same day of the months before",
        Some(Basis::Sparse) => "mostly nothing: held against the largest of the half year before",
    }
}

fn days_before(
    story: &Story,
    calendar: &Calendar,
    last: usize,
    currency: Currency,
) -> Vec<SeriesDay> {
    let from = (last + 1).saturating_sub(SERIES_DAYS);
    let known = |day: usize| story.expected.basis[day] != Basis::Unknown;
    let one = |day: usize| SeriesDay {
        day: calendar.day(day),
        cost: story.exact[day],
        expected: known(day).then(|| money(story.expected.value[day], currency)),
    };
    (from..=last).map(one).collect()
}
