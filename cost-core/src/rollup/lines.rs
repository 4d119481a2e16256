//! Properties that distinguish line items, besides their texts.

use super::codes::day_code;
use super::fingerprint::{Fingerprint, HOUR, NEARLY_A_DAY, Prints, hours};
use super::guard::Print;
use super::sketch::timed;

/// Properties of a line item besides its texts: its time and its cost.
pub(super) struct Lines<'a> {
    pub(super) start: &'a [i64],
    pub(super) end: &'a [i64],
    pub(super) utc_day: &'a [i32],
    pub(super) day: &'a [i32],
    /// `BilledCost` and `EffectiveCost` only: prices and quantities may be filled in later.
    pub(super) amounts: [&'a [i128]; 2],
}

impl Lines<'_> {
    /// Returns whether a row has a billed or effective cost.
    #[inline]
    pub(super) fn has_cost(&self, row: usize) -> bool {
        self.amounts.iter().any(|a| a[row] != 0)
    }

    /// Returns the fingerprint of a row, from the fingerprints of its combinations.
    #[inline]
    pub(super) fn print(&self, row: usize, [common, own, resource]: [Prints; 3]) -> Print {
        let (start, end) = (self.start[row], self.end[row]);
        let hours = hours(start, end);
        let mut key = Fingerprint::of(common.key, resource.key);
        key.add(u64::from(day_code(self.utc_day[row])));
        let mut print = Fingerprint::of(common.all, own.all);
        print.add(resource.all);
        print.add(start.cast_unsigned());
        print.add(end.cast_unsigned());
        let mut amounts = Fingerprint::of(0, 0);
        self.amounts.iter().for_each(|a| amounts.add_amount(a[row]));
        let amounts = amounts.finish();
        print.add(amounts);
        Print {
            row: timed(print.finish(), start.div_euclid(HOUR)),
            key: timed(key.finish(), i64::from(self.day[row]) * 24),
            amounts,
            day: self.day[row],
            hours: Fingerprint::of(start.cast_unsigned(), hours).short(),
            is_long: hours >= NEARLY_A_DAY,
        }
    }
}
