//! Conversion of query engine failures into bill errors.

use polars::prelude::*;

use super::FocusError;

/// Converts a failure of the query engine into an error that names the file or frame.
pub(crate) fn unreadable(origin: &str, error: &PolarsError) -> FocusError {
    FocusError::Unreadable { origin: origin.to_owned(), message: one_line(&error.to_string()) }
}

/// Returns the first line of the engine's message, and how to fix the problem if that is known.
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
