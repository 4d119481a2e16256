//! Live, read-only access to AWS: the caller, accounts, and regions ([`Aws::connect`]), costs (Cost
//! Explorer, cost reports in S3), inventory, utilization, and list prices.
//!
//! Cost Explorer is always available. Each other part has a feature, since each service is a
//! separate crate: `inventory`, `utilization`, `prices`, `advice`, `reports` (all by default).
//!
//! Every request is checked against [`operation::OPERATIONS`] before it is sent. The policy
//! ([`policy`]) is generated from the same list.

#[cfg(feature = "advice")]
mod advice;
mod billing;
mod call;
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
#[cfg(feature = "utilization")]
mod utilization;
mod whoami;
mod whole;

#[cfg(feature = "reports")]
pub use billing::Reports;
pub use billing::{CostExplorer, Plan, Planned};
pub use connect::{Account, Accounts, Aws, Identity, Options, Progress};
pub use guard::Counts;
pub use policy::policy;
#[cfg(feature = "prices")]
pub use prices::{Offerings, PriceList};
#[cfg(feature = "utilization")]
pub use utilization::CloudWatch;
pub use whoami::{Permission, Permissions};
