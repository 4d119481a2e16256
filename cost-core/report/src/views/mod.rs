//! Views: each turns one result into documents. A new report is one file here.

mod anomalies;
mod checks;
mod commitments;
mod conformance;
mod exchange;
mod explain;
mod incident;
mod page;
mod playbook;
mod provider;
mod pull;
mod purchase_advice;
mod quality;
mod review;
mod risks;
mod runbook;
mod savings;
mod savings_tracking;
mod sizing;
mod tuning;
mod words;

pub use anomalies::Anomalies;
pub(crate) use checks::Catalogue;
pub use checks::{Checks, checks_pages};
pub use commitments::Commitments;
pub use conformance::Validation;
pub(crate) use explain::ExplainReport;
pub use explain::Explanation;
pub use pull::{PullReport, Requests};
pub use review::Reviews;
pub use savings::SavingsReports;
pub use savings_tracking::SavingsTracking;
pub(crate) use sizing::SizingReport;
pub use sizing::SizingRules;
pub use tuning::Tried;
