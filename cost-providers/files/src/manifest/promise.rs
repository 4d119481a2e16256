//! [`Promises`]: row counts and runs that manifests state for the files that count.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cost_core::focus::FileStatus;
use cost_provider_api::ProviderError;

/// Receives files that are not read: path, status, what it is, and why.
pub(super) type SetAside<'a> = &'a mut dyn FnMut(&Path, FileStatus, &str, String);

/// Statement of a manifest about a file that counts.
#[derive(Clone, Debug)]
pub(crate) struct Promise {
    /// Row count, if stated.
    pub(crate) rows: Option<u64>,
    /// Path of the manifest.
    pub(crate) manifest: String,
}

/// Statements of manifests by file.
pub(crate) type Promises = BTreeMap<PathBuf, Promise>;

/// Returns the error for a file that a manifest lists and that does not exist.
pub(super) fn missing(manifest: &str, file: &str) -> ProviderError {
    ProviderError::NotFound {
        location: manifest.to_owned(),
        problem: format!("it lists {file}, which does not exist: copy the complete export"),
    }
}
