//! `estate.json`: name and date of an estate, and data that is missing from it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

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
