//! When storage will be full, from the trend of its use.

use crate::usage::{Metric, Use, as_f64};

/// Use of storage and its trend.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Filling {
    /// Days with measurements.
    pub days: usize,
    /// Used share on the last measured day, percent: maximum of the day.
    pub used_pct: f64,
    /// Growth, percentage points per day: Theil–Sen slope of the daily maxima.
    pub pct_per_day: f64,
    /// Days from the last measured day until the storage is full; `None` if it does not grow.
    pub full_in_days: Option<f64>,
}

/// Smallest growth that counts, percentage points per day. Below, it takes more than 10 years to
/// fill the storage, and rounding in the measurements causes the slope.
const LEAST_GROWTH: f64 = 0.025;

/// Returns the use of a resource's storage and its trend; `None` if it was measured on fewer than
/// two days. The slope is the median of the slopes between all pairs of days (Theil–Sen), so that
/// single days, such as a deletion or an import, do not decide it. Source: P. K. Sen, "Estimates of
/// the regression coefficient based on Kendall's tau", 1968.
#[must_use]
pub fn filling(of: &Use) -> Option<Filling> {
    let mut days: Vec<(i64, f64)> = Vec::new();
    for (hour, value) in of.values(Metric::StorageUsed) {
        let day = hour.div_euclid(24);
        match days.last_mut().filter(|(d, _)| *d == day) {
            Some((_, most)) => *most = most.max(value),
            None => days.push((day, value)),
        }
    }
    let mut slopes = Vec::new();
    for (at, (day, used)) in days.iter().enumerate() {
        for (later, then) in &days[at + 1..] {
            slopes.push((then - used) / as_f64(usize::try_from(later - day).unwrap_or(1)));
        }
    }
    slopes.sort_by(f64::total_cmp);
    let pct_per_day = *slopes.get(slopes.len() / 2)?;
    let (_, used_pct) = *days.last()?;
    let full_in_days =
        (pct_per_day >= LEAST_GROWTH).then(|| (100.0 - used_pct).max(0.0) / pct_per_day);
    Some(Filling { days: days.len(), used_pct, pct_per_day, full_in_days })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn daily(value: impl Fn(u32) -> f64) -> Use {
        let mut of = Use::default();
        for day in 0..28_u32 {
            for hour in 0..24 {
                of.put(Metric::StorageUsed, i64::from(day) * 24 + hour, value(day));
            }
        }
        of
    }

    #[test]
    fn a_steady_growth_says_when_it_is_full() {
        // 60 % on day 0, one point a day: 87 % on day 27, full 13 days later.
        let of = filling(&daily(|day| 60.0 + f64::from(day))).expect("measured");
        assert_eq!(of.days, 28);
        assert!((of.used_pct - 87.0).abs() < 0.01 && (of.pct_per_day - 1.0).abs() < 0.01);
        assert!(of.full_in_days.is_some_and(|days| (days - 13.0).abs() < 0.2), "{of:?}");
    }

    #[test]
    fn single_days_do_not_decide_and_steady_storage_never_fills() {
        let spike = filling(&daily(|day| if day == 20 { 95.0 } else { 40.0 })).expect("measured");
        assert_eq!(spike.full_in_days, None);
        let falling = filling(&daily(|day| 90.0 - f64::from(day))).expect("measured");
        assert_eq!(falling.full_in_days, None);
        assert_eq!(filling(&Use::default()), None);
    }
}
