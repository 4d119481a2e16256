//! AWS, live and read-only: who asks and of which accounts and regions ([`Aws::connect`]), costs (Cost Explorer, cost reports in
//! S3), what exists, how busy it is, what it costs at list price.
//!
//! Every request is held to [`operation::OPERATIONS`] before it is sent; the policy ([`policy`]) is made from the same list.

mod advice;
mod billing;
mod call;
mod connect;
mod guard;
mod inventory;
pub mod operation;
mod policy;
mod prices;
mod utilization;
mod whoami;
mod whole;

pub use billing::{CostExplorer, Plan, Planned, Reports};
pub use connect::{Account, Accounts, Aws, Identity, Options, Progress};
pub use guard::Counts;
pub use policy::policy;
pub use prices::PriceList;
pub use utilization::CloudWatch;
pub use whoami::{Permission, Permissions};
