//! Errors of notifications: [`NotifyError`].

/// Reason why a notice was not delivered. Never contains a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotifyError {
    /// A secret is missing at its configured location, or has the wrong form.
    #[error("{0}")]
    Secret(String),
    /// The channel does not work as configured, whatever the notice: a redirect, a wrong
    /// URL, a rejected login.
    #[error("{0}")]
    Misconfigured(String),
    /// The receiver rejected this notice for good.
    #[error("{0}")]
    Refused(String),
    /// The receiver was unreachable, too slow, or asked to try later.
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

    /// Returns whether this notice will never be delivered, although others may be.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::Message(_))
    }
}
