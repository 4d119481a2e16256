//! [`NotifyError`].

/// Why a notice did not get through. Never holds a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotifyError {
    /// A secret is not where it is said to be.
    #[error("{0}")]
    Secret(String),
    /// The receiver did not take it.
    #[error("{0}")]
    Refused(String),
    /// The receiver could not be reached, or was too slow.
    #[error("{0}")]
    Unreachable(String),
    /// The message could not be made.
    #[error("{0}")]
    Message(String),
}

impl NotifyError {
    /// Whether it can get through if it is tried again at once.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Unreachable(_))
    }
}
