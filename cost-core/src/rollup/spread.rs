//! Spreading of charges longer than a day over their days.
//!
//! A monthly fee or annual support is not the cost of its first day. Its amounts are divided over
//! the days it covers, in proportion to the covered time, exactly: parts are rounded down, and the
//! remaining units (10⁻¹²) go to the days with the largest remainders, earlier days first.
//! `BilledCost` is not divided, because it belongs to the billing period.

const DAY_US: i64 = 86_400_000_000;

/// Longest charge that is spread over its days: the longest commitments have five years (Azure).
/// Longer charges are invalid dates, such as 9999-12-31 for "no end". Days; chosen.
const LONGEST: i64 = 5 * 366;

/// Shortest charge that covers one day: the day on which clocks go forward has 23 hours.
const NEARLY_ONE_DAY: i64 = DAY_US - 3_600_000_000;

/// Longest charge that covers one day, in any time zone: the day on which clocks go back has 25
/// hours.
const ONE_DAY: i64 = DAY_US + 3_600_000_000;

/// Returns whether a charge is too long to be spread over its days. Both instants are in
/// microseconds since 1970, [`i64::MIN`] for null.
#[inline]
pub(super) fn is_endless(start: i64, end: i64) -> bool {
    start != i64::MIN && end.saturating_sub(start) > LONGEST * DAY_US
}

/// Days that a charge covers, and how much of each: a part of the first and the last day, and all
/// of the days between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Days {
    /// First day, days since 1970.
    pub(super) first: i32,
    /// Number of days, at most [`LONGEST`].
    len: u16,
    /// Covered microseconds of the first day.
    of_first: i64,
    /// Covered microseconds of the last day; those of the first if it is the only one.
    of_last: i64,
}

impl Days {
    /// Returns the days from `start` to `end` (exclusive), both in microseconds since 1970; `None`
    /// if they are only the UTC day of the start, or too many.
    ///
    /// A charge that lasts from a time of day to the same time on another day has its midnights
    /// there: its days are those of its own time zone. (Google Cloud bills by days in US Pacific
    /// time; a month starts at 07:00 or 08:00 UTC.)
    pub(super) fn of(start: i64, end: i64) -> Option<Self> {
        // Most charges last an hour or a UTC day.
        let length = end.checked_sub(start)?;
        if length < NEARLY_ONE_DAY || (length <= ONE_DAY && start.rem_euclid(DAY_US) == 0) {
            return None;
        }
        let (start, end, utc_day) = match (midnight(start), midnight(end)) {
            (Some(from), Some(until))
                if (start.rem_euclid(DAY_US) - end.rem_euclid(DAY_US)).abs() <= CLOCKS =>
            {
                (from, until, start.div_euclid(DAY_US))
            }
            _ if length <= ONE_DAY => return None,
            _ => (start, end, start.div_euclid(DAY_US)),
        };
        let (first, last) = (start.div_euclid(DAY_US), end.checked_sub(1)?.div_euclid(DAY_US));
        if (last <= first && first == utc_day) || last - first >= LONGEST {
            return None;
        }
        let weight = |day: i64| end.min((day + 1) * DAY_US) - start.max(day * DAY_US);
        let len = u16::try_from(last - first + 1).ok()?;
        Some(Self {
            first: i32::try_from(first).ok()?,
            len,
            of_first: weight(first),
            of_last: weight(last),
        })
    }

    /// Returns the number of days.
    #[inline]
    pub(super) fn len(self) -> usize {
        usize::from(self.len)
    }

    /// Returns the covered microseconds of each day, in order.
    fn weights(self) -> impl Iterator<Item = i64> {
        let last = self.len - 1;
        (0..self.len).map(move |at| match at {
            0 => self.of_first,
            at if at == last => self.of_last,
            _ => DAY_US,
        })
    }

