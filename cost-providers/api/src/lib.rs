//! What a provider is: one trait ([`Provider`]), the configuration that opens one
//! ([`ProviderConfig`]), what can be put around one ([`Layer`]), how they fail, and what each must
//! hold ([`conformance`]).
//!
//! Providers are asynchronous, the core is not: what a provider gives is frames of the core, and
//! lines that say what is missing.

mod capability;
mod config;
pub mod conformance;
mod error;
mod gap;
mod joined;
mod layer;
mod limit;
mod log;
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
pub use plan::{PlannedRequest, RequestPlan, RequestsMade};
pub use provider::{Provider, refused};
pub use pulled::{Known, Pulled, Pulling, UsageType};
pub use steps::Steps;
pub use watch::Watch;

#[cfg(test)]
mod tests;
