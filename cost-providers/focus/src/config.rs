//! [`FilesConfig`]: selection of the files of a bill.

use cost_bill_files::Choice;
use cost_provider_api::{Opening, Provider, ProviderConfig, PullScope};
use serde::{Deserialize, Serialize};

use crate::FocusFiles;

/// Selection of the files of a bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FilesConfig {
    /// Path of a file, a folder (searched with its subfolders), or a glob such as
    /// `bills/2026-*/*.parquet`.
    pub location: String,
    /// Globs. The path of a file, or its end, must match one of them; without globs, all files are
    /// read.
    #[serde(default)]
    pub only: Vec<String>,
    /// Whether to read the newest of files with the same charges.
    #[serde(default)]
    pub newest: bool,
}

impl FilesConfig {
    /// Creates a configuration for all files of a location.
    #[must_use]
    pub fn new(location: impl Into<String>) -> Self {
        Self { location: location.into(), only: Vec::new(), newest: false }
    }

    /// Selects only files whose path, or its end, matches one of these globs; all files without
    /// globs.
    #[must_use]
    pub fn only(self, only: impl IntoIterator<Item = String>) -> Self {
        Self { only: only.into_iter().collect(), ..self }
    }

    /// Sets whether the newest of files with the same charges is read. Otherwise they are an error.
    #[must_use]
    pub fn newest(self, newest: bool) -> Self {
        Self { newest, ..self }
    }

    /// Returns the bill in the files.
    #[must_use]
    pub fn files(&self) -> FocusFiles {
        let (only, newest) = (self.only.clone(), self.newest);
        FocusFiles::new(&self.location).choosing(Choice { only, newest, ..Choice::default() })
    }
}

impl ProviderConfig for FilesConfig {
    /// Opens all charges of the files, regardless of the months of the scope.
    fn open<'a>(&'a self, _: &'a PullScope) -> Opening<'a> {
        Box::pin(async {
            let files: Box<dyn Provider> = Box::new(self.files());
            Ok(files)
        })
    }
}
