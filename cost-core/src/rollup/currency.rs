//! Currency of a bill, and excluded currencies.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::DataFrame;

use crate::focus::{FocusError, FocusFrame};
use crate::money::Currency;
use crate::text::counted;
use crate::text::quote_cell;

/// Returns the currency of a bill.
pub(super) fn one(frame: &FocusFrame, cube: &DataFrame) -> Result<Currency, FocusError> {
    let column =
        cube.column("BillingCurrency").and_then(|c| c.str()).map_err(|e| frame.explain(&e))?;
    let codes: BTreeSet<Option<&str>> = column.iter().collect();
    let all: Option<Vec<Currency>> = codes.into_iter().map(|code| code?.parse().ok()).collect();
    match all.as_deref() {
        None => Err(frame.bad_currency()),
        Some([]) => Err(frame.nothing_there()),
        Some([one]) => Ok(*one),
        Some(several) => Err(frame.mixed_currency(several)),
    }
}

/// Returns a note on line items that are excluded because one currency was requested; `None` if
/// there are none.
pub(crate) fn other_currencies(asked: Currency, others: &BTreeMap<String, u64>) -> Option<String> {
    let others: Vec<String> = others
        .iter()
        .map(|(code, count)| {
            let code =
                if code.parse::<Currency>().is_ok() { code.clone() } else { quote_cell(code) };
            format!("{} in {code}", counted(*count, "line item"))
        })
        .collect();
    (!others.is_empty())
        .then(|| format!("only charges in {asked} are included: without {}", others.join(", ")))
}
