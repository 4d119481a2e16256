//! [`Promises`]: what manifests say of the files that count.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cost_core::focus::FileStatus;
use cost_provider_api::ProviderError;

/// Takes what is not read: path, status, what it is, why.
pub(super) type SetAside<'a> = &'a mut dyn FnMut(&Path, FileStatus, &str, String);

/// What a manifest says of a file that counts.
#[derive(Clone, Debug)]
pub(crate) struct Promise {
    /// Its rows, if it says.
    pub(crate) rows: Option<u64>,
    /// The manifest's own path.
    pub(crate) manifest: String,
}

/// What manifests say of files.
pub(crate) type Promises = BTreeMap<PathBuf, Promise>;

/// A file that a manifest names and that is not there.
pub(super) fn missing(manifest: &str, file: &str) -> ProviderError {
    ProviderError::NotFound {
        location: manifest.to_owned(),
        problem: format!("it lists {file}, which does not exist: copy the complete export"),
    }
}
