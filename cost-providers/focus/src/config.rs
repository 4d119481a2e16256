//! [`FilesConfig`]: which files a bill is read from.

use cost_bill_files::Choice;
use cost_provider_api::{Opening, Provider, ProviderConfig, PullScope};
use serde::{Deserialize, Serialize};

use crate::FocusFiles;

/// Which files a bill is read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilesConfig {
    /// A file, a folder (searched with its sub-folders), or a glob such as
    /// `bills/2026-*/*.parquet`.
    pub location: String,
    /// Globs, of which a file's path, or its end, must match one; all files if there are none.
    #[serde(default)]
    pub only: Vec<String>,
    /// Where files hold the same charges, read the newest.
    #[serde(default)]
    pub newest: bool,
}

impl FilesConfig {
    /// All files of a location.
    #[must_use]
    pub fn new(location: impl Into<String>) -> Self {
        Self { location: location.into(), only: Vec::new(), newest: false }
    }

    /// The same, but only files whose path, or its end, matches one of these globs; all if there
    /// are none.
    #[must_use]
    pub fn only(self, only: impl IntoIterator<Item = String>) -> Self {
        Self { only: only.into_iter().collect(), ..self }
    }

    /// The same, but where files hold the same charges the newest is read, or that is an error.
    #[must_use]
    pub fn newest(self, newest: bool) -> Self {
        Self { newest, ..self }
    }

    /// The bill in the files.
    #[must_use]
    pub fn files(&self) -> FocusFiles {
        let (only, newest) = (self.only.clone(), self.newest);
        FocusFiles::new(&self.location).choosing(Choice { only, newest, ..Choice::default() })
    }
}

impl ProviderConfig for FilesConfig {
    /// All charges of the files, whatever the months of the scope.
    fn open<'a>(&'a self, _: &'a PullScope) -> Opening<'a> {
        Box::pin(async {
            let files: Box<dyn Provider> = Box::new(self.files());
            Ok(files)
        })
    }
}
