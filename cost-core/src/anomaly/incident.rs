//! Grouping of runs of single series into incidents: runs that show the same cost become one.
//!
//! Point in time: runs are processed in the order in which they were raised, and grouping uses only
//! the days up to then. An incident keeps the day on which its first run was raised, whatever joins
//! it later.

use chrono::NaiveDate;
use rayon::prelude::*;

use super::open::Open;
use super::scan::{Direction, Limits, Run, Scan, scan};
use super::scope::{Level, Scope};
use super::series::{Series, SeriesSet};
use super::settings::Settings;
use super::tagged::{Candidate, Tagged};

/// Days of history that an estate needs before something counts as new.
const WATCHED_DAYS: usize = 14;
/// Share of an excess that another one must make up to count as the same cost.
const SAME_MONEY: f64 = 0.5;
/// Share of the largest excess among an incident's runs that its representative run must have.
const GOOD_EXPLANATION: f64 = 0.6;
/// Largest number of days between the raise dates of runs in one incident.
const TOGETHER_DAYS: usize = 3;

/// Run of one series.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) series: usize,
    pub(super) run: Run,
    /// Whether other runs of the incident explain it: it never represents the incident.
    explained: bool,
}

/// Runs that show the same cost.
#[derive(Clone, Debug)]
pub(super) struct Incident {
    /// Runs in the order in which they were raised.
    pub(super) members: Vec<Member>,
    /// Name of the known event that explains it.
    pub(super) known: Option<String>,
}

impl Incident {
    /// Returns the scopes of its runs; none if it ended before `day`.
    fn scopes_if_open<'a>(&self, set: &'a SeriesSet, day: usize) -> Vec<&'a Scope> {
        let open = self.members.iter().any(|m| m.run.is_open(day));
        let members = self.members.iter().filter(|_| open);
        members.map(|m| &set.series[m.series].scope).collect()
    }
}

/// All incidents in the series of an estate.
pub(super) struct Incidents {
    pub(super) scans: Vec<Scan>,
    pub(super) all: Vec<Incident>,
    pub(super) direction: Direction,
}

/// Searches all series in parallel. The result does not depend on the number of threads.
pub(super) fn find(set: &SeriesSet, direction: Direction, settings: &Settings) -> Incidents {
    find_with(set, direction, settings, Tagged::new(set))
}

fn find_with(
    set: &SeriesSet,
    direction: Direction,
    settings: &Settings,
    mut tagged: Tagged,
) -> Incidents {
    let one = |series: &Series| {
        let t = settings.thresholds_of(&series.scope);
        let share = f64::from(t.floor_per_mille_of_estate) / 1000.0;
        let floors: Vec<f64> =
            set.mean.iter().map(|mean| f64::from(t.floor).max(mean * share)).collect();
        let limits = Limits {
            relative: f64::from(t.relative_pct) / 100.0,
            floor: &floors,
            deviations: f64::from(t.deviations_tenths) / 10.0,
        };
        scan(&series.costs, &set.calendar, WATCHED_DAYS, direction, &limits)
    };
    let scans: Vec<Scan> = set.series.par_iter().map(one).collect();
    let mut found = Incidents { scans, all: Vec::new(), direction };
    let mut runs: Vec<Member> = Vec::new();
    for (series, scan) in found.scans.iter().enumerate() {
        runs.extend(scan.runs.iter().map(|run| Member {
            series,
            run: run.clone(),
            explained: false,
        }));
    }
    runs.sort_by_key(|m| (m.run.raised, std::cmp::Reverse(set.series[m.series].level), m.series));
    let mut open = Open::new(set);
    for member in runs {
        let day = member.run.raised;
        open.advance(day, |at| found.all[at].scopes_if_open(set, day));
        if !found.is_swap(set, &member) {
            found.place(set, settings, (&mut open, &mut tagged), member);
        }
    }
    found.all.retain(|i| !i.members.is_empty());
    found
}

