//! Weekly schedules: when a resource can be off, from its hourly usage.

use chrono::{DateTime, Datelike, Timelike};

use crate::usage::{Metric, Use, as_f64};

/// Hours per week.
pub(crate) const WEEK_HOURS: usize = 168;
const DAY_HOURS: usize = 24;
/// Hours that it stays on before the first and after the last hour of use, for starting and for
/// late users.
const MARGIN_HOURS: usize = 1;

/// Days of a week before its weekend: Monday to Friday.
const WEEKDAYS: usize = 5;
/// Weeks in which an hour of the week must have been used to count as regular.
const RHYTHM_WEEKS: usize = 2;

/// Simple weekly schedule: on from one hour to another, the same on all weekdays that are not off,
/// and the same on both weekend days, if they are not off.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Weekly {
    /// For each day, Monday first: the first hour on and the hour after the last, UTC; `None` for a
    /// day that is off.
    pub(crate) on: [Option<(usize, usize)>; 7],
    /// Observed weeks.
    pub(crate) weeks: usize,
    /// Observed hours of use that would have been off.
    pub(crate) missed_hours: usize,
    /// Share of the observed hours of use, percent, that would have been off.
    pub(crate) missed_pct: f64,
}

impl Weekly {
    /// Returns the shortest schedule with all use that recurred in another week. Use in only one
    /// week, such as at a month's end, counts as missed. `None` if fewer than two weeks were
    /// observed, or not every hour of them.
    #[must_use]
    pub(crate) fn of(of: &Use, metric: Metric, idle: f64) -> Option<Self> {
        let mut seen = [0_usize; WEEK_HOURS];
        let mut used = [0_usize; WEEK_HOURS];
        for (hour, value) in of.values(metric) {
            let slot = slot(hour)?;
            seen[slot] += 1;
            used[slot] += usize::from(value > idle);
        }
        let weeks = seen.iter().copied().min().filter(|w| *w >= RHYTHM_WEEKS)?;
        let hours = |day: usize| {
            (0..DAY_HOURS).filter(move |hour| used[day * DAY_HOURS + hour] >= RHYTHM_WEEKS)
        };
        let window = |days: std::ops::Range<usize>| {
            let (first, last) = (days.clone().flat_map(hours).min()?, days.flat_map(hours).max()?);
            Some((first.saturating_sub(MARGIN_HOURS), (last + 1 + MARGIN_HOURS).min(DAY_HOURS)))
        };
        let (weekdays, weekend) = (window(0..WEEKDAYS), window(WEEKDAYS..7));
        let on: [Option<(usize, usize)>; 7] = std::array::from_fn(|day| {
            hours(day).next()?;
            if day < WEEKDAYS { weekdays } else { weekend }
        });
        let within = |slot: usize| {
            on[slot / DAY_HOURS].is_some_and(|(a, b)| (a..b).contains(&(slot % DAY_HOURS)))
        };
        let all: usize = used.iter().sum();
        let missed_hours = (0..WEEK_HOURS).filter(|s| !within(*s)).map(|s| used[s]).sum();
        Some(Self {
            on,
            weeks,
            missed_hours,
            missed_pct: 100.0 * as_f64(missed_hours) / as_f64(all.max(1)),
        })
    }

    /// Returns the hours per week that it is off.
    #[must_use]
    pub(crate) fn off_hours(&self) -> usize {
        WEEK_HOURS - self.on.iter().flatten().map(|(first, end)| end - first).sum::<usize>()
    }

