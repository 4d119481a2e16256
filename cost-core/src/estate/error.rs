//! Error from opening or writing an estate.

use std::path::{Path, PathBuf};

/// Error from opening or writing an estate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EstateError {
    /// A file is missing, unreadable, or cannot be written.
    #[error("{path}: {problem}")]
    File {
        /// Path of the file.
        path: PathBuf,
        /// What is wrong, and what to do.
        problem: String,
    },
}

pub(super) fn failed(path: &Path, problem: impl ToString) -> EstateError {
    EstateError::File { path: path.to_owned(), problem: problem.to_string() }
}
