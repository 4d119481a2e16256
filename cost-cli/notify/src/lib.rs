//! Tells people and programs of cost alerts. One file a channel.
//!
//! A notice waits in the ledger until its channel has taken it: [`deliver`] tries all that wait,
//! writes down after each what became of it, and leaves what failed for the next time. What a
//! program that is killed between sending and writing down has sent is sent again with the same id:
//! receivers tell repeats by it.

mod channel;
mod deliver;
mod email;
mod error;
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
pub use error::NotifyError;
pub use http::Retry;
pub use message::Message;
pub use prometheus::write_metrics;
pub use secret::Secret;
