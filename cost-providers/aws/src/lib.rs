//! AWS, live and read-only: who asks and of which accounts and regions ([`Aws::connect`]), costs
//! (Cost Explorer, cost reports in S3), what exists, how busy it is, what it costs at list price.
//! [`AwsConfig`] opens it as a provider, [`AwsProvider`].
//!
//! Cost Explorer is always there; all else is behind a feature, since each service is a crate of
//! its own: `inventory`, `utilization`, `prices`, `advice`, `reports` (all by default).
//!
//! Every request is held to [`operation::OPERATIONS`] before it is sent; the policy ([`policy`]) is
//! made from the same list.

#[cfg(feature = "advice")]
mod advice;
mod billing;
mod call;
mod config;
mod connect;
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
mod told;
#[cfg(feature = "utilization")]
mod utilization;
mod whoami;
mod whole;

pub use config::{Accounts, AwsConfig, Costs};
pub use connect::{Account, Aws, Identity};
pub use policy::policy;
pub use provider::AwsProvider;
pub use whoami::{Permission, Permissions};