/// Raised anomaly without its causes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raised {
    /// Affected part of the estate.
    pub scope: Scope,
    /// Day on which it was raised.
    pub raised_on: NaiveDate,
    /// First day.
    pub first_day: NaiveDate,
    /// Last day.
    pub last_day: NaiveDate,
}

/// Returns the anomalies that would have been raised in the series of an estate, in order: like
/// [`detect`](super::detect), for callers with series of their own. Point in time as described
/// there. Known events are excluded.
#[must_use]
pub fn raised(set: &SeriesSet, settings: &Settings) -> Vec<Raised> {
    let found = find(set, Direction::Rise, settings);
    let unknown = (0..found.all.len()).filter(|at| found.all[*at].known.is_none());
    let raised_at = |at: usize| {
        let run = &found.stands_for(set, at, usize::MAX).run;
        Raised {
            scope: found.scope(set, at),
            raised_on: set.calendar.day(found.all[at].members[0].run.raised),
            first_day: set.calendar.day(run.first),
            last_day: set.calendar.day(run.last()),
        }
    };
    unknown.map(raised_at).collect()
}

impl Incidents {
    /// Returns the deviation of a series on those of `days` that are not after `until`, in the
    /// searched direction. For something `new`, the expected cost is zero.
    fn excess(
        &self,
        set: &SeriesSet,
        series: usize,
        new: bool,
        days: &[usize],
        until: usize,
    ) -> f64 {
        let sign = if self.direction == Direction::Rise { 1.0 } else { -1.0 };
        let expected = &self.scans[series].expected.value;
        let expected =
            |day: usize| if new { 0.0 } else { expected.get(day).copied().unwrap_or(0.0) };
        let days = days.iter().filter(|day| **day <= until);
        days.map(|day| sign * (set.series[series].costs[*day] - expected(*day))).sum()
    }

    /// Returns the excess of an incident over all its days, from its representative run.
    pub(super) fn total_excess(&self, set: &SeriesSet, at: usize) -> f64 {
        let best = self.stands_for(set, at, usize::MAX);
        self.excess(set, best.series, best.run.new, &best.run.days, usize::MAX)
    }

    /// Returns whether a usage type only replaced others of its account's service while the
    /// service's total cost stayed the same: a new instance type, or a reservation that starts.
    fn is_swap(&self, set: &SeriesSet, member: &Member) -> bool {
        let series = &set.series[member.series];
        let parent = Scope { usage_type: None, ..series.scope.clone() };
        let parent = (series.level == Level::UsageType)
            .then(|| position(set, Level::AccountService, &parent))
            .flatten();
        parent.is_some_and(|parent| {
            let Run { days, raised, new, .. } = &member.run;
            let of_service = self.excess(set, parent, false, days, *raised);
            of_service < SAME_MONEY * self.excess(set, member.series, *new, days, *raised)
        })
    }

    /// Adds a run to one of the `open` incidents or to a new one.
    fn place<'a>(
        &mut self,
        set: &'a SeriesSet,
        settings: &Settings,
        (open, tagged): (&mut Open<'a>, &mut Tagged),
        member: Member,
    ) {
        let is_tag = tagged.takes(set.series[member.series].level);
        let place = if is_tag {
            self.of_tag(set, open, tagged, &member)
        } else {
            self.place_of(set, open, &member)
        };
        if let Some((at, explained)) = place {
            // Several usage types can add up to a service of an account: the share of the excess
            // decides which one represents it.
            let explained = explained && set.series[member.series].level < Level::AccountService;
            self.join(set, open, at, Member { explained, ..member });
            return;
        }
        let Series { scope, level, .. } = &set.series[member.series];
        let day = |at: usize| set.calendar.day(at);
        let known = settings
            .event(scope, day(member.run.first), day(member.run.raised))
            .map(|e| e.name.clone());
        let at = self.all.len();
        open.add(at, scope);
        self.all.push(Incident { members: vec![member], known });
        // Excess that no service of an account explains is reported at the shallowest level that
        // shows it.
        // No other run is within a tag.
        if *level < Level::AccountService && !is_tag {
            self.gather(set, open, at, scope, Some(Level::AccountService));
        }
    }

