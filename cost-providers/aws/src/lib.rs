//! Live, read-only access to AWS: the caller, accounts, and regions ([`Aws::connect`]), costs (Cost
//! Explorer, cost reports in S3), inventory, utilization, and list prices. [`AwsConfig`] opens it as
//! a provider, [`AwsProvider`].
//!
//! Cost Explorer is always available. Each other part has a feature, since each service is a
//! separate crate: `inventory`, `utilization`, `prices`, `advice`, `reports` (all by default).
//!
//! Every request is checked against [`operation::OPERATIONS`] before it is sent. The policy
//! ([`policy`]) is generated from the same list.

#[cfg(feature = "advice")]
mod advice;
mod attempt_log;
mod billing;
mod bounded;
mod call;
mod causes;
mod complete_answer;
mod config;
mod connect;
mod credentials;
#[cfg(any(feature = "advice", feature = "inventory", feature = "prices"))]
mod gather;
mod guard;
#[cfg(any(feature = "advice", feature = "inventory", feature = "prices", feature = "utilization"))]
mod instant;
#[cfg(feature = "inventory")]
mod inventory;
pub mod operation;
mod policy;
#[cfg(feature = "prices")]
mod prices;
mod provider;
#[cfg(feature = "utilization")]
mod utilization;
mod whoami;

pub use config::{Accounts, AwsConfig, Costs};
pub use connect::{Account, Aws, Identity};
pub use policy::policy;
pub use provider::AwsProvider;
pub use whoami::{Permission, Permissions};
