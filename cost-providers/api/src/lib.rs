//! What every billing provider gives, and how it fails.

use cost_core::focus::{FocusError, FocusFrame};

/// A source of line items: files here, a cloud's API elsewhere.
pub trait BillingSource {
    /// Where the bill comes from, for messages.
    fn describe(&self) -> String;

    /// The line items, checked and still lazy, with the chosen tag keys kept.
    ///
    /// # Errors
    /// [`ProviderError`].
    fn bill(&self, tag_keys: &[String]) -> Result<FocusFrame, ProviderError>;
}

/// Why a provider could not deliver.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProviderError {
    /// Nothing to read there.
    #[error("{location}: {problem}")]
    NotFound {
        /// Path, glob, or address asked for.
        location: String,
        /// What was looked for, and what to do.
        problem: String,
    },
    /// It is there, but cannot be read.
    #[error("{location}: {problem}")]
    Unreadable {
        /// File.
        location: String,
        /// What is wrong with it, and what to do.
        problem: String,
    },
    /// It can be read, but is no usable bill.
    #[error(transparent)]
    Focus(#[from] FocusError),
}
