//! What every report starts with: who made it, and what it is of.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::money::Currency;
use crate::month::Month;

/// Version of the JSON output: the first number changes when a reader of the old one would break.
pub const SCHEMA_VERSION: &str = "1.0";

/// What every report starts with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Header {
    /// [`SCHEMA_VERSION`].
    pub schema_version: String,
    /// Program and version.
    pub generator: String,
    /// What was reviewed.
    pub estate: EstateSummary,
    /// The month.
    pub month: Month,
    /// The one currency of all amounts.
    pub currency: Currency,
}

/// What was reviewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct EstateSummary {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// The day looked from: charges up to the day before can be in it.
    pub as_of: NaiveDate,
    /// Newest FOCUS version whose columns are in the bill.
    pub focus_version: String,
    /// Line items read.
    pub line_items: u64,
    /// First day with a charge.
    pub first_day: NaiveDate,
    /// Last day with a charge.
    pub last_day: NaiveDate,
    /// What could not be collected, a line each; if there is any, every number may be too low.
    pub partial: Vec<String>,
}
