//! Input of the sections of a report.

use super::options::ReviewOptions;
use crate::check::CheckSet;
use crate::estate::Estate;
use crate::header::Header;
use crate::month::Month;
use crate::rollup::Rollup;

/// Input of the sections of a report: the charges of one currency, and the other data of the
/// estate.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    /// Data of the estate besides charges.
    pub(crate) estate: &'a Estate,
    /// Charges.
    pub(crate) rollup: &'a Rollup,
    /// Checks to run.
    pub(crate) checks: &'a CheckSet,
    /// Options.
    pub(crate) options: &'a ReviewOptions,
    /// Month and report date.
    pub(crate) header: &'a Header,
}

impl Subject<'_> {
    /// Returns the month from which savings are computed: the month under review, or the month
    /// before if it is not over and the bill has all of that. A few days are no month of 730 h.
    pub(super) fn savings_month(&self) -> Month {
        let (month, before) = (self.header.month, self.header.month.minus(1));
        let is_running = self.header.estate.as_of < month.end();
        if is_running && self.header.estate.first_day <= before.first_day() {
            before
        } else {
            month
        }
    }
}
