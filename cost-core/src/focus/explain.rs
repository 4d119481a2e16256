//! Conversion of scan failures into errors that name file, row, and column.

use polars::prelude::*;

use super::failure::unreadable;
use super::frame::{FocusFrame, Reading};
use super::origin::Part;
use super::{FocusError, locate};
use crate::money::Currency;
use crate::shield::shield;

impl FocusFrame {
    /// Turns a failure of the query engine into an error that names file, row, and column, by
    /// searching for the cell. If no cell is found, reads each file individually to name the file.
    pub(crate) fn explain(&self, error: &PolarsError) -> FocusError {
        let found = locate::first_bad_cell(self.parts()).or_else(|| self.first_failure());
        found.unwrap_or_else(|| unreadable(self.label(), error))
    }

    /// Returns the failure of the first file that cannot be read individually, using the columns
    /// that this bill needs.
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

    /// Returns the error of a bill in several currencies, with the first row whose currency differs
    /// from the first row's.
    pub(crate) fn mixed_currency(&self, currencies: &[Currency]) -> FocusError {
        let codes: Vec<String> = currencies.iter().map(ToString::to_string).collect();
        let found = locate::mixed_currency(self.parts(), currencies);
        found.unwrap_or_else(|| {
            self.not_found("BillingCurrency", &format!("has several ({})", codes.join(", ")))
        })
    }

    /// Returns the error for the first row with a missing or invalid currency.
    pub(crate) fn bad_currency(&self) -> FocusError {
        let problem = "has a cell that is not a three-letter ISO 4217 currency code";
        locate::bad_currency(self.parts())
            .unwrap_or_else(|| self.not_found("BillingCurrency", problem))
    }

    /// Returns the error for the first row whose value of a text column is not allowed.
    pub(crate) fn not_allowed(&self, column: &'static str) -> FocusError {
        let problem = "has a value that FOCUS does not allow";
        locate::not_allowed(self.parts(), column).unwrap_or_else(|| self.not_found(column, problem))
    }

    /// Returns the error for a column whose bad row is not found when the rows are read again.
    fn not_found(&self, column: &str, problem: &str) -> FocusError {
        let message = format!(
            "column {column} {problem}, but the row was not found on the second read; check whether the bill changed while it was read"
        );
        FocusError::Unreadable { origin: self.label().to_owned(), message }
    }
}
