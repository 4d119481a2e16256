//! What a session has found out so far.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::anomaly::Findings;
use crate::header::Header;
use crate::review::{DayCompleteness, QualitySection, SavingsSection, SpendSection};

/// What a session has found out so far: each made at its first use.
#[derive(Default)]
pub(super) struct Results {
    pub(super) header: OnceLock<Header>,
    pub(super) completeness: OnceLock<Vec<DayCompleteness>>,
    pub(super) account_names: OnceLock<BTreeMap<String, String>>,
    pub(super) quality: OnceLock<QualitySection>,
    pub(super) spend: OnceLock<SpendSection>,
    pub(super) savings: OnceLock<SavingsSection>,
    pub(super) found: OnceLock<Findings>,
}

/// What `cell` holds; made first if it is empty. A failure is not kept.
pub(super) fn once<T, E>(cell: &OnceLock<T>, make: impl FnOnce() -> Result<T, E>) -> Result<&T, E> {
    if let Some(known) = cell.get() {
        return Ok(known);
    }
    let value = make()?;
    // Another thread may have been faster: both made the same.
    Ok(cell.get_or_init(|| value))
}
