//! Failures of the engine as errors.

use polars::prelude::*;

use super::FocusError;

/// A failure of the engine, of rows that are called so.
pub(crate) fn unreadable(origin: &str, error: &PolarsError) -> FocusError {
    FocusError::Unreadable { origin: origin.to_owned(), message: one_line(&error.to_string()) }
}

/// The engine's message without its multi-line context, and what to do where that is known.
fn one_line(message: &str) -> String {
    let line = message.lines().map(str::trim).find(|l| !l.is_empty()).unwrap_or("unknown failure");
    let is_parquet = line.starts_with("parquet: ");
    let hint = match line {
        _ if is_parquet => ": the file is damaged, fetch it again",
        _ if line.contains("save the file as UTF-8") => "",
        _ if line.to_lowercase().contains("utf-8") || line.contains("utf8") => {
            "; save the file as UTF-8"
        }
        _ => "",
    };
    format!("{line}{hint}")
}