    /// Returns the part of an amount for each day.
    pub(super) fn parts(self, amount: i128) -> Vec<i128> {
        let total: i128 = self.weights().map(i128::from).sum();
        let (whole, rest) = (amount.div_euclid(total), amount.rem_euclid(total));
        let part = |weight: i64| {
            let of_rest = rest * i128::from(weight);
            (whole * i128::from(weight) + of_rest.div_euclid(total), of_rest.rem_euclid(total))
        };
        let parts: Vec<(i128, i128)> = self.weights().map(part).collect();
        let mut out: Vec<i128> = parts.iter().map(|(part, _)| *part).collect();
        let left = usize::try_from(amount - out.iter().sum::<i128>()).unwrap_or(0);
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by_key(|at| (std::cmp::Reverse(parts[*at].1), *at));
        for at in order.into_iter().take(left) {
            out[at] += 1;
        }
        out
    }
}

/// Time by which clocks change.
const CLOCKS: i64 = 3_600_000_000;

/// Returns the UTC midnight that is nearest to a local midnight; `None` at noon, where both are
/// equally near.
#[inline]
fn midnight(at: i64) -> Option<i64> {
    let (before, time) = (at.div_euclid(DAY_US) * DAY_US, at.rem_euclid(DAY_US));
    match time.cmp(&(DAY_US / 2)) {
        std::cmp::Ordering::Less => Some(before),
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => before.checked_add(DAY_US),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOUR_US: i64 = DAY_US / 24;

    #[test]
    fn a_fee_is_divided_by_the_time_it_covers() {
        // Ten units over three days: 4, 3, 3.
        let days = Days::of(0, 3 * DAY_US).expect("three days");
        assert_eq!((days.first, days.parts(10)), (0, vec![4, 3, 3]));
        assert_eq!(days.parts(-10), [-3, -3, -4]);
        // From noon to noon: half a day, a day, half a day.
        let days = Days::of(DAY_US / 2, 2 * DAY_US + DAY_US / 2).expect("three days");
        assert_eq!(days.parts(8), [2, 4, 2]);
        // From 18:00 until 12:00 two days later: a quarter of a day, a day, half a day.
        let days = Days::of(18 * HOUR_US, 2 * DAY_US + 12 * HOUR_US).expect("three days");
        assert_eq!(
            (days.len(), days.parts(7), days.parts(-7)),
            (3, vec![1, 4, 2], vec![-1, -4, -2])
        );
        assert_eq!(Days::of(0, DAY_US), None, "one day");
        assert_eq!(
            Days::of(DAY_US / 3, DAY_US / 3 + DAY_US),
            None,
            "one day where midnight is another"
        );
        // A month in US Pacific time in which clocks go back, and a day in Japan.
        let month = Days::of(7 * HOUR_US, 30 * DAY_US + 8 * HOUR_US).expect("thirty days");
        assert_eq!((month.first, month.len()), (0, 30));
        let day = Days::of(15 * HOUR_US, DAY_US + 15 * HOUR_US)
            .expect("another day than that of its start");
        assert_eq!((day.first, day.parts(7)), (1, vec![7]));
        assert_eq!(Days::of(0, 9_000 * DAY_US), None, "no charge is that long");
        assert_eq!(Days::of(5, 5), None);
        assert!(
            is_endless(0, 9_000 * DAY_US)
                && !is_endless(0, LONGEST * DAY_US)
                && !is_endless(i64::MIN, 5)
        );
        assert!(!is_endless(0, i64::MIN), "no end");
    }

    proptest! {
        #[test]
        fn nothing_is_lost(start in 0_i64..10 * DAY_US, length in 1_i64..400 * DAY_US, amount in -10_i128.pow(24)..10_i128.pow(24)) {
            if let Some(days) = Days::of(start, start + length) {
                let parts = days.parts(amount);
                prop_assert_eq!(parts.iter().sum::<i128>(), amount);
                prop_assert_eq!(parts.len(), days.len());
                // One unit per microsecond: each day's part is the time that it covers, whatever
                // the parts between are.
                let covered: Vec<i64> = days.weights().collect();
                let whole: i64 = covered.iter().sum();
                let times: Vec<i128> = covered.iter().copied().map(i128::from).collect();
                prop_assert_eq!(days.parts(i128::from(whole)), times);
                prop_assert!(covered.iter().all(|c| (1..=DAY_US).contains(c)));
                prop_assert!(covered.iter().skip(1).rev().skip(1).all(|c| *c == DAY_US));
            }
        }
    }
}
