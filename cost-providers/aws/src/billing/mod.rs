//! Costs from Cost Explorer, or from cost reports in S3.

mod cache;
mod commitments;
mod explorer;
mod focus;
mod paid;
mod plan;
mod region;
#[cfg(feature = "reports")]
mod reports;
mod resources;

pub use explorer::CostExplorer;
pub use plan::{Plan, Planned};
#[cfg(feature = "reports")]
pub use reports::Reports;