    /// Returns the schedule as text: `Mon to Fri 06–19 UTC`.
    #[must_use]
    /// Returns the days with the same hours: days as AWS schedules name them, the first hour on, and
    /// the hour after the last.
    pub(crate) fn groups(&self) -> Vec<(String, usize, usize)> {
        const DAYS: [&str; 7] = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];
        let mut groups: Vec<(String, usize, usize)> = Vec::new();
        for (day, hours) in DAYS.iter().zip(self.on) {
            let Some((from, to)) = hours else { continue };
            match groups.iter_mut().find(|(_, f, t)| (*f, *t) == (from, to)) {
                Some((days, ..)) => {
                    days.push(',');
                    days.push_str(day);
                }
                None => groups.push(((*day).to_owned(), from, to)),
            }
        }
        groups
    }

    pub(crate) fn text(&self) -> String {
        const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        let mut parts: Vec<(usize, usize, (usize, usize))> = Vec::new();
        for (day, hours) in self.on.iter().enumerate().filter_map(|(d, h)| Some((d, (*h)?))) {
            match parts.last_mut().filter(|(_, last, same)| *last + 1 == day && *same == hours) {
                Some((_, last, _)) => *last = day,
                None => parts.push((day, day, hours)),
            }
        }
        let name = |(first, last, (from, to)): &(usize, usize, (usize, usize))| {
            let days = if first == last {
                DAYS[*first].to_owned()
            } else {
                format!("{} to {}", DAYS[*first], DAYS[*last])
            };
            format!("{days} {from:02}–{to:02}")
        };
        if parts.is_empty() {
            return "never".to_owned();
        }
        format!("{} UTC", parts.iter().map(name).collect::<Vec<_>>().join(", "))
    }
}

/// Returns the hour of the week for an hour since 1970.
fn slot(hour: i64) -> Option<usize> {
    let at = DateTime::from_timestamp(hour * 3600, 0)?;
    let day = usize::try_from(at.weekday().num_days_from_monday()).ok()?;
    Some(day * DAY_HOURS + usize::try_from(at.hour()).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four weeks from Monday 1970-01-05.
    fn weeks(value: impl Fn(usize, usize, usize) -> f64) -> Use {
        let mut of = Use::default();
        for (at, hour) in (96..96 + 4 * 168).enumerate() {
            of.put(Metric::CpuMax, hour, value(at / 168, at / 24 % 7, at % 24));
        }
        of
    }

    fn at_work(day: usize, hour: usize) -> bool {
        day < 5 && (8..17).contains(&hour)
    }

    fn plan(used: impl Fn(usize, usize, usize) -> bool) -> Weekly {
        let of = weeks(|week, day, hour| if used(week, day, hour) { 40.0 } else { 1.0 });
        Weekly::of(&of, Metric::CpuMax, 5.0).unwrap()
    }

    #[test]
    fn working_hours_are_found() {
        let plan = plan(|_, day, hour| at_work(day, hour));
        assert_eq!(plan.text(), "Mon to Fri 07–18 UTC");
        assert_eq!((plan.weeks, plan.off_hours(), plan.missed_hours), (4, 168 - 55, 0));
    }

    #[test]
    fn days_share_their_hours() {
        // A day earlier or later than the others makes all of them longer; one that is not worked
        // stays off.
        let early = |day: usize, hour: usize| (day == 1 && hour == 5) || (day == 5 && hour == 10);
        assert_eq!(
            plan(|_, day, hour| (day != 2 && at_work(day, hour)) || early(day, hour)).text(),
            "Mon to Tue 04–18, Thu to Fri 04–18, Sat 09–12 UTC"
        );
    }

    #[test]
    fn what_happened_in_one_week_only_is_missed() {
        let once = |week: usize, day: usize, hour: usize| week == 2 && day == 6 && hour == 3;
        let with_once = plan(|week, day, hour| at_work(day, hour) || once(week, day, hour));
        assert_eq!((with_once.on[6], with_once.missed_hours), (None, 1));
        // The two last days of a month: nothing of it comes back.
        let closing = plan(|week, day, _| week == 3 && day >= 5);
        assert_eq!((closing.off_hours(), closing.missed_pct), (WEEK_HOURS, 100.0));
        assert_eq!(plan(|_, _, _| false).text(), "never");
    }

    #[test]
    fn less_than_two_weeks_are_no_rhythm() {
        let mut of = Use::default();
        for hour in 96..96 + 300 {
            of.put(Metric::CpuMax, hour, 1.0);
        }
        assert_eq!(Weekly::of(&of, Metric::CpuMax, 5.0), None);
    }
}
