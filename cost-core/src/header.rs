//! Header of every report: generator, estate, month, and currency.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::money::Currency;
use crate::month::Month;
use crate::rollup::OutlyingCharges;

/// Version of the JSON output. The first number changes with incompatible changes.
pub const SCHEMA_VERSION: &str = "1.0";

/// Header of every report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Header {
    /// [`SCHEMA_VERSION`].
    pub schema_version: String,
    /// Program and version.
    pub generator: String,
    /// Estate that the report covers.
    pub estate: EstateSummary,
    /// Month of the report.
    pub month: Month,
    /// Currency of all amounts.
    pub currency: Currency,
}

/// Estate that the report covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct EstateSummary {
    /// Name of the estate, if it has one.
    pub name: Option<String>,
    /// Report date: charges up to the day before can be included.
    pub as_of: NaiveDate,
    /// Newest FOCUS version whose columns are in the bill.
    pub focus_version: String,
    /// Line items read.
    pub line_items: u64,
    /// First day with a charge.
    pub first_day: NaiveDate,
    /// Last day with a charge.
    pub last_day: NaiveDate,
    /// First day whose charges are hidden, because the bill has charges that started on or after
    /// the requested report date. Omitted if no charges are hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden_from: Option<NaiveDate>,
    /// Charges far outside the days of all others. They do not move the first and last day. Omitted
    /// if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outlying: Vec<OutlyingCharges>,
    /// Data that could not be collected, one line each. If there is any, every figure may be too
    /// low.
    pub partial: Vec<String>,
}
