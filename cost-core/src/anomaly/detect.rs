//! Detection of anomalies with their causes, from the roll-up.

use std::cell::OnceCell;

use chrono::NaiveDate;
use polars::prelude::Expr;
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::cause::{self, Span};
use super::expect::number;
use super::incident::{self, Incidents};
use super::muted::muted;
use super::scan::Direction;
use super::scope::{Level, Scope};
use super::series::{SeriesSet, series};
use super::settings::Settings;
use super::story::{Story, money};
use super::types::{AlsoMoved, Anomaly, Cause, Findings, Kind, Owner, Severity};
use crate::ids::stable_id;
use crate::money::{Currency, Money};
use crate::month::Month;
use crate::rollup::{Part, Parts, QueryError, Rollup};

/// Largest number of other changes that are reported.
const ALSO_MOVED: usize = 3;
/// Deviations of a day that are stored, so that not every anomaly of the day sorts all of them.
const LARGEST_MOVED: usize = 64;
/// Largest number of incidents that are described. Nobody can look into more in a day: then the
/// thresholds are too low. A description takes about 2 ms.
const MOST_INCIDENTS: usize = 10_000;
/// Days at the end of a bill whose cost may still rise: they are never reported as a drop.
const LATE_DAYS: usize = 3;

/// Returns anomalies raised in the half-open range `from..to`, largest excess first, based on all
/// days before `to`. Only usage counts: purchases, taxes, credits, refunds, and corrections never
/// raise an anomaly.
///
/// Point in time: whether and when an anomaly is raised depends only on the days up to that day;
/// how it continues, on the days up to `to`.
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
    let off = muted(rollup, (from, to), set.mean.last().copied(), settings)?;
    let mut findings = Findings { muted: off.all, muted_parts: off.parts, ..Findings::default() };
    let mut parts = Parts::new(rollup);
    for direction in &directions[..if settings.drops { 2 } else { 1 }] {
        let incidents = incident::find(&set, *direction, settings);
        let mut listed: Vec<usize> = Vec::new();
        for (at, incident) in incidents.all.iter().enumerate() {
            let raised = set.calendar.day(incident.members[0].run.raised);
            let late = *direction == Direction::Drop
                && incident.members[0].run.raised + LATE_DAYS >= set.calendar.len();
            if raised < from || late {
                continue;
            }
            match &incident.known {
                Some(event) => {
                    let scope = incidents.scope(&set, at);
                    findings.known.push(format!("{event}: {scope} on {raised}"));
                }
                None => listed.push(at),
            }
        }
        findings.not_listed += listed.len().saturating_sub(MOST_INCIDENTS);
        let listed = largest(listed, |at| incidents.total_excess(&set, at));
        parts.prepare(listed.len())?;
        let assembler = Assembler {
            parts: &parts,
            set: &set,
            incidents: &incidents,
            settings,
            moved: vec![OnceCell::new(); set.calendar.len()],
        };
        let found = listed.into_iter().map(|at| assembler.anomaly(at));
        let found = found.collect::<Result<Vec<_>, _>>()?;
        match direction {
            Direction::Drop => findings.drops = found,
            Direction::Rise => findings.anomalies = found,
        }
    }
    let largest_first = |a: &Anomaly, b: &Anomaly| {
        b.excess.amount().abs().cmp(&a.excess.amount().abs()).then_with(|| a.id.cmp(&b.id))
    };
    findings.anomalies.sort_by(largest_first);
    findings.drops.sort_by(largest_first);
    Ok(findings)
}

/// Returns the incidents that are described: those with the largest excess.
fn largest(listed: Vec<usize>, excess: impl Fn(usize) -> f64) -> Vec<usize> {
    if listed.len() <= MOST_INCIDENTS {
        return listed;
    }
    let mut sized: Vec<(f64, usize)> = listed.into_iter().map(|at| (excess(at), at)).collect();
    sized.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    sized.truncate(MOST_INCIDENTS);
    sized.into_iter().map(|(_, at)| at).collect()
}

struct Assembler<'a> {
    parts: &'a Parts,
    set: &'a SeriesSet,
    incidents: &'a Incidents,
    settings: &'a Settings,
    /// Largest deviations of each day, once they were needed.
    moved: Vec<OnceCell<Vec<(f64, &'a Scope)>>>,
}