    /// Returns the open incident that a run belongs to, and whether it explains the run.
    fn place_of(&self, set: &SeriesSet, open: &Open<'_>, member: &Member) -> Option<(usize, bool)> {
        let mut others = open.near(&set.series[member.series].scope);
        others.retain(|at| !self.all[*at].members.is_empty() && !self.has(*at, member.series));
        let part = others.iter().copied().find(|at| self.is_part(set, *at, member));
        part.map(|at| (at, false)).or_else(|| self.explained_by(set, &others, member))
    }

    /// Returns whether an incident has a run of a series.
    fn has(&self, at: usize, series: usize) -> bool {
        self.all[at].members.iter().any(|m| m.series == series)
    }

    /// Returns the same as [`Self::place_of`] for a run of a tag. It is never part of an incident,
    /// and only runs with a similar excess explain it: one with the largest is enough.
    fn of_tag(
        &self,
        set: &SeriesSet,
        open: &Open<'_>,
        tagged: &mut Tagged,
        member: &Member,
    ) -> Option<(usize, bool)> {
        let Run { raised, new, .. } = member.run;
        let days: Vec<usize> = member.run.days.iter().copied().filter(|d| *d <= raised).collect();
        tagged.begin(raised, || self.recent(set, open, raised));
        let excess = |c: &Candidate| self.excess(set, c.series, c.new, &days, raised);
        let Some(ranked) = tagged.ranked(&days, excess) else {
            return self.place_of(set, open, member);
        };
        let mine = self.excess(set, member.series, new, &days, raised);
        let start = ranked.partition_point(|r| mine < SAME_MONEY * r.excess);
        let mut alike = ranked[start..].iter().take_while(|r| r.excess >= SAME_MONEY * mine);
        let alike = alike.find(|r| !self.has(r.incident, member.series));
        let alike = alike.map(|r| (r.incident, r.excess, true));
        let of_estate = tagged.of_estate.iter().filter(|at| !self.has(**at, member.series));
        let of_estate = of_estate.filter_map(|at| {
            let (part, explained) = self.part_of(set, *at, member, mine)?;
            Some((*at, part, explained))
        });
        let best = alike
            .into_iter()
            .chain(of_estate)
            .min_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        best.filter(|(_, part, _)| *part > 0.0).map(|(at, _, explained)| (at, explained))
    }

    /// Returns the runs of open incidents that were raised together with those of a day.
    fn recent(&self, set: &SeriesSet, open: &Open<'_>, day: usize) -> Vec<(Level, Candidate)> {
        let runs = open.all().flat_map(|at| self.all[at].members.iter().map(move |m| (at, m)));
        let recent = runs.filter(|(_, m)| m.run.raised.abs_diff(day) <= TOGETHER_DAYS);
        let candidate = |(incident, m): (usize, &Member)| {
            let level = set.series[m.series].level;
            (level, Candidate { incident, series: m.series, new: m.run.new })
        };
        recent.map(candidate).collect()
    }

