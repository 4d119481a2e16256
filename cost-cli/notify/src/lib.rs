//! Tells people and programs of cost alerts. One file a channel.
//!
//! A notice waits in the ledger until its channel has taken it: [`deliver`] tries all that wait, writes down after each what
//! became of it, and leaves what failed for the next time. What a program that is killed between sending and writing down has
//! sent is sent again with the same id: receivers tell repeats by it.

mod channel;
mod deliver;
mod email;
mod http;
mod message;
mod prometheus;
mod secret;
mod slack;
mod teams;
mod webhook;

pub use channel::{Channel, Kind};
pub use deliver::{Failure, deliver};
pub use email::{EmailConfig, Security};
pub use http::Retry;
pub use message::Message;
pub use prometheus::write_metrics;
pub use secret::Secret;

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