impl<'a> Assembler<'a> {
    fn anomaly(&self, at: usize) -> Result<Anomaly, QueryError> {
        let scope = self.incidents.scope(self.set, at);
        let filter = self.settings.watched(scope.filter());
        let calendar = &self.set.calendar;
        let part = self.parts.of(&scope.values())?;
        let currency = part.cube.currency();
        let story = Story::of(&part, &filter, calendar)?;
        let run = &self.incidents.stands_for(self.set, at, usize::MAX).run;
        let kind = self.kind(at);
        let off = story.departure(run, kind)?;
        let days: Vec<NaiveDate> = run.days.iter().map(|d| calendar.day(*d)).collect();
        let raised_on = calendar.day(self.incidents.all[at].members[0].run.raised);
        let ongoing = run.goes_on(calendar.len());
        let excess_pct = off.excess.percent_of(off.expected);
        let share = 100.0 * off.at_peak / self.set.mean[off.peak].max(f64::MIN_POSITIVE);
        let (causes, owners) = explained(&part, kind, &filter, &days, off.excess)?;
        Ok(Anomaly {
            id: self.id(at, kind, raised_on),
            kind,
            severity: Severity::of(share, excess_pct, kind),
            raised_on,
            first_day: calendar.day(run.first),
            last_day: calendar.day(run.last()),
            peak_day: calendar.day(off.peak),
            ongoing,
            days: u32::try_from(run.days.len()).unwrap_or(u32::MAX),
            actual: off.actual,
            expected: off.expected,
            excess: off.excess,
            excess_pct,
            projected_month: ongoing
                .then(|| projected(off.excess, &days, raised_on, calendar.day(calendar.len())))
                .transpose()?,
            peak_actual: off.peak_actual,
            peak_expected: off.peak_expected,
            peak_usual: off.peak_usual,
            basis: off.basis.to_owned(),
            causes,
            owners,
            also_moved: self.also_moved(off.peak, &scope, currency),
            series: story.days_until(run.last(), calendar),
            scope,
        })
    }

    /// Returns an ID that is the same in every run that includes the incident's raise date.
    fn id(&self, at: usize, kind: Kind, raised_on: NaiveDate) -> String {
        let first = &self.set.series[self.incidents.all[at].members[0].series];
        let scope = scope_key(first.level, &first.scope);
        stable_id("an", &[direction_key(kind), &scope, &raised_on.to_string()])
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
        // A service that is new in the estate is also new in its region.
        let new_service =
            |m: &incident::Member| m.run.new && self.set.series[m.series].level == Level::Service;
        if kind == Kind::NewRegion && self.incidents.all[at].members.iter().any(new_service) {
            Kind::NewService
        } else {
            kind
        }
    }

    /// Returns the services of accounts outside the anomaly with the largest deviation on a day.
    fn also_moved(&self, day: usize, scope: &Scope, currency: Currency) -> Vec<AlsoMoved> {
        let outside = |s: &&(f64, &Scope)| scope.and(s.1).is_none();
        let largest = self.moved[day].get_or_init(|| {
            let mut moved = self.moved_on(day);
            moved.truncate(LARGEST_MOVED);
            moved
        });
        let mut moved: Vec<(f64, &Scope)> =
            largest.iter().filter(outside).take(ALSO_MOVED).copied().collect();
        if moved.len() < ALSO_MOVED && largest.len() == LARGEST_MOVED {
            moved = self.moved_on(day).iter().filter(outside).take(ALSO_MOVED).copied().collect();
        }
        moved
            .into_iter()
            .map(|(change, s)| AlsoMoved { scope: s.clone(), change: money(change, currency) })
            .collect()
    }

    /// Returns the deviation of each service of an account on a day, largest first.
    fn moved_on(&self, day: usize) -> Vec<(f64, &'a Scope)> {
        let floor = f64::from(self.settings.thresholds.floor);
        let services = self
            .set
            .series
            .iter()
            .zip(&self.incidents.scans)
            .filter(|(s, _)| s.level == Level::AccountService);
        let mut moved: Vec<(f64, &Scope)> = services
            .filter_map(|(s, scan)| Some((s.costs[day] - scan.expected.value.get(day)?, &s.scope)))
            .filter(|(change, _)| change.abs() > floor)
            .collect();
        moved.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()).then_with(|| a.1.cmp(b.1)));
        moved
    }
}

/// Returns the causes and owners of a rise; empty for a drop.
fn explained(
    part: &Part,
    kind: Kind,
    filter: &Expr,
    days: &[NaiveDate],
    excess: Money,
) -> Result<(Vec<Cause>, Vec<Owner>), QueryError> {
    let Some(range) = Span::new(part, days).filter(|_| kind != Kind::Drop) else {
        return Ok((Vec::new(), Vec::new()));
    };
    let causes = cause::causes(part, filter, &range, excess)?;
    Ok((causes, cause::owners(part, filter, &range, excess)?))
}

fn direction_key(kind: Kind) -> &'static str {
    if kind == Kind::Drop { "drop" } else { "rise" }
}

/// Returns a text that is unique for each series.
fn scope_key(level: Level, scope: &Scope) -> String {
    format!("{level:?} {scope:?}")
}

/// Returns the projected excess of the month in which it was raised, if it continues to the month's
/// end at the same rate.
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
    // A run has anomalous and quiet days, for example all days except weekends: the projection
    // keeps this ratio.
    let a_day = number(days.len()) / span.to_f64().unwrap_or(1.0);
    let share = (number(in_month) + left * a_day) / number(days.len().max(1));
    Ok(excess.try_mul(Decimal::from_f64(share).unwrap_or_default().round_dp(4))?)
}
