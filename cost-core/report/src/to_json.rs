//! Results as JSON. It goes to terminals as well: characters that are invisible or turn the
//! direction of text are written as `\uXXXX`, which is the same value.

use cost_core::text::json_text;
use schemars::JsonSchema;
use serde::Serialize;

use crate::report::ReportError;

/// A report, or of a bill in several currencies one for each.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "{T}ByCurrency")]
pub(crate) enum ByCurrency<'a, T> {
    /// Of a bill in one currency.
    One(&'a T),
    /// Of a bill in several.
    Several {
        /// One for each currency, in the order of their codes. Amounts of several are never added.
        currencies: &'a [T],
    },
}

/// Reports of a bill, one a currency, as JSON.
pub(crate) fn by_currency<T: Serialize>(reports: &[T]) -> Result<String, ReportError> {
    match reports {
        [one] => pretty(&ByCurrency::One(one)),
        several => pretty(&ByCurrency::Several { currencies: several }),
    }
}

/// Any result as JSON.
pub(crate) fn pretty(result: &impl Serialize) -> Result<String, ReportError> {
    Ok(json_text(result)? + "\n")
}
