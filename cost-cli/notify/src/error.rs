//! Errors of notifications: [`NotifyError`].

/// Reason why a notice was not delivered. Never contains a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotifyError {
    /// A secret is missing at its configured location.
    #[error("{0}")]
    Secret(String),
    /// The receiver rejected the notice.
    #[error("{0}")]
    Refused(String),
    /// The receiver was unreachable or too slow.
    #[error("{0}")]
    Unreachable(String),
    /// The message could not be created.
    #[error("{0}")]
    Message(String),
}

impl NotifyError {
    /// Returns whether an immediate retry can succeed.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Unreachable(_))
    }
}
