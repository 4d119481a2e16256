//! Notifications of cost alerts for people and programs. One file per channel.
//!
//! A notice stays in the ledger until its channel has accepted it. [`deliver`] sends all pending
//! notices, records the result after each, and leaves failed ones for the next run. If the program
//! is killed between sending and recording, the notice is sent again with the same ID, so that receivers
//! can detect duplicates.

mod answer;
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
pub use deliver::{Delivery, Failure, deliver};
pub use email::{EmailConfig, Security};
pub use error::NotifyError;
pub use http::Retry;
pub use message::Message;
pub use prometheus::write_metrics;
pub use secret::Secret;
