//! Interface of providers: one trait ([`Provider`]), the configuration that opens a provider
//! ([`ProviderConfig`]), layers around it ([`Layer`]), its errors, and the tests that each provider
//! must pass ([`conformance`]).
//!
//! Providers are asynchronous, the core is not: a provider returns frames of the core, and lines
//! about missing data.

mod capability;
mod config;
pub mod conformance;
mod error;
mod gap;
mod joined;
mod layer;
mod limit;
mod log;
mod patience;
mod plan;
mod provider;
mod pulled;
mod steps;
mod watch;

pub use capability::Capability;
pub use config::{Opening, ProviderConfig, PullScope};
pub use error::{CallError, FailureKind, OverLimit, ProviderError};
pub use gap::{Gap, lines};
pub use joined::Joined;
pub use layer::{Layer, Layered};
pub use limit::SpendLimit;
pub use log::Log;
pub use patience::{GivenUp, Patience};
pub use plan::{PlannedRequest, RequestPlan, RequestsMade};
pub use provider::{Provider, refused};
pub use pulled::{Known, Pulled, Pulling, UsageType};
pub use steps::Steps;
pub use watch::Watch;

#[cfg(test)]
mod tests;
