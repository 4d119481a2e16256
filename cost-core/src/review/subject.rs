//! Input of the sections of a report.

use super::options::ReviewOptions;
use crate::check::CheckSet;
use crate::estate::Estate;
use crate::header::Header;
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
