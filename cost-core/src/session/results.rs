//! Results that a session has computed so far.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::anomaly::Findings;
use crate::header::Header;
use crate::review::{DayCompleteness, QualitySection, SavingsSection, SpendSection};

/// Results that a session has computed so far, each when first needed.
#[derive(Default)]
pub(super) struct Results {
    pub(super) header: OnceLock<Header>,
    pub(super) completeness: OnceLock<Vec<DayCompleteness>>,
    pub(super) account_names: OnceLock<BTreeMap<String, String>>,
    pub(super) quality: OnceLock<QualitySection>,
    pub(super) spend: OnceLock<SpendSection>,
    pub(super) savings: OnceLock<SavingsSection>,
    pub(super) found: OnceLock<Findings>,
    pub(super) earlier: OnceLock<Findings>,
}

/// Returns the value of `cell`, computing it if it is empty. A failure is not stored.
pub(super) fn once<T, E>(cell: &OnceLock<T>, make: impl FnOnce() -> Result<T, E>) -> Result<&T, E> {
    if let Some(known) = cell.get() {
        return Ok(known);
    }
    let value = make()?;
    // Another thread may have been faster; both computed the same value.
    Ok(cell.get_or_init(|| value))
}