    fn join<'a>(&mut self, set: &'a SeriesSet, open: &mut Open<'a>, at: usize, member: Member) {
        let Series { scope, level, .. } = &set.series[member.series];
        open.add(at, scope);
        self.all[at].members.push(member);
        // Several usage types of a service, or services of a new account, that were raised on the
        // same day become one incident.
        let gathers = *level == Level::AccountService
            || (*level == Level::Account && self.is_new_account(set, at));
        if gathers {
            self.gather(set, open, at, scope, None);
        }
    }

    /// Merges incidents within `scope` that were raised on the same day; if `below` is set, only
    /// those at a shallower level.
    fn gather<'a>(
        &mut self,
        set: &'a SeriesSet,
        open: &mut Open<'a>,
        at: usize,
        scope: &Scope,
        below: Option<Level>,
    ) {
        let Some(today) = self.all[at].members.last().map(|m| m.run.raised) else { return };
        let mut others = open.near(scope);
        others.reverse();
        others.retain(|i| {
            let members = &self.all[*i].members;
            let same_day = members.first().is_some_and(|m| m.run.raised == today);
            let fits = |m: &Member| {
                let theirs = &set.series[m.series];
                theirs.scope.is_within(scope) && below.is_none_or(|below| theirs.level < below)
            };
            // The representative is one of the members; to choose it takes longer.
            *i != at
                && same_day
                && members.iter().any(fits)
                && fits(self.stands_for(set, *i, today))
        });
        for other in others {
            let moved = std::mem::take(&mut self.all[other].members);
            for member in &moved {
                open.add(at, &set.series[member.series].scope);
            }
            self.all[at].members.extend(moved);
        }
    }

    fn is_new_account(&self, set: &SeriesSet, at: usize) -> bool {
        self.all[at]
            .members
            .iter()
            .any(|m| m.run.new && set.series[m.series].level == Level::Account)
    }

    /// Returns whether a run belongs to an ongoing incident: it is within it, or next to it in the
    /// same service.
    fn is_part(&self, set: &SeriesSet, at: usize, member: &Member) -> bool {
        let scope = &set.series[member.series].scope;
        let near = |run: &Run| member.run.first.abs_diff(run.raised) <= TOGETHER_DAYS;
        let level = set.series[member.series].level;
        let new_account = self.is_new_account(set, at);
        self.all[at].members.iter().any(|m| {
            let theirs = &set.series[m.series];
            let inside = scope.is_within(&theirs.scope)
                && theirs.level >= Level::AccountService
                && near(&m.run);
            let of_new_account =
                new_account && theirs.level == Level::Account && scope.is_within(&theirs.scope);
            let sibling = level == Level::UsageType
                && theirs.level == Level::UsageType
                && scope.is_next_to(&theirs.scope)
                && member.run.raised.abs_diff(m.run.raised) <= 1;
            inside || sibling || (of_new_account && m.run.is_open(member.run.raised))
        })
    }

    /// Returns the incident that explains most of a run: among those that are within it or overlap
    /// it, and make up enough of it, the one with the largest excess.
    fn explained_by(
        &self,
        set: &SeriesSet,
        open: &[usize],
        member: &Member,
    ) -> Option<(usize, bool)> {
        let Run { days, new, raised, .. } = &member.run;
        let mine = self.excess(set, member.series, *new, days, *raised);
        let mut parts: Vec<(usize, f64, bool)> = Vec::new();
        let mut sum = 0.0;
        for at in open.iter().copied() {
            if let Some((part, explained)) = self.part_of(set, at, member, mine) {
                sum += part.max(0.0);
                parts.push((at, part, explained));
            }
        }
        parts.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let (at, _, explained) = parts.first().filter(|(_, excess, _)| *excess > 0.0)?;
        (sum >= SAME_MONEY * mine).then_some((*at, *explained))
    }

    /// Returns the excess that an incident explains of a run with the excess `mine`, and whether it
    /// explains the run, or the run explains it.
    fn part_of(
        &self,
        set: &SeriesSet,
        at: usize,
        member: &Member,
        mine: f64,
    ) -> Option<(f64, bool)> {
        let Run { days, raised, .. } = &member.run;
        let scope = &set.series[member.series].scope;
        let part = |m: &Member| {
            let theirs = &set.series[m.series].scope;
            let inside = theirs.is_within(scope);
            // What is cheap to compare comes first: these are many.
            if !inside && (scope.is_within(theirs) || !Self::can_meet(set, member, m)) {
                return None;
            }
            // Excess on this run's own days.
            let excess = self.excess(set, m.series, m.run.new, days, *raised);
            let alike = || excess >= SAME_MONEY * mine && mine >= SAME_MONEY * excess;
            let crosses = || alike() && self.meets(set, member, m, mine);
            (inside || crosses()).then_some(excess)
        };
        let part = self.all[at].members.iter().filter_map(part).reduce(f64::max);
        let deepens = || self.deepens(set, at, member, mine).map(|part| (part, false));
        part.map(|part| (part, true)).or_else(deepens)
    }

    /// Returns whether two runs can share cost in their overlap. The series do not split tags:
    /// there, both must have been raised together.
    fn can_meet(set: &SeriesSet, member: &Member, other: &Member) -> bool {
        let (here, there) = (&set.series[member.series].scope, &set.series[other.series].scope);
        let has_tag = here.tag.is_some() || there.tag.is_some();
        here.overlaps(there)
            && (!has_tag || member.run.raised.abs_diff(other.run.raised) <= TOGETHER_DAYS)
    }

    /// Returns whether two overlapping runs that [can meet](Self::can_meet), such as a service and
    /// an account, share the cost in their overlap.
    fn meets(&self, set: &SeriesSet, member: &Member, other: &Member, mine: f64) -> bool {
        let (here, there) = (&set.series[member.series], &set.series[other.series]);
        if here.scope.tag.is_some() || there.scope.tag.is_some() {
            return true;
        }
        let Some(both) = here.scope.and(&there.scope) else { return false };
        let place = Scope {
            sub_account_id: both.sub_account_id,
            service_name: both.service_name,
            ..Scope::default()
        };
        position(set, Level::AccountService, &place).is_some_and(|at| {
            self.excess(set, at, other.run.new, &member.run.days, member.run.raised)
                >= SAME_MONEY * mine
        })
    }

    /// Returns whether a deep run explains an incident that only shallow levels showed so far, and
    /// if so its amount: all of its own excess.
    fn deepens(&self, set: &SeriesSet, at: usize, member: &Member, mine: f64) -> Option<f64> {
        let until = member.run.raised;
        let scope = &set.series[member.series].scope;
        let is_near = |m: &Member| {
            let theirs = &set.series[m.series];
            until.abs_diff(m.run.raised) <= TOGETHER_DAYS
                && theirs.level < Level::AccountService
                && scope.is_within(&theirs.scope)
        };
        // The representative is one of the members; to choose it takes longer.
        if !self.all[at].members.iter().any(is_near) {
            return None;
        }
        let best = self.stands_for(set, at, until);
        let excess = self.excess(set, best.series, best.run.new, &member.run.days, until);
        (is_near(best) && excess >= 0.0 && mine >= SAME_MONEY * excess).then_some(mine.max(excess))
    }

    /// Returns the run that represents an incident, based on the days up to `until`: among runs
    /// that others do not explain, the deepest that makes up most of its excess.
    pub(super) fn stands_for(&self, set: &SeriesSet, at: usize, until: usize) -> &Member {
        let members = &self.all[at].members;
        let level = |m: &Member| set.series[m.series].level;
        if self.is_new_account(set, at) {
            return members.iter().find(|m| level(m) == Level::Account).unwrap_or(&members[0]);
        }
        let own: Vec<&Member> = members.iter().filter(|m| !m.explained).collect();
        let length = |m: &Member| m.run.days.iter().filter(|d| **d <= until).count();
        let longest = own.iter().max_by_key(|m| (length(m), std::cmp::Reverse(m.series)));
        let days = longest.map(|m| m.run.days.as_slice()).unwrap_or_default();
        let excess = |m: &Member| self.excess(set, m.series, m.run.new, days, until);
        let most = own.iter().map(|m| excess(m)).fold(0.0, f64::max);
        let good = own.into_iter().filter(|m| excess(m) >= GOOD_EXPLANATION * most);
        good.max_by_key(|m| (level(m), std::cmp::Reverse(m.series))).unwrap_or(&members[0])
    }

    /// Returns the scope of an incident: the common part of its runs that show the same excess.
    pub(super) fn scope(&self, set: &SeriesSet, at: usize) -> Scope {
        let best = self.stands_for(set, at, usize::MAX);
        let scope = set.series[best.series].scope.clone();
        if self.is_new_account(set, at) {
            return scope;
        }
        let excess = |m: &Member| self.excess(set, m.series, m.run.new, &best.run.days, usize::MAX);
        let (least, most) = (excess(best) * GOOD_EXPLANATION, excess(best) / GOOD_EXPLANATION);
        let others =
            self.all[at].members.iter().filter(|m| set.series[m.series].level != Level::Tag);
        let same = others.filter(|m| (least..=most).contains(&excess(m)));
        same.fold(scope, |scope, m| scope.and(&set.series[m.series].scope).unwrap_or(scope))
    }
}

