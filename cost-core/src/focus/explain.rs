//! Failures of a scan as errors that name file, row and column.

use polars::prelude::*;

use super::failure::unreadable;
use super::frame::{FocusFrame, Reading};
use super::origin::Part;
use super::{FocusError, locate};
use crate::money::Currency;
use crate::shield::shield;

impl FocusFrame {
    /// Turns a failure of the engine into one that names file, row and column, by looking for the
    /// cell; or else file and failure, by reading each alone.
    pub(crate) fn explain(&self, error: &PolarsError) -> FocusError {
        let found = locate::first_bad_cell(self.parts()).or_else(|| self.first_failure());
        found.unwrap_or_else(|| unreadable(self.label(), error))
    }

    /// The failure of the first origin that cannot be read, alone, as this bill reads it: by
    /// whichever of the columns it needs.
    fn first_failure(&self) -> Option<FocusError> {
        let reading = Reading { currency: None, as_is: self.is_as_is() };
        locate::origins(self.parts()).into_iter().find_map(|origin| {
            let label = origin.label.clone();
            let alone = match Self::read(vec![Part::from(origin)], self.tag_keys(), &reading) {
                Ok(alone) => alone,
                Err(error) => return Some(error),
            };
            let read = || alone.batches().try_for_each(|batch| batch?.collect().map(drop));
            shield(read).err().map(|e| unreadable(&label, &e))
        })
    }

    /// The error of a bill in several currencies: the first row whose currency differs from the
    /// first row's.
    pub(crate) fn mixed_currency(&self, currencies: &[Currency]) -> FocusError {
        let codes: Vec<String> = currencies.iter().map(ToString::to_string).collect();
        let found = locate::mixed_currency(self.parts(), currencies);
        found.unwrap_or_else(|| {
            self.not_found("BillingCurrency", &format!("has several ({})", codes.join(", ")))
        })
    }

    /// The error of the first row without a currency, or with what is none.
    pub(crate) fn bad_currency(&self) -> FocusError {
        let problem = "has a cell that is not a three-letter ISO 4217 currency code";
        locate::bad_currency(self.parts())
            .unwrap_or_else(|| self.not_found("BillingCurrency", problem))
    }

    /// The error of the first row whose value of a text column is not one of those allowed.
    pub(crate) fn not_allowed(&self, column: &'static str) -> FocusError {
        let problem = "has a value that is not one of those that FOCUS allows";
        locate::not_allowed(self.parts(), column).unwrap_or_else(|| self.not_found(column, problem))
    }

    /// What is wrong with a column of the rows as they were read, where no row that is read again
    /// shows it.
    fn not_found(&self, column: &str, problem: &str) -> FocusError {
        let message = format!(
            "column {column} {problem}, and its row was not found again: was the bill changed while it was read?"
        );
        FocusError::Unreadable { origin: self.label().to_owned(), message }
    }
}
