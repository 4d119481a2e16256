//! What the sections of a report are made from.

use super::options::ReviewOptions;
use crate::check::CheckSet;
use crate::estate::Estate;
use crate::header::Header;
use crate::rollup::Rollup;

/// What the sections of a report are made from: the charges of one currency, and what is known
/// besides.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    /// What is known besides the charges.
    pub(crate) estate: &'a Estate,
    /// The charges.
    pub(crate) rollup: &'a Rollup,
    /// The checks to run.
    pub(crate) checks: &'a CheckSet,
    /// How to look.
    pub(crate) options: &'a ReviewOptions,
    /// The month, and the day it is seen from.
    pub(crate) header: &'a Header,
}