/// Returns the position of a series in the set.
fn position(set: &SeriesSet, level: Level, scope: &Scope) -> Option<usize> {
    set.series.binary_search_by(|s| (s.level, &s.scope).cmp(&(level, scope))).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::anomaly::{Calendar, Thresholds};

    const DAYS: usize = 40;

    fn text(value: usize) -> String {
        value.to_string()
    }

    /// An estate of usage types with tags, most of which rise on one of three days.
    fn estate(rises: &[(usize, usize, u8)]) -> SeriesSet {
        let mut series: Vec<Series> = Vec::new();
        let mut add = |level: Level, scope: Scope, costs: &[f64]| match series
            .iter_mut()
            .find(|s| s.level == level && s.scope == scope)
        {
            Some(of) => of.costs.iter_mut().zip(costs).for_each(|(sum, cost)| *sum += cost),
            None => series.push(Series { level, scope, costs: costs.to_vec() }),
        };
        for (at, (place, late, by)) in rises.iter().enumerate() {
            let more = |day: usize| if day >= DAYS - 6 + late { f64::from(*by) } else { 0.0 };
            let noise =
                |day: usize| f64::from(u8::try_from((day * 7 + at) % 5).unwrap_or(0)) / 10.0;
            let costs: Vec<f64> = (0..DAYS).map(|day| 20.0 + noise(day) + more(day)).collect();
            let (account, service) = (Some(text(place % 3)), Some(text(place % 4)));
            let own = Scope {
                sub_account_id: account.clone(),
                service_name: service.clone(),
                usage_type: Some(text(at)),
                ..Scope::default()
            };
            add(Level::AccountService, Scope { usage_type: None, ..own.clone() }, &costs);
            add(Level::UsageType, own, &costs);
            let of = |sub_account_id, service_name, tag| Scope {
                sub_account_id,
                service_name,
                tag,
                ..Scope::default()
            };
            add(Level::Account, of(account, None, None), &costs);
            add(Level::Service, of(None, service, None), &costs);
            add(Level::Total, Scope::default(), &costs);
            add(Level::Tag, of(None, None, Some(format!("app={}", at % 5))), &costs);
            add(Level::Tag, of(None, None, Some(format!("id={at}"))), &costs);
        }
        let first = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
        SeriesSet::new(Calendar::new(first, DAYS), series)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        /// Runs of tags are in the same incidents whether their candidates are ranked or not.
        #[test]
        fn ranked_candidates_give_the_same_incidents(
            rises in prop::collection::vec((0..12_usize, 0..3_usize, 0..60_u8), 1..16),
        ) {
            let set = estate(&rises);
            let thresholds = Thresholds { floor: 0, floor_per_mille_of_estate: 0, ..Thresholds::default() };
            let settings = Settings { thresholds, ..Settings::default() };
            for direction in [Direction::Rise, Direction::Drop] {
                let of = |tagged: Tagged| {
                    let found = find_with(&set, direction, &settings, tagged);
                    let members = |i: Incident| -> Vec<(usize, usize, bool)> {
                        i.members.iter().map(|m| (m.series, m.run.raised, m.explained)).collect()
                    };
                    found.all.into_iter().map(members).collect::<Vec<_>>()
                };
                prop_assert_eq!(of(Tagged::new(&set)), of(Tagged::off(&set)));
            }
        }
    }
}
