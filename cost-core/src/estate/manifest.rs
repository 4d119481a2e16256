//! `estate.json`: what an estate is, as of when, and what is missing from it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Version of the directory layout.
pub const FORMAT: u32 = 1;

/// `estate.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Layout version, [`FORMAT`].
    pub format: u32,
    /// What to call it.
    pub name: String,
    /// The day it was pulled: charges up to the day before can be in it.
    pub as_of: NaiveDate,
    /// Tag keys to group by when none are asked for.
    #[serde(default)]
    pub tag_keys: Vec<String>,
    /// What could not be pulled, a line each; the review says it is partial.
    #[serde(default)]
    pub partial: Vec<String>,
    /// What a reader of the bill should know of the files it came from, a line each: those left
    /// out, and what exports do not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}
