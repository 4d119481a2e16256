//! `estate.json`: name and date of an estate, and data that is missing from it.

use std::path::Path;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::error::{EstateError, failed};
use super::layout::MAX_LIST_BYTES;
use crate::file::read_text;

/// Version of the folder layout.
pub const FORMAT: u32 = 1;

/// Manifest of an estate, `estate.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Layout version, [`FORMAT`].
    pub format: u32,
    /// Name of the estate.
    pub name: String,
    /// Day of the pull: charges up to the day before can be included.
    pub as_of: NaiveDate,
    /// Tag keys to group by if none are requested.
    #[serde(default)]
    pub tag_keys: Vec<String>,
    /// Data that could not be pulled, one line each. The review then is partial.
    #[serde(default)]
    pub partial: Vec<String>,
    /// Notes on the files of the bill, one line each: excluded files, and data that exports do not
    /// contain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// Reads a manifest.
///
/// # Errors
/// [`EstateError`]: it cannot be read, is not a manifest, or another version wrote it.
pub(super) fn read(path: &Path) -> Result<Manifest, EstateError> {
    #[derive(Deserialize)]
    struct Version {
        format: u32,
    }
    let text = read_text(path, MAX_LIST_BYTES).map_err(|e| failed(path, e))?;
    let other = |e: serde_json::Error| failed(path, format!("not a manifest: {e}"));
    let version: Version = serde_json::from_str(&text).map_err(other)?;
    if version.format != FORMAT {
        let problem = format!(
            "layout version {} is not supported, {FORMAT} is; use the version of cost that wrote the \
             estate, or move it away and pull it again",
            version.format
        );
        return Err(failed(path, problem));
    }
    serde_json::from_str(&text).map_err(other)
}
