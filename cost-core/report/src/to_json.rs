//! Results as JSON. JSON can also go to terminals, so invisible characters and characters that
//! change the text direction are written as `\uXXXX`, which is the same value.

use cost_core::text::json_text;
use schemars::JsonSchema;
use serde::Serialize;

use crate::report::ReportError;

/// One report, or one report per currency if the bill has several currencies.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "{T}ByCurrency")]
pub(crate) enum ByCurrency<'a, T> {
    /// Report of a bill in one currency.
    One(&'a T),
    /// Reports of a bill in several currencies.
    Several {
        /// One report per currency, in the order of their codes. Amounts in different currencies
        /// are never added.
        currencies: &'a [T],
    },
}

/// Returns the reports of a bill, one per currency, as JSON.
pub(crate) fn by_currency<T: Serialize>(reports: &[T]) -> Result<String, ReportError> {
    match reports {
        [one] => pretty(&ByCurrency::One(one)),
        several => pretty(&ByCurrency::Several { currencies: several }),
    }
}

/// Returns any result as JSON.
pub(crate) fn pretty(result: &impl Serialize) -> Result<String, ReportError> {
    Ok(json_text(result)? + "\n")
}
